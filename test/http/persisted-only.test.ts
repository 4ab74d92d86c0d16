import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../schema/persisted-documents.json' with { type: 'json' }
import { textId } from '../../src/graphql/known-documents.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { scratchFolder } from '../support/shell.ts'

// DOCUMENTS=known: only persisted documents are open to everybody.

const own = '{ viewer { role displayName } }'
const outlets = 'query Outlet { viewer { role } }'

let app: TestApp
let folder: Awaited<ReturnType<typeof scratchFolder>>
let slug: string
beforeAll(async () => {
  folder = await scratchFolder()
  await writeFile(join(folder.path, 'app.json'), JSON.stringify({ outlet: outlets }))
  app = await freshApp({
    env: { DOCUMENTS: 'known', PERSISTED_DOCUMENTS: folder.path },
    readCachePollMs: 400,
  })
  slug = (await addArticle(app.database.prisma, { headline: 'Known' })).slug
})
afterAll(async () => {
  await app.close()
  await folder[Symbol.asyncDispose]()
})

interface Sent {
  token?: string
  headers?: Record<string, string>
}

/** Sends an operation by POST, GET, event stream and websocket; returns the results. */
async function everywhere(request: object, { token, headers = {} }: Sent = {}): Promise<Json[]> {
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const sent = { ...headers, ...authorization }
  const search = new URLSearchParams(
    Object.entries(request).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  const body = JSON.stringify(request)
  const responses = [
    fetch(app.url, { method: 'POST', headers: { ...sent, 'content-type': 'application/json' }, body }),
    fetch(`${app.url}?${search}`, { headers: sent }),
  ]
  const results = await Promise.all(responses.map(async (response) => (await response).json()))
  await using socket = await rawSocket(app.wsUrl, { token, origin: headers.origin })
  socket.send({ id: '1', type: 'subscribe', payload: request })
  const { type, payload } = await socket.next()
  return [...results, type === 'next' ? payload : { errors: payload }]
}

const refused = { errors: [{ extensions: { code: 'DOCUMENT_NOT_PERSISTED' } }] }

describe('an anonymous client', () => {
  test.each<[string, object]>([
    ['a document in schema/operations by its id', { documentId: textId(operationText('ArticlePage')) }],
    ['its exact text', { query: operationText('ArticlePage') }],
    [
      'its text as Apollo Client sends it',
      { query: manifest.operations.find(({ name }) => name === 'ArticlePage')?.body },
    ],
  ])('may send %s', async (_what, document) => {
    for (const result of await everywhere({ ...document, variables: { slug } })) {
      expect(result.data.article.headline).toBe('Known')
    }
  })

  test.each<[string, object]>([
    ['a document of a manifest by its id', { documentId: 'outlet' }],
    ["by Apollo's extension", { extensions: { persistedQuery: { version: 1, sha256Hash: 'outlet' } } }],
    ['its exact text', { query: outlets }],
  ])('may send %s', async (_what, document) => {
    for (const result of await everywhere(document)) expect(result.data).toEqual({ viewer: null })
  })

  test.each<[string, object]>([
    ['another document', { query: own }],
    ['one that can not be parsed', { query: '{' }],
    ['a persisted one with other white space', { query: `${outlets} ` }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    [
      'another document with its hash',
      { query: own, extensions: { persistedQuery: { version: 1, sha256Hash: textId(own) } } },
    ],
  ])('may not send %s', async (_what, document) => {
    for (const result of await everywhere(document)) expect(result).toMatchObject(refused)
  })

  test('may not use a document that somebody else has sent with its hash', async () => {
    const sha256Hash = textId(own)
    const named = { extensions: { persistedQuery: { version: 1, sha256Hash } } }
    for (const result of await everywhere(named))
      expect(result.errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
    const staff = { token: await app.token('editor') }
    for (const result of await everywhere({ query: own, ...named }, staff))
      expect(result.data.viewer.role).toBe('EDITOR')
    for (const result of await everywhere(named, staff)) expect(result.data.viewer.role).toBe('EDITOR')
    for (const result of await everywhere(named)) expect(result).toMatchObject(refused)
  })

  test('is refused with the status of its media type', async () => {
    const statusFor = async (accept: string) => {
      const headers = { 'content-type': 'application/json', accept }
      return (await fetch(app.url, { method: 'POST', headers, body: JSON.stringify({ query: own }) })).status
    }
    expect(await statusFor('application/graphql-response+json')).toBe(403)
    expect(await statusFor('application/json')).toBe(200)
  })

  test('may not subscribe with another document', async () => {
    const query = operationText('CommentFeed').replace('cursor', 'other: cursor')
    await using stream = await openStream(app.url, query, { articleId: 'x' })
    expect((await stream.events.next()).value?.data).toMatchObject(refused)
  })
})

describe('a document that is not persisted', () => {
  test.each(['moderator', 'editor', 'admin'] as const)('is open to a %s', async (role) => {
    for (const result of await everywhere({ query: own }, { token: await app.token(role) })) {
      expect(result.data.viewer.role).toBe(role.toUpperCase())
    }
  })

  test('is open to a partner', async () => {
    const { key } = await addPartner(app.database.prisma)
    for (const result of await everywhere({ query: '{ viewerPartner { slug } }' }, { token: key })) {
      expect(result.data.viewerPartner.slug).toBeTruthy()
    }
  })

  test('is refused to a reader, and to a client with an invalid token', async () => {
    for (const result of await everywhere({ query: own }, { token: await app.token('reader') })) {
      expect(result).toMatchObject(refused)
    }
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json' }
    const response = await fetch(app.url, { method: 'POST', headers, body: JSON.stringify({ query: own }) })
    expect((await response.json()).errors[0].extensions.code).toBe('NOT_SIGNED_IN')
  })

  test('is open to GraphiQL in development, but to no page of another origin', async () => {
    const origin = new URL(app.url).origin
    const [byPost, , bySocket] = await everywhere({ query: own }, { headers: { origin } })
    for (const result of [byPost, bySocket]) expect(result.data).toEqual({ viewer: null })
    for (const other of ['http://localhost:1', 'http://127.0.0.1:1']) {
      for (const result of await everywhere({ query: own }, { headers: { origin: other } })) {
        expect(result).toMatchObject(refused)
      }
    }
  })
})

test('outside development, no origin is exempt', async () => {
  await using production = await freshApp({
    env: {
      DOCUMENTS: 'known',
      GRAPHIQL: 'on',
      NODE_ENV: 'production',
      AUTH_SECRET: 'a secret of more than thirty-two bytes',
      AUTH_ISSUER: 'https://id.example',
      AUTH_AUDIENCE: 'news',
    },
  })
  const headers = { 'content-type': 'application/json', origin: new URL(production.url).origin }
  const response = await fetch(production.url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: own }),
  })
  expect(await response.json()).toMatchObject(refused)
})
