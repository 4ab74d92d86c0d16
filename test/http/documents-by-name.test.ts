import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../../schema/persisted-documents.json' with { type: 'json' }
import { operationText } from '../../src/graphql/operations.ts'
import { PersistedDocuments } from '../../src/graphql/persisted-documents.ts'
import { RequestedDocuments } from '../../src/http/graphql/requested-documents.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream, openStreamByGet } from '../support/event-stream.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { rawSocket } from '../support/raw-socket.ts'

// Documents that a request names instead of sending their text, on a real port.

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const idOf = (name: string) => manifest.operations.find((each) => each.name === name)?.id as string
const persisted = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })

let app: TestApp
let slug: string
let articleId: string
beforeAll(async () => {
  app = await freshApp()
  const article = await addArticle(app.database.prisma, { headline: 'Named' })
  slug = article.slug
  articleId = article.id
})
afterAll(() => app.close())

interface Answer {
  status: number
  headers: Headers
  body: Json
}

async function answered(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: await response.json() }
}

async function post(body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = { 'content-type': 'application/json', accept: 'application/json', ...headers }
  return answered(await fetch(app.url, { method: 'POST', headers: sent, body: JSON.stringify(body) }))
}

async function get(params: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Answer> {
  return answered(await fetch(`${app.url}?${searchOf(params)}`, { headers }))
}

async function form(params: Record<string, unknown>): Promise<Answer> {
  return answered(await fetch(app.url, { method: 'POST', body: searchOf(params) }))
}

function searchOf(params: Record<string, unknown>): URLSearchParams {
  const texts = Object.entries(params).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return new URLSearchParams(texts)
}

/** The first message about an operation on a socket of its own. */
async function bySocket(payload: object): Promise<Json> {
  await using socket = await rawSocket(app.wsUrl)
  socket.send({ id: '1', type: 'subscribe', payload })
  return await socket.next()
}

const codeOf = ({ body }: Answer) => body.errors?.[0].extensions.code

describe('a document in schema/operations', () => {
  const id = idOf('ArticlePage')
  const forms: Record<string, object> = {
    'documentId of GraphQL over HTTP': { documentId: `sha256:${id}` },
    'documentId without its prefix': { documentId: id },
    'doc_id of Relay': { doc_id: id },
    'extension of Apollo': persisted(id),
    'two equal ids': { documentId: `sha256:${id}`, ...persisted(id) },
    'an id and an empty query': { query: '', documentId: id },
    'an id and its text': { query: manifest.operations.find((each) => each.id === id)?.body, documentId: id },
    'an id and parameters that are null': { doc_id: null, query: null, documentId: id },
  }

  test.each(Object.entries(forms))('is found by %s, over every transport', async (_name, named) => {
    const request = { ...named, variables: { slug } }
    const values = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null))
    const expected = { article: { headline: 'Named' } }
    for (const { status, body } of await Promise.all([
      post(request),
      post(request, { accept: 'application/graphql-response+json' }),
      get(values),
      form(values),
    ])) {
      expect(status).toBe(200)
      expect(body.data).toMatchObject(expected)
    }
    expect(await bySocket(request)).toMatchObject({ type: 'next', payload: { data: expected } })
    await using stream = await openStream(app.url, named, { slug })
    expect((await stream.events.next()).value).toMatchObject({ event: 'next', data: { data: expected } })
  })

  test.each<[string, string]>([
    ['as written', operationText('ArticlePage')],
    [
      'as the manifest has it',
      manifest.operations.find(({ name }) => name === 'ArticlePage')?.body as string,
    ],
  ])('is named by the SHA-256 of its text %s', async (_which, text) => {
    const { body } = await get({ documentId: `sha256:${sha256(text)}`, variables: { slug } })
    expect(body.data.article.headline).toBe('Named')
  })

  test('that is a subscription is found by its id, over every transport', async () => {
    const documentId = `sha256:${idOf('CommentFeed')}`
    const variables = { articleId, after: 'unknown' }
    const reset = { data: { commentFeed: { __typename: 'FeedReset' } } }
    const streams = [
      openStream(app.url, { documentId }, variables),
      openStream(app.url, persisted(idOf('CommentFeed')), variables),
      openStreamByGet(app.url, { documentId, variables: JSON.stringify(variables) }),
    ]
    for (const opening of streams) {
      await using stream = await opening
      expect(stream.status).toBe(200)
      expect((await stream.events.next()).value).toMatchObject({ event: 'next', data: reset })
    }
    for (const payload of [{ documentId }, { doc_id: idOf('CommentFeed') }, persisted(idOf('CommentFeed'))]) {
      expect(await bySocket({ ...payload, variables })).toMatchObject({ type: 'next', payload: reset })
    }
  })

  test('that is a subscription is an event stream for a client that accepts anything', async () => {
    const connection = new AbortController()
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: idOf('CommentFeed'), variables: { articleId } }),
      signal: connection.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    connection.abort()
  })

  test('that is a mutation is refused by GET, as its text is', async () => {
    const variables = { input: { articleId, body: 'By GET' } }
    const token = await app.token('reader')
    const authorization = `Bearer ${token}`
    for (const named of [
      { documentId: idOf('SubmitComment') },
      { doc_id: idOf('SubmitComment') },
      persisted(idOf('SubmitComment')),
    ]) {
      const { status, headers } = await get({ ...named, variables }, { authorization })
      expect(status).toBe(405)
      expect(headers.get('allow')).toBe('POST')
    }
    expect(
      (await post({ documentId: idOf('SubmitComment'), variables }, { authorization })).body.data,
    ).toMatchObject({ submitComment: { __typename: 'SubmitCommentPayload' } })
  })

  test('is subject to the checks of variables and names of operations', async () => {
    expect(codeOf(await post({ documentId: id }))).toBe('INVALID_INPUT')
    expect(codeOf(await post({ documentId: id, operationName: 'Other', variables: { slug } }))).toBe(
      'OPERATION_RESOLUTION_FAILURE',
    )
  })
})

describe('an automatic persisted query', () => {
  let queries = 0
  /** A valid query that no test has sent before. */
  const fresh = () => `{ __typename q${queries++}: __typename }`

  const transports: Record<string, (params: object) => Promise<{ data?: Json; code?: string }>> = {
    POST: async (params) => shown(await post(params)),
    'POST of a form': async (params) => shown(await form({ ...params })),
    GET: async (params) => shown(await get({ ...params })),
    websocket: async (params) => {
      const { type, payload } = await bySocket(params)
      return shownOf(type === 'next' ? payload : { errors: payload })
    },
    'event stream by POST': async (params) => {
      await using stream = await openStream(app.url, params)
      return shownOf((await stream.events.next()).value?.data)
    },
    'event stream by GET': async (params) => {
      await using stream = await openStreamByGet(app.url, Object.fromEntries(searchOf({ ...params })))
      return shownOf((await stream.events.next()).value?.data)
    },
  }
  const shown = ({ body }: Answer) => shownOf(body)
  const shownOf = ({ data, errors }: Json) => (errors ? { code: errors[0].extensions.code } : { data })

  test.each(Object.keys(transports))('that was sent by %s is known over every transport', async (name) => {
    const query = fresh()
    const named = persisted(sha256(query))
    for (const [other, send] of Object.entries(transports))
      expect(await send(named), other).toEqual({ code: 'PERSISTED_QUERY_NOT_FOUND' })
    const expected = { data: expect.objectContaining({ __typename: 'Query' }) }
    expect(await transports[name]?.({ query, ...named })).toEqual(expected)
    for (const [other, send] of Object.entries(transports)) expect(await send(named), other).toEqual(expected)
    expect((await get({ documentId: `sha256:${sha256(query)}` })).body).toEqual(expected)
  })

  test.each(['application/json', 'application/graphql-response+json'])(
    'that is unknown is answered as Apollo Server does, as %s',
    async (accept) => {
      for (const answer of [
        await get(persisted(sha256(fresh())), { accept }),
        await post(persisted(sha256(fresh())), { accept }),
      ]) {
        expect(answer.status).toBe(200)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(answer.body).toEqual({
          errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
        })
      }
    },
  )

  test('that is unknown by documentId has the status of its media type', async () => {
    const named = { documentId: `sha256:${sha256(fresh())}` }
    expect((await get(named, { accept: 'application/graphql-response+json' })).status).toBe(404)
    expect((await get(named, { accept: 'application/json' })).status).toBe(200)
    expect(codeOf(await post(named))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  test('is not stored under another hash, nor in another letter case', async () => {
    const query = fresh()
    const other = sha256(fresh())
    const upper = sha256(query).toUpperCase()
    for (const hash of [other, upper, `${sha256(query)} `, 'constructor', '__proto__']) {
      const refused = await post({ query, ...persisted(hash) })
      expect(refused.status).toBe(400)
      expect(codeOf(refused)).toBe('BAD_REQUEST')
      expect(codeOf(await post(persisted(hash)))).toBe('PERSISTED_QUERY_NOT_FOUND')
    }
    expect(codeOf(await post(persisted(sha256(query))))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  test.each<[string, string, string]>([
    ['that can not be parsed', '{', 'GRAPHQL_PARSE_FAILED'],
    ['that is not valid', '{ none }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'that is too large',
      `{ ${Array.from({ length: 401 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'QUERY_TOO_LARGE',
    ],
  ])('%s is not stored', async (_what, query, code) => {
    const named = persisted(sha256(query))
    expect(codeOf(await post({ query, ...named }))).toBe(code)
    expect(codeOf(await post(named))).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(await transports.websocket?.({ query, ...named })).toEqual({ code })
    expect(codeOf(await post(named))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  test('with characters beyond ASCII is stored under the hash of its UTF-8', async () => {
    const query = '{ __typename } # الأخبار 🗞'
    await post({ query, ...persisted(sha256(query)) })
    expect((await get(persisted(sha256(query)))).body).toEqual({ data: { __typename: 'Query' } })
  })

  test('that was sent without its hash is not stored', async () => {
    const query = fresh()
    await post({ query })
    expect(codeOf(await post(persisted(sha256(query))))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })
})

describe('an id that is not valid is refused', () => {
  const long = 'a'.repeat(129)
  const ids: Record<string, unknown> = {
    'a number': 7,
    'a list': ['a'],
    'an object': { a: 1 },
    true: true,
    'an empty text': '',
    'a text of 129 characters': long,
  }
  test.each(Object.entries(ids))('%s', async (_what, id) => {
    for (const named of [{ documentId: id }, { doc_id: id }, persisted(id)]) {
      const answer = await post(named)
      expect(answer.status).toBe(400)
      expect(codeOf(answer)).toBe('BAD_REQUEST')
      expect(JSON.stringify(answer.body)).not.toContain(long)
      expect(await bySocket(named)).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'BAD_REQUEST' } }],
      })
    }
  })

  test.each<[string, object]>([
    ['two different ids', { documentId: 'a', doc_id: 'b' }],
    ['an id and the hash of another document', { documentId: 'a', ...persisted('b') }],
    ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'a' } } }],
    ['a version that is a text', { extensions: { persistedQuery: { version: '1', sha256Hash: 'a' } } }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['a list for the extension', { extensions: { persistedQuery: [] } }],
    ['an id and another text', { documentId: idOf('ArticlePage'), query: '{ __typename }' }],
  ])('%s', async (_what, request) => {
    expect(codeOf(await post(request))).toBe('BAD_REQUEST')
  })

  test.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'sha256:',
    'sha256:__proto__',
    '\u0000',
  ])('the name %j is no document', async (id) => {
    for (const named of [{ documentId: id }, { doc_id: id }, persisted(id)]) {
      expect(codeOf(await post(named))).toBe('PERSISTED_QUERY_NOT_FOUND')
    }
  })

  test('a property with the name of the prototype names no document', async () => {
    const body = `{"__proto__":{"documentId":"${idOf('ArticlePage')}"}}`
    const headers = { 'content-type': 'application/json' }
    expect(codeOf(await answered(await fetch(app.url, { method: 'POST', headers, body })))).toBe(
      'BAD_REQUEST',
    )
    const extensions = `{"extensions":{"__proto__":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}}`
    const answer = await answered(await fetch(app.url, { method: 'POST', headers, body: extensions }))
    expect(answer.body.errors[0].message).toBe('Must provide query string.')
  })
})

test('the memory of automatic documents has a limit, and the least recently used one is dropped first', async () => {
  await using small = await freshApp({ maxAutomaticBytes: 10_000 })
  const send = async (body: object) => {
    const headers = { 'content-type': 'application/json' }
    return answered(await fetch(small.url, { method: 'POST', headers, body: JSON.stringify(body) }))
  }
  const queries = Array.from({ length: 60 }, (_, i) => `{ __typename a${i}: __typename }`)
  const [first = '', second = ''] = queries
  for (const query of queries) {
    await send({ query, ...persisted(sha256(query)) })
    // Unknown hashes are never stored, and the first document stays in use.
    expect(codeOf(await send(persisted(sha256(`unknown ${query}`))))).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect((await send(persisted(sha256(first)))).body.data.__typename).toBe('Query')
  }
  const known = await Promise.all(
    queries.map(async (query) => codeOf(await send(persisted(sha256(query)))) === undefined),
  )
  const kept = known.filter(Boolean).length
  expect(kept).toBeGreaterThan(10)
  expect(kept).toBeLessThan(33)
  expect(codeOf(await send(persisted(sha256(second))))).toBe('PERSISTED_QUERY_NOT_FOUND')
})

test('a text is kept under its own hash only', () => {
  const documents = new RequestedDocuments(new PersistedDocuments(), 'any')
  const other = persisted(sha256('{ other: __typename }'))
  documents.keep({ query: '{ __typename }', ...other })
  expect(() => documents.resolve(other)).toThrow('PersistedQueryNotFound')
})

test('every operation has an id in the manifest, of a text that is equal to it', () => {
  for (const { id, body } of manifest.operations) expect(sha256(body)).toBe(id)
})
