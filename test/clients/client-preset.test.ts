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
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2024', 'dom'],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
}

/** A field of each scalar; the operations of the project use no Date. */
const AFFILIATIONS = 'query Affiliations { person(slug: "a") { id affiliations { from to } } }'

/** Compiles only if each scalar has exactly the documented type: "any" would be equal to none. */
const USE = `
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core'
import { AffiliationsDocument, ArticlePageDocument, ArticleToEditDocument, EmbargoArticleDocument } from './gql/graphql'

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
`

test('the documented configuration of the client preset generates types that compile, with typed scalars', {
  timeout: 240_000,
}, async () => {
  const guide = await readFile(join(root, 'docs/api.md'), 'utf8')
  const [, config = ''] = /^```ts\n(import type \{ CodegenConfig \}.*?)^```$/ms.exec(guide) ?? []
  await using folder = await scratchFolder()
  const inFolder = (...names: string[]) => join(folder.path, ...names)
  await mkdir(inFolder('src'))
  await symlink(join(root, 'node_modules'), inFolder('node_modules'))
  await cp(join(root, 'schema/schema.graphql'), inFolder('schema.graphql'))
  await cp(join(root, 'schema/operations'), inFolder('src/operations'), { recursive: true })
  await writeFile(inFolder('src/operations/Affiliations.graphql'), AFFILIATIONS)
  await writeFile(inFolder('src/use.ts'), USE)
  await writeFile(inFolder('codegen.ts'), config)
  await writeFile(inFolder('package.json'), '{ "type": "module" }')
  await writeFile(inFolder('tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
  await run(bin('graphql-codegen'), ['--config', 'codegen.ts'], { cwd: folder.path })
  const compiled = run(bin('tsc'), ['--project', folder.path, '--pretty', 'false'])
  expect(await compiled.catch((failure) => failure)).toMatchObject({ stdout: '', stderr: '' })
})
