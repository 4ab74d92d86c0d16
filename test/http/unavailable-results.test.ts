import { createSchema, createYoga } from 'graphql-yoga'
import { describe, expect, test } from 'vitest'
import { Forbidden, RateLimited, TemporarilyUnavailable } from '../../src/base/errors.ts'
import { isServerError } from '../../src/base/transient-errors.ts'
import { errorMask, httpError } from '../../src/http/errors.ts'
import { useUnavailableResults } from '../../src/http/graphql/unavailable-results.ts'
import { withoutHttp } from '../../src/http/websocket-results.ts'

// What a client is told when parts of an operation can't be read because the database is away.

const away = () => {
  throw new TemporarilyUnavailable('Away.')
}
const yoga = createYoga({
  schema: createSchema({
    typeDefs: `type Query { first: String away: String last: String nothing: String refused: String
      full: String busy: String must: String! }`,
    resolvers: {
      Query: {
        first: () => 'one',
        last: () => 'two',
        nothing: () => null,
        away,
        must: away,
        refused() {
          throw new Forbidden('No.')
        },
        full() {
          throw httpError(new RateLimited('Too much.', 7))
        },
        busy() {
          throw httpError(new TemporarilyUnavailable('Full.'))
        },
      },
    },
  }),
  plugins: [useUnavailableResults()],
  maskedErrors: { maskError: errorMask({ error() {} }), errorMessage: 'Unexpected error.' },
  logging: false,
})

async function ask(query: string, accept = 'application/graphql-response+json') {
  const response = await yoga.fetch('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  })
  const { data, errors = [] } = (await response.json()) as {
    data?: unknown
    errors?: { extensions: { code: string } }[]
  }
  const codes = errors.map(({ extensions }) => extensions.code)
  return { status: response.status, retryAfter: response.headers.get('retry-after'), data, codes }
}

const TEMPORARILY_UNAVAILABLE = 'TEMPORARILY_UNAVAILABLE'

describe('an operation of which a part was read is answered with that part, and status 200', () => {
  test.each([
    ['{ first away }', { first: 'one', away: null }],
    ['{ away first }', { away: null, first: 'one' }],
    ['{ nothing first away last }', { nothing: null, first: 'one', away: null, last: 'two' }],
  ])('%s', async (query, data) => {
    const answer = { status: 200, retryAfter: null, data, codes: [TEMPORARILY_UNAVAILABLE] }
    expect(await ask(query)).toEqual(answer)
    expect(await ask(query, 'application/json')).toEqual(answer)
  })
})

describe('an operation of which nothing was read is answered without data, and says when to come again', () => {
  test.each([
    ['{ away }', [TEMPORARILY_UNAVAILABLE]],
    ['{ a: away b: away }', [TEMPORARILY_UNAVAILABLE, TEMPORARILY_UNAVAILABLE]],
    ['{ away nothing }', [TEMPORARILY_UNAVAILABLE]],
    ['{ first must }', [TEMPORARILY_UNAVAILABLE]],
    ['{ refused away }', ['FORBIDDEN', TEMPORARILY_UNAVAILABLE]],
  ])('%s', async (query, codes) => {
    const answer = { retryAfter: '5', data: undefined, codes }
    expect(await ask(query)).toEqual({ ...answer, status: 503 })
    expect(await ask(query, 'application/json')).toEqual({ ...answer, status: 200 })
  })
})

test('other failures keep their data and their status', async () => {
  expect(await ask('{ refused }')).toEqual({
    status: 200,
    retryAfter: null,
    data: { refused: null },
    codes: ['FORBIDDEN'],
  })
  expect(await ask('{ nothing }')).toEqual({
    status: 200,
    retryAfter: null,
    data: { nothing: null },
    codes: [],
  })
  expect(await ask('{ full }')).toMatchObject({ status: 429, retryAfter: '7' })
  expect(await ask('{ busy }')).toMatchObject({ status: 503, retryAfter: '5', data: undefined })
})

describe('an operation that could not begin because of the gateway', () => {
  const failed = (...codes: string[]) => ({ errors: codes.map((code) => ({ extensions: { code } })) })

  test.each([
    ['is one whose database is away', failed('TEMPORARILY_UNAVAILABLE'), true],
    ['is one with a fault of ours', failed('INTERNAL_SERVER_ERROR'), true],
    ['is one with a fault of ours among others', failed('FORBIDDEN', 'INTERNAL_SERVER_ERROR'), true],
    ['is none that was refused', failed('FORBIDDEN'), false],
    ['is none that has data', { ...failed('INTERNAL_SERVER_ERROR'), data: null }, false],
    ['is none without errors', { data: {} }, false],
    ['is none with an empty list of errors', failed(), false],
    ['is no stream', {}, false],
  ])('%s', (_what, result, isOurs) => {
    expect(isServerError(result)).toBe(isOurs)
  })
})

test.each([
  [{ away: null }, 'TEMPORARILY_UNAVAILABLE', undefined],
  [null, 'TEMPORARILY_UNAVAILABLE', undefined],
  [{ result: null }, 'QUOTA_EXCEEDED', undefined],
  [{ away: null, first: 'one' }, 'TEMPORARILY_UNAVAILABLE', { away: null, first: 'one' }],
  [{ refused: null }, 'FORBIDDEN', { refused: null }],
])('over a websocket, the result is the same: %j with %s', (data, code, sent) => {
  const errors = [{ message: 'No.', extensions: { code, http: { status: 503 } } }]
  expect(withoutHttp({ data, errors })).toStrictEqual({
    ...(sent && { data: sent }),
    errors: [{ message: 'No.', extensions: { code } }],
  })
})
