import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
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

/** A project for a bundler, one whose modules Node runs, and one without the types of browsers. */
const projects = {
  'tsconfig.bundler.json': { module: 'esnext', moduleResolution: 'bundler' },
  'tsconfig.node.json': { module: 'nodenext' },
  'tsconfig.without-dom.json': {
    module: 'nodenext',
    lib: ['es2024'],
    types: ['node'],
    noUncheckedIndexedAccess: true,
  },
}

/** A field of each scalar; the operations of the project use no Date. */
const AFFILIATIONS = 'query Affiliations { person(slug: "a") { id affiliations { from to } } }'

/** Compiles only if each scalar has exactly the documented type: "any" would be equal to none. */
const USE = `
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core'
import { ask } from './ask.ts'
import {
  AffiliationsDocument,
  type ArticleChangesInput,
  ArticlePageDocument,
  ArticleToEditDocument,
  EmbargoArticleDocument,
  UpdateArticleDocument,
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
const draftOf = (article: Edited) => article.draft as ArticleChangesInput
same<Equal<VariablesOf<typeof UpdateArticleDocument>['input']['changes'], ReturnType<typeof draftOf>>>()
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

const SEND = `
import { ask } from './ask.ts'
import { ArticlePageDocument } from './gql/graphql.ts'

const [, , url = '', slug = ''] = process.argv
const { article } = await ask(url, ArticlePageDocument, { slug })
console.log(article?.headline)
await ask(url, ArticlePageDocument, { slug: 1 as never }).catch(({ message }) => console.log(message))
`

test('the documented typed client compiles, with typed scalars and fragments, and runs in Node', {
  timeout: 240_000,
}, async () => {
  const guide = await readFile(join(root, 'docs/api.md'), 'utf8')
  const [, config = ''] = /^```ts\n(import type \{ CodegenConfig \}.*?)^```$/ms.exec(guide) ?? []
  const [, ask = ''] = /^```ts\n((?:(?!^```).)*?^export async function ask.*?)^```$/ms.exec(guide) ?? []
  const [, tsconfig = ''] = /^ {3}```json\n(.*?)^ {3}```$/ms.exec(guide) ?? []
  const [, packages = ''] = /^ {3}npm install --save-dev (.+)$/m.exec(guide) ?? []
  expect(packages.split(' ')).toEqual([
    'typescript',
    '@graphql-codegen/cli',
    '@graphql-codegen/client-preset',
  ])
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
  const written = Object.entries(projects).map(([name, options]) => {
    return [name, JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, include: ['src'] })]
  })
  for (const [name, project] of [['tsconfig.json', tsconfig], ...written] as [string, string][]) {
    await writeFile(inFolder(name), project)
    const compiled = run(bin('tsc'), ['--project', inFolder(name), '--pretty', 'false'])
    expect(await compiled.catch((failure) => failure), name).toMatchObject({ stdout: '', stderr: '' })
  }

  await using app = await freshApp()
  const headline = 'Bridge reopens'
  const { slug } = await addArticle(app.database.prisma, { headline })
  await writeFile(inFolder('src/send.ts'), SEND)
  const sent = await run(process.execPath, [inFolder('src/send.ts'), app.url, slug])
  expect(sent.stdout.split('\n')).toEqual([headline, expect.stringContaining('$slug'), ''])
})
