import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptedMediaType } from '../../src/http/graphql/plain-request.ts'
import { documents } from '../bench/hostile/documents.ts'
import { keys, long, nestedJson } from '../bench/hostile/requests.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// A JSON post with Content-Length and a GET request are read by the gateway itself; a post in chunks, and a GET request
// with a Content-Length, by GraphQL Yoga. Nobody may be able to tell which of them has answered.

let app: TestApp
let token: string
beforeAll(async () => {
  app = await freshApp({ env: { ORIGINS: 'https://news.example' }, readCachePollMs: 400 })
  await app.readCache?.watch.poll()
  app.readCache?.watch.use()
  await addArticle(app.database.prisma, { slug: 'a' })
  token = await app.token('reader')
})
afterAll(() => app.close())

interface Response {
  status: number | undefined
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** The headers, without those that only kept responses have, or that say that a response is not kept. */
function comparable(headers: Response['headers']): Response['headers'] {
  const { date, vary, etag, 'cache-control': caching, ...others } = headers
  return others
}

async function send(body: string, headers: Record<string, string>, isChunked: boolean): Promise<Response> {
  const length = isChunked ? {} : { 'content-length': Buffer.byteLength(body) }
  const sent = request(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers, ...length },
  })
  const responded = new Promise<Response>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', async (response) => {
      resolve({
        status: response.statusCode,
        headers: comparable(response.headers),
        body: await textOf(response),
      })
    })
  })
  if (isChunked) sent.write(body.slice(0, 1))
  sent.end(isChunked ? body.slice(1) : body)
  return responded
}

async function bothWays(body: unknown, headers: Record<string, string> = {}): Promise<[Response, Response]> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return [await send(text, headers, false), await send(text, headers, true)]
}

/** The same by GET. */
async function bothWaysByGet(
  query: string,
  headers: Record<string, string> = {},
): Promise<[Response, Response]> {
  const get = (own: Record<string, string>) =>
    new Promise<Response>((resolve, reject) => {
      const sent = request(`${app.url}?${query}`, { headers: { ...headers, ...own } }, async (response) => {
        resolve({
          status: response.statusCode,
          headers: comparable(response.headers),
          body: await textOf(response),
        })
      })
      sent.on('error', reject)
      sent.end()
    })
  return [await get({}), await get({ 'content-length': '0' })]
}

/** A response without the places of errors: of many fields that fail at once, any may be the first. */
function shownIn({ status, headers, body }: Response): unknown {
  const { 'content-length': _, ...others } = headers
  const { errors, ...result } = JSON.parse(body)
  return {
    status,
    headers: others,
    ...result,
    errors: errors?.map(({ path: _, locations: __, ...error }: Record<string, unknown>) => error),
  }
}

describe('a request is answered in the same way with and without Content-Length', () => {
  test.each(Object.entries(documents))('document: %s', async (_name, query) => {
    const [own, yoga] = await bothWays({ query })
    expect(shownIn(own)).toEqual(shownIn(yoga))
  })

  const page = 'query ($slug: String!) { article(slug: $slug) { id headline } }'
  const bodies: Record<string, unknown> = {
    'an article': { query: page, variables: { slug: 'a' } },
    'no article': { query: page, variables: { slug: 'none' } },
    'a missing variable': { query: page },
    'unknown keys': { query: page, variables: { slug: 'a', ...keys() } },
    'deep variables': `{"query":"{ __typename }","variables":{"a":${nestedJson(500)}}}`,
    'a long text': { query: page, variables: { slug: long('x') } },
    'a text with an invalid character': { query: page, variables: { slug: 'a\u0000' } },
    'an operation name': { query: 'query A { a: __typename } query B { b: __typename }', operationName: 'B' },
    'an unknown operation name': { query: 'query A { __typename }', operationName: 'B' },
    'an operation name of the wrong type': { query: '{ __typename }', operationName: 7 },
    'a parameter of another name': { query: '{ __typename }', id: 'x' },
    'a parameter of another name that is null': { query: '{ __typename }', id: null },
    'variables as a list': { query: '{ __typename }', variables: [] },
    'extensions as a text': { query: '{ __typename }', extensions: 'x' },
    'the hash of a query': { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    'no query': {},
    'a query of the wrong type': { query: { a: 1 } },
    'a list of requests': [{ query: '{ __typename }' }],
    'a text': '"{ __typename }"',
    null: 'null',
    'broken JSON': '{"query": "{ __typename }"',
    'a byte order mark': '\uFEFF{"query":"{ __typename }"}',
    'bytes that are no UTF-8': '{"query":"{ __typename } # \uD800"}',
    'a mutation without a token': {
      query: 'mutation { submitComment(input: { articleId: "x", body: "x" }) { __typename } }',
    },
    'a field for moderators': { query: '{ moderationQueue { edges { cursor } } }' },
    'a subscription': { query: 'subscription { commentFeed(articleId: "x") { __typename } }' },
    'a field that fails beside one that does not': {
      query: '{ viewer { role } articles(first: -1) { edges { cursor } } }',
    },
    introspection: { query: '{ __schema { queryType { name } } }' },
  }
  const accepts = [
    '',
    'application/json',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json',
  ]

  test.each(Object.entries(bodies))('%s', async (_name, body) => {
    for (const accept of accepts) {
      const [own, yoga] = await bothWays(body, accept ? { accept } : {})
      expect(own, accept).toEqual(yoga)
    }
  })

  test.each([
    ['of a reader', () => ({ authorization: `Bearer ${token}` })],
    ['with a token that is not valid', () => ({ authorization: 'Bearer x' })],
    ['from an allowed origin', () => ({ origin: 'https://news.example' })],
    ['from another origin', () => ({ origin: 'https://other.example' })],
    ['with an encoding that is not supported', () => ({ 'content-encoding': 'gzip' })],
    ['that accepts only HTML', () => ({ accept: 'text/html' })],
    ['that prefers an event stream', () => ({ accept: 'text/event-stream, application/json' })],
    ['that accepts anything', () => ({ accept: 'image/png, */*' })],
    ['with a charset', () => ({ 'content-type': 'application/json; charset=utf-8' })],
    ['of another media type', () => ({ 'content-type': 'text/plain' })],
  ])('a request %s', async (_name, headers) => {
    const [own, yoga] = await bothWays({ query: '{ viewer { role displayName } }' }, headers())
    expect(own).toEqual(yoga)
  })

  test('of a partner, within its quota and above it', async () => {
    const { key } = await addPartner(app.database.prisma, { quotaPerMinute: 3 })
    const body = { query: '{ viewerPartner { slug } }' }
    const responses: Response[] = []
    for (let i = 0; i < 3; i++) responses.push(...(await bothWays(body, { authorization: `Bearer ${key}` })))
    const statuses = responses.map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429])
    const shown = responses.map(({ headers, body: text }) => [Object.keys(headers).sort(), text])
    expect(shown[0]).toEqual(shown[1])
    expect(Object.keys(responses[0]?.headers ?? {}).join()).toMatch(/quota|ratelimit/)
    expect(shown[4]?.[0]).toEqual(shown[5]?.[0])
    expect(responses[4]?.headers['retry-after']).toBeTruthy()
  })

  test('a client that disconnects within a body holds up nobody', async () => {
    const { port } = new URL(app.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    )
    await once(socket, 'connect')
    socket.destroy()
    expect((await send('{"query":"{ __typename }"}', {}, false)).status).toBe(200)
  })

  test('with a body at the limit, and one byte above it', async () => {
    const body = (bytes: number) => JSON.stringify({ query: '{ __typename }' }).padEnd(bytes, ' ')
    for (const [bytes, status] of [
      [102_400, 200],
      [102_401, 413],
    ] as const) {
      const [own, yoga] = await bothWays(body(bytes))
      expect(own).toEqual(yoga)
      expect(own.status).toBe(status)
    }
  })
})

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json,application/json;q=0.9', 'application/graphql-response+json'],
  ['application/json; charset=latin1', null],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/json, multipart/mixed', null],
  ['text/event-stream', null],
  ['text/html', null],
])('Accept: %s is answered as %s', (accept, type) => {
  expect(acceptedMediaType(accept)).toBe(type)
})

describe('a GET request is answered in the same way with and without Content-Length', () => {
  test.each(Object.entries(documents).filter(([, query]) => encodeURIComponent(query).length < 15_000))(
    'document: %s',
    async (_name, query) => {
      const [own, yoga] = await bothWaysByGet(`query=${encodeURIComponent(query)}`)
      expect(shownIn(own)).toEqual(shownIn(yoga))
    },
  )

  const page = encodeURIComponent('query ($slug: String!) { article(slug: $slug) { headline } }')
  test.each([
    ['variables', `query=${page}&variables=${encodeURIComponent('{"slug":"a"}')}`],
    ['invalid variables', `query=${page}&variables={`],
    ['variables that are no object', `query=${page}&variables=1`],
    ['an empty document', 'query='],
    ['no document', ''],
    ['two documents', 'query={viewer{role}}&query={__typename}'],
    ['an encoded plus and spaces', 'query=query+Two%2BOne{__typename}'],
    ['an invalid escape', 'query=%E0%A4%A'],
    [
      'an operation name',
      'query=query A{a:__typename} query B{b:__typename}&operationName=B'.replaceAll(' ', '+'),
    ],
    ['an unknown parameter', 'query={__typename}&debug=1'],
    ['an extension', 'query={__typename}&extensions={"a":1}'],
    ['an unknown hash', `extensions={"persistedQuery":{"version":1,"sha256Hash":"${'a'.repeat(64)}"}}`],
    ['a mutation', `query=${encodeURIComponent('mutation { submitComment(input: {}) { __typename } }')}`],
  ])('%s', async (_name, query) => {
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json', 'text/plain']) {
      for (const authorization of [undefined, `Bearer ${token}`, 'Bearer wrong']) {
        const headers = { accept, ...(authorization ? { authorization } : {}) }
        const [own, yoga] = await bothWaysByGet(query, headers)
        expect([accept, own]).toEqual([accept, yoga])
      }
    }
  })
})
