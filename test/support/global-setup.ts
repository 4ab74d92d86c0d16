import type { TestProject } from 'vitest/node'
import { migratedImage } from './image.ts'
import { makeTemplate, type Template } from './template.ts'

/** What a test starts its database from: a file to load into PGlite, or a server database to copy. */
export type DatabaseSource =
  | { readonly kind: 'image'; readonly path: string }
  | ({ readonly kind: 'template' } & Template)

declare module 'vitest' {
  interface ProvidedContext {
    database: DatabaseSource
  }
}

/** Prepares, once for the whole run, a migrated database for tests to start from. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const url = process.env.DATABASE_URL
  if (!url) {
    project.provide('database', { kind: 'image', path: await migratedImage() })
    return undefined
  }
  const { template, drop } = await makeTemplate(url)
  project.provide('database', { kind: 'template', ...template })
  return drop
}
