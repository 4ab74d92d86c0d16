import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'

// Errors of one operation over a websocket: the socket stays open, and nothing of HTTP is in them.

let app: TestApp
beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())

const persistedQuery = { version: 1, sha256Hash: 'a'.repeat(64) }

/** The first messages of an operation, and of a second one on the same socket. */
async function subscribe(payload: object) {
  await using window = await rawSocket(app.wsUrl)
  window.send({ id: 'first', type: 'subscribe', payload })
  const answer = await window.next()
  window.send(operation('second', '{ __typename }'))
  while (true) {
    const message = await window.next()
    if (message.id !== 'second') continue
    expect(message).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } })
    return answer
  }
}

describe('a hash without a query is an error of its operation', () => {
  test.each<[string, object]>([
    ['with no query', {}],
    ['with null for a query', { query: null }],
    ['with variables and a name', { variables: { a: 1 }, operationName: 'A' }],
  ])('%s', async (_what, payload) => {
    expect(await subscribe({ ...payload, extensions: { persistedQuery } })).toEqual({
      id: 'first',
      type: 'error',
      payload: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
  })

  test.each<[string, object]>([
    ['that is not the hash of the query', { query: '{ __typename }', extensions: { persistedQuery } }],
    ['that is a text', { extensions: { persistedQuery: 'a' } }],
    ['of another version', { extensions: { persistedQuery: { ...persistedQuery, version: 2 } } }],
  ])('a hash %s is an error of its operation too', async (_what, payload) => {
    expect(await subscribe(payload)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_REQUEST' } }],
    })
  })

  test.each<[string, number, object]>([
    ['no hash', 4400, { id: '1', type: 'subscribe', payload: { extensions: {} } }],
    ['no payload', 4400, { id: '1', type: 'subscribe', persistedQuery }],
    ['no id', 4400, { type: 'subscribe', payload: { extensions: { persistedQuery } } }],
    [
      'a number for a query',
      4400,
      { id: '1', type: 'subscribe', payload: { query: 1, extensions: { persistedQuery } } },
    ],
  ])('%s still closes the socket', async (_what, code, message) => {
    await using window = await rawSocket(app.wsUrl)
    window.send(message)
    expect(await window.closed).toMatchObject({ code })
  })

  test('nor is a hash taken before the socket is let in', async () => {
    await using window = await rawSocket(app.wsUrl, { init: false })
    window.send({ id: '1', type: 'subscribe', payload: { extensions: { persistedQuery } } })
    expect(await window.closed).toMatchObject({ code: 4401 })
  })
})

describe('an error contains no HTTP status', () => {
  const large = { list: new Array(10_001).fill(1) }

  test.each<[string, object, string]>([
    ['an empty query', { query: '' }, 'GRAPHQL_PARSE_FAILED'],
    ['a query that can not be parsed', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['a query that is not valid', { query: '{ none }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a subscription that is not valid', { query: 'subscription { none }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['variables that are too many', { query: '{ __typename }', variables: large }, 'QUERY_TOO_LARGE'],
    [
      'no operation of that name',
      { query: 'query A { __typename }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a variable that is missing', { query: 'query ($id: ID!) { node(id: $id) { id } }' }, 'INVALID_INPUT'],
    [
      'an argument out of its range',
      { query: '{ articles(first: -1) { edges { cursor } } }' },
      'INVALID_INPUT',
    ],
  ])('%s', async (_what, payload, code) => {
    const answer = await subscribe(payload)
    const errors = answer.type === 'error' ? answer.payload : answer.payload.errors
    expect(errors[0].extensions.code).toBe(code)
    for (const { extensions } of errors) expect(extensions).not.toHaveProperty('http')
    expect(answer.payload.extensions).toBeUndefined()
  })
})
