import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchQuery } from 'relay-runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ArticlePageDocument, type ArticlePageQuery } from '../../schema/documents.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { scratchFolder } from '../support/shell.ts'
import { createApolloClient as createApolloWithHashes } from './persisted/apollo-hashes.ts'
import { createApolloClient as createApolloWithManifest } from './persisted/apollo-manifest.ts'
import { createRelayEnvironment } from './persisted/relay.ts'
import { createUrqlClient } from './persisted/urql.ts'
import { operations, relayProject } from './relay-project.ts'

// The clients in docs/persisted-documents.md.

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What the clients have sent. */
let requests: { method: string; hasQuery: boolean }[]
beforeEach(() => {
  requests = []
  const send = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
    const sent = `${String(url)} ${String(init?.body)}`
    requests.push({ method: init?.method ?? 'GET', hasQuery: /[?&]query=|"query":/.test(sent) })
    return send(url, init)
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const sent = () => requests.map(({ method, hasQuery }) => `${method} ${hasQuery ? 'text' : 'id'}`)

async function appWithArticle(env: Record<string, string> = {}): Promise<{ app: TestApp; slug: string }> {
  const app = await freshApp({ env })
  const { slug } = await addArticle(app.database.prisma, { headline: 'Read by name' })
  return { app, slug }
}

/** A document that is not in schema/operations. */
const ownDocument = ArticlePageDocument.definitions.slice()
const OTHER = {
  ...ArticlePageDocument,
  definitions: ownDocument.map((each) =>
    'name' in each && each.name && 'operation' in each
      ? { ...each, name: { ...each.name, value: 'OtherPage' } }
      : each,
  ),
} as typeof ArticlePageDocument

describe.each([
  ['in schema/operations', ArticlePageDocument, ['GET id', 'GET id']],
  ['of its own', OTHER, ['GET id', 'POST text', 'GET id']],
] as const)('with a document %s', (_which, query, expected) => {
  test('Apollo Client sends hashes by GET', async () => {
    const { app, slug } = await appWithArticle()
    await using _ = app
    const client = createApolloWithHashes(app.url)
    for (let i = 0; i < 2; i++) {
      const { data } = await client.query({ query, variables: { slug }, fetchPolicy: 'no-cache' })
      expect(data?.article).toMatchObject({ headline: 'Read by name' })
    }
    expect(sent()).toEqual(expected)
    client.stop()
  })

  test('urql sends hashes by GET', async () => {
    const { app, slug } = await appWithArticle()
    await using _ = app
    const client = createUrqlClient(app.url)
    for (let i = 0; i < 2; i++) {
      const { data, error } = await client.query(query, { slug }, { requestPolicy: 'network-only' })
      expect(error).toBeUndefined()
      expect(data?.article).toMatchObject({ headline: 'Read by name' })
    }
    expect(sent().map((each) => each.replace('POST', 'GET'))).toEqual(
      expected.map((each) => each.replace('POST', 'GET')),
    )
  })
})

test('Apollo Client sends the ids of schema/persisted-documents.json, to a gateway that accepts no other document', async () => {
  const { app, slug } = await appWithArticle({ DOCUMENTS: 'known' })
  await using _ = app
  const client = createApolloWithManifest(app.url)
  const { data } = await client.query({ query: ArticlePageDocument, variables: { slug } })
  expect(data?.article).toMatchObject({ __typename: 'Article', headline: 'Read by name' })
  expect(sent()).toEqual(['GET id'])
  client.stop()
})

test.each(['MD5', 'SHA256'])(
  'Relay sends the ids of relay-compiler, made with %s',
  { timeout: 60_000 },
  async (algorithm) => {
    await using project = await relayProject('javascript', {
      persistConfig: { file: './persisted.json', algorithm },
    })
    const file = join(project.path, 'persisted.json')
    await writeFile(file, '{}')
    for (const [name, document] of await operations()) {
      await project.add(name, document.replaceAll(/\.\.\.(?=[A-Z])\w+/g, '$& @relay(mask: false)'))
    }
    expect(await project.compile()).toMatchObject({ code: 0 })
    const texts: Record<string, string> = JSON.parse(await readFile(file, 'utf8'))
    if (algorithm === 'SHA256') for (const [id, text] of Object.entries(texts)) expect(sha256(text)).toBe(id)

    const { app, slug } = await appWithArticle({ DOCUMENTS: 'known', PERSISTED_DOCUMENTS: file })
    await using _ = app
    const page = (await import(project.pathOf('ArticlePage'))).default
    const data = await fetchQuery(createRelayEnvironment(app.url), page, { slug }).toPromise()
    expect((data as ArticlePageQuery).article?.headline).toBe('Read by name')
    expect(sent()).toEqual(['POST id'])
  },
)

test('the client preset of GraphQL Code Generator writes a manifest that the gateway reads', {
  timeout: 120_000,
}, async () => {
  const { generate } = await import('@graphql-codegen/cli')
  await using folder = await scratchFolder()
  const root = join(import.meta.dirname, '../..')
  const files: { filename: string; content: string }[] = await generate(
    {
      schema: join(root, 'schema/schema.graphql'),
      documents: join(root, 'schema/operations/*.graphql'),
      silent: true,
      generates: { [`${folder.path}/`]: { preset: 'client', presetConfig: { persistedDocuments: true } } },
    },
    false,
  )
  const written = files.find(({ filename }) => filename.endsWith('persisted-documents.json'))
  const path = join(folder.path, 'persisted-documents.json')
  await writeFile(path, written?.content ?? '')
  const { app, slug } = await appWithArticle({ DOCUMENTS: 'known', PERSISTED_DOCUMENTS: path })
  await using _ = app
  const texts: Record<string, string> = JSON.parse(written?.content ?? '')
  const [documentId] = Object.entries(texts).find(([, text]) => text.includes('query ArticlePage')) ?? []
  expect(documentId).toMatch(/^sha256:[0-9a-f]{64}$/)
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId, variables: { slug } }),
  })
  expect((await response.json()).data.article.headline).toBe('Read by name')
})

test('code in docs/persisted-documents.md is the clients that are tested, whole and word for word', async () => {
  const root = join(import.meta.dirname, '../..')
  const text = await readFile(join(root, 'docs/persisted-documents.md'), 'utf8')
  const blocks = [...text.matchAll(/^\[\S+\]\(\.\.\/(\S+)\)\n\n```ts\n(.*?)^```$/gms)]
  expect(blocks.length).toBe(text.match(/^```ts$/gm)?.length)
  expect(blocks).toHaveLength(4)
  for (const [, path = '', code] of blocks) expect(code, path).toBe(await readFile(join(root, path), 'utf8'))
})
