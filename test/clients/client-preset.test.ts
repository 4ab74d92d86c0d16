import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { scratchFolder } from '../support/shell.ts'

// The configuration of GraphQL Code Generator in docs/api.md, as a client uses it.

const root = join(import.meta.dirname, '../..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)
const run = promisify(execFile)

const compilerOptions = {
  target: 'es2022',
  lib: ['es2024', 'dom'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  resolveJsonModule: true,
  skipLibCheck: true,
}

/** A project for a bundler, and one whose modules Node runs. */
const projects = {
  'tsconfig.bundler.json': { module: 'esnext', moduleResolution: 'bundler' },
  'tsconfig.node.json': { module: 'nodenext' },
}

/** A field of each scalar; the operations of the project use no Date. */
const AFFILIATIONS = 'query Affiliations { person(slug: "a") { id affiliations { from to } } }'

/** Compiles only if each scalar has exactly the documented type: "any" would be equal to none. */
const USE = `
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core'
import { ask } from './ask.ts'
import {
  AffiliationsDocument,
  ArticlePageDocument,
  ArticleToEditDocument,
  EmbargoArticleDocument,
} from './gql/graphql.ts'
import './gql/index.ts'
import './screen.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <Same extends true>(_same?: Same) => {}

type Page = NonNullable<ResultOf<typeof ArticlePageDocument>['article']>
same<Equal<Page['publishedAt'], string>>()
same<Equal<Page['id'], string>>()
type Edited = NonNullable<ResultOf<typeof ArticleToEditDocument>['article']>
same<Equal<Edited['draft'], unknown>>()
type Position = NonNullable<ResultOf<typeof AffiliationsDocument>['person']>['affiliations'][number]
same<Equal<Position['from'], string | null>>()
type Input = VariablesOf<typeof EmbargoArticleDocument>['input']
same<Equal<NonNullable<Input['until']>, string>>()

const { article } = await ask('https://news.example/graphql', ArticlePageDocument, { slug: 'a' })
// A field of a fragment can be read directly.
same<Equal<NonNullable<typeof article>['comments']['edges'][number]['node']['isReply'], boolean>>()
// @ts-expect-error The slug is required.
await ask('https://news.example/graphql', ArticlePageDocument, {})
`

test('the documented typed client compiles for a bundler and for Node, with typed scalars and fragments', {
  timeout: 240_000,
}, async () => {
  const guide = await readFile(join(root, 'docs/api.md'), 'utf8')
  const [, config = ''] = /^```ts\n(import type \{ CodegenConfig \}.*?)^```$/ms.exec(guide) ?? []
  const [, ask = ''] = /^```ts\n((?:(?!^```).)*?^export async function ask.*?)^```$/ms.exec(guide) ?? []
  const [, packages = ''] = /^ {3}npm install --save-dev (.+)$/m.exec(guide) ?? []
  expect(packages.split(' ')).toEqual(['@graphql-codegen/cli', '@graphql-codegen/client-preset'])
  await using folder = await scratchFolder()
  const inFolder = (...names: string[]) => join(folder.path, ...names)
  await mkdir(inFolder('src'))
  await symlink(join(root, 'node_modules'), inFolder('node_modules'))
  await cp(join(root, 'schema/schema.graphql'), inFolder('schema.graphql'))
  await cp(join(root, 'schema/operations'), inFolder('src/operations'), { recursive: true })
  await writeFile(inFolder('src/operations/Affiliations.graphql'), AFFILIATIONS)
  await writeFile(inFolder('src/use.ts'), USE)
  await writeFile(inFolder('src/ask.ts'), ask)
  const screen = await readFile(join(root, 'test/clients/screen.ts'), 'utf8')
  const generated = screen.replace("'../../schema/documents.ts'", "'./gql/graphql.ts'")
  await writeFile(inFolder('src/screen.ts'), generated)
  await writeFile(inFolder('codegen.ts'), config)
  await writeFile(inFolder('package.json'), '{ "type": "module" }')
  await run(bin('graphql-codegen'), [], { cwd: folder.path })
  for (const [name, options] of Object.entries(projects)) {
    const project = { compilerOptions: { ...compilerOptions, ...options }, include: ['src'] }
    await writeFile(inFolder(name), JSON.stringify(project))
    const compiled = run(bin('tsc'), ['--project', inFolder(name), '--pretty', 'false'])
    expect(await compiled.catch((failure) => failure), name).toMatchObject({ stdout: '', stderr: '' })
  }
})
