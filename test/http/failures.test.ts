import { GraphQLError } from 'graphql'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AnyErrorCode } from '../../src/base/error-codes.ts'
import {
  DomainError,
  Forbidden,
  InvalidInput,
  NotFound,
  NotSignedIn,
  QuotaExceeded,
  RateLimited,
  TemporarilyUnavailable,
  UnsupportedEncoding,
} from '../../src/base/errors.ts'
import { respondWithError } from '../../src/http/error-response.ts'
import { errorMask, httpError } from '../../src/http/errors.ts'
import { messageWithoutValue, withoutValue } from '../../src/http/graphql/request-errors.ts'
import { statusOf } from '../../src/http/status.ts'
import type { Json } from '../support/json.ts'

// What each kind of failure becomes: a status and headers, words for the client, and a line in the log.

const lines: { details: Json; message: string }[] = []
/** A log is told of an outage once in a while: each test has its own. */
let log: { error(details: object, message: string): void }

beforeEach(() => {
  lines.length = 0
  log = { error: (details, message) => void lines.push({ details, message }) }
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.advanceTimersByTime(1)
})
afterEach(() => vi.useRealTimers())

class Failure extends DomainError {}
const failure = (code: AnyErrorCode) => new Failure(code, 'It failed.')
const lost = () => Object.assign(new Error('secret address'), { code: 'ECONNREFUSED' })

describe('the status of a failure of a whole request', () => {
  const bearer = { 'www-authenticate': 'Bearer' }

  test.each<[AnyErrorCode, number, object]>([
    ['INVALID_INPUT', 400, {}],
    ['COMMENTS_CLOSED', 400, {}],
    ['NOT_SIGNED_IN', 401, bearer],
    ['TOKEN_EXPIRED', 401, bearer],
    ['FORBIDDEN', 403, {}],
    ['NOT_FOUND', 404, {}],
    ['CONFLICT', 409, {}],
    ['UNKNOWN_CURSOR', 410, {}],
    ['ARTICLE_GONE', 410, {}],
    ['UNSUPPORTED_MEDIA_TYPE', 415, { 'accept-encoding': 'identity' }],
    ['QUOTA_EXCEEDED', 429, {}],
    ['RATE_LIMITED', 429, {}],
    ['TEMPORARILY_UNAVAILABLE', 503, { 'retry-after': '5' }],
  ])('%s: %i', (code, status, headers) => {
    expect(statusOf(failure(code))).toEqual({ status, headers })
  })

  test('says when to come again where that is known', () => {
    expect(statusOf(new RateLimited('Slow.', 17)).headers).toEqual({ 'retry-after': '17' })
    expect(statusOf(new QuotaExceeded('day', 42)).headers).toEqual({ 'retry-after': '42' })
  })

  test('stands in a GraphQL error too, and is left out for application/json but for 429', () => {
    const http = (error: DomainError) => httpError(error).extensions
    expect(http(new NotSignedIn('Who?'))).toEqual({
      code: 'NOT_SIGNED_IN',
      http: { status: 401, headers: bearer, spec: true },
    })
    expect(http(new RateLimited('Slow.', 17))).toEqual({
      code: 'RATE_LIMITED',
      retryAfter: 17,
      http: { status: 429, headers: { 'retry-after': '17' }, spec: false },
    })
    expect(http(new QuotaExceeded('minute', 3))).toMatchObject({ retryAfter: 3, http: { spec: false } })
    expect(http(new TemporarilyUnavailable('Away.'))).toMatchObject({ http: { status: 503, spec: true } })
  })
})

describe('what a GraphQL client is shown', () => {
  const place = { path: ['articles', 0, 'headline'] }
  const thrown = (cause: Error) => new GraphQLError(cause.message, { ...place, originalError: cause })
  const shown = (error: unknown) => errorMask(log)(error, 'Unexpected error.') as GraphQLError

  test.each([
    ['its code', new NotFound('story'), { code: 'NOT_FOUND' }],
    ['its field', new InvalidInput('slug', 'No.'), { code: 'INVALID_INPUT', field: 'slug' }],
    ['its time to wait', new RateLimited('Slow.', 9), { code: 'RATE_LIMITED', retryAfter: 9 }],
    [
      'the time until a quota begins anew',
      new QuotaExceeded('day', 8),
      {
        code: 'QUOTA_EXCEEDED',
        retryAfter: 8,
        // Yoga takes this as the status of the response, as for a request that is refused as a whole.
        http: { status: 429, headers: { 'retry-after': '8' }, spec: false },
      },
    ],
    ['nothing else', new Forbidden('No.'), { code: 'FORBIDDEN' }],
  ])('of a failure that was foreseen: its own words, its place, and %s', (_what, cause, extensions) => {
    for (const error of [
      thrown(cause),
      new GraphQLError('Wrapped', { ...place, originalError: thrown(cause) }),
    ]) {
      const answer = shown(error)
      expect(answer).toBeInstanceOf(GraphQLError)
      expect([answer.message, answer.path, answer.extensions]).toEqual([
        cause.message,
        place.path,
        extensions,
      ])
    }
    expect(shown(cause).extensions).toEqual(extensions)
    expect(lines).toEqual([])
  })

  test.each([
    ['in a resolver', () => thrown(new Error('secret'))],
    [
      'in an error with a code',
      () =>
        new GraphQLError('secret', { originalError: new Error('secret'), extensions: { code: 'NOT_FOUND' } }),
    ],
    ['outside of all resolvers', () => new Error('secret')],
    ['that is no error', () => 'secret'],
  ])('of a fault %s: nothing, and the log has it', (_where, make) => {
    const answer = shown(make())
    expect([answer.message, answer.extensions]).toEqual([
      'Unexpected error.',
      { code: 'INTERNAL_SERVER_ERROR' },
    ])
    expect(JSON.stringify(answer)).not.toContain('secret')
    expect(lines).toMatchObject([{ message: 'unexpected error' }])
    expect(String(lines[0]?.details.err.message ?? lines[0]?.details.err)).toBe('secret')
  })

  test('the place of a fault, but not its words', () => {
    expect(shown(thrown(new Error('secret'))).path).toEqual(place.path)
  })

  test('a complaint with a code as it is', () => {
    const complaint = new GraphQLError('Too large.', { extensions: { code: 'QUERY_TOO_LARGE' } })
    expect(shown(complaint)).toBe(complaint)
  })

  test('while the database is away, that it may try again; and the log says so once in five seconds', () => {
    for (const error of [thrown(lost()), lost()]) {
      const answer = shown(error)
      expect(answer.message).toBe("The gateway can't answer at the moment. Try again in a few seconds.")
      expect(answer.extensions).toEqual({ code: 'TEMPORARILY_UNAVAILABLE' })
    }
    const said = () => lines.map(({ message }) => message)
    const words = 'the database does not respond; clients receive the error TEMPORARILY_UNAVAILABLE'
    expect(said()).toEqual([words])
    expect(lines[0]?.details.err.code).toBe('ECONNREFUSED')
    vi.advanceTimersByTime(5_000)
    shown(lost())
    expect(said()).toEqual([words])
    vi.advanceTimersByTime(1)
    shown(lost())
    expect(said()).toEqual([words, words])
  })

  test('another log is told of the outage too', () => {
    shown(lost())
    const others: string[] = []
    errorMask({ error: (_details, message) => void others.push(message) })(lost(), '')
    expect([lines.length, others.length]).toEqual([1, 1])
  })
})

describe('what a client of plain HTTP is answered', () => {
  function answered(error: unknown, headersSent = false) {
    const answer = { headersSent, status: 0, headers: {} as object, body: '', destroyed: false }
    const response = {
      headersSent,
      writeHead(status: number, headers: object) {
        Object.assign(answer, { status, headers })
        return response
      },
      end(body: string) {
        answer.body = body
      },
      destroy() {
        answer.destroyed = true
      },
    }
    respondWithError(response as never, error, log)
    return answer
  }
  const common = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

  test('of a failure that was foreseen: its status, headers, code and words', () => {
    expect(answered(new NotSignedIn('Who?'))).toMatchObject({
      status: 401,
      headers: { ...common, 'www-authenticate': 'Bearer' },
      body: '{"error":{"code":"NOT_SIGNED_IN","message":"Who?"}}\n',
    })
    expect(answered(new UnsupportedEncoding())).toMatchObject({
      status: 415,
      headers: { ...common, 'accept-encoding': 'identity' },
    })
    expect(lines).toEqual([])
  })

  test('with the details that it has', () => {
    class Detailed extends DomainError {
      override readonly details = { articleId: 'a' }
    }
    expect(JSON.parse(answered(new Detailed('NOT_FOUND', 'Gone.')).body)).toEqual({
      error: { code: 'NOT_FOUND', message: 'Gone.', articleId: 'a' },
    })
  })

  test('while the database is away: 503, and when to come again', () => {
    expect(answered(lost())).toMatchObject({
      status: 503,
      headers: { ...common, 'retry-after': '5' },
      body: expect.not.stringContaining('secret'),
    })
  })

  test('of a fault: 500 and nothing of it, and the log has it', () => {
    const { status, headers, body } = answered(new Error('secret'))
    expect({ status, headers, body }).toEqual({
      status: 500,
      headers: { ...common, 'content-length': 73, 'x-content-type-options': 'nosniff' },
      body: '{"error":{"code":"INTERNAL_SERVER_ERROR","message":"Unexpected error."}}\n',
    })
    expect(lines).toMatchObject([{ message: 'unexpected error', details: { err: { message: 'secret' } } }])
  })

  test('behind an answer that has begun: nothing, but the connection is cut', () => {
    expect(answered(new Error('late'), true)).toMatchObject({ status: 0, body: '', destroyed: true })
    expect(lines).toHaveLength(1)
  })
})

describe('GraphQL’s own complaints', () => {
  test.each([
    ['Expected value of type "Int", found: "secret".', 'Expected value of type "Int".'],
    ['Expected Name; found: String "secret".', 'Expected Name.'],
    ['Int cannot represent non-integer value: "secret"', 'Int cannot represent non-integer value.'],
    [
      'Value "secret" does not exist in "CommentOrder" enum.',
      'The value does not exist in "CommentOrder" enum.',
    ],
    ['Variable "$n" has invalid value "secret": no.', 'Variable "$n" has an invalid value.'],
    ['Syntax Error: Unexpected String "secret".', 'Syntax Error: Unexpected a String.'],
    ['Syntax Error: Unexpected BlockString "secret\nmore".', 'Syntax Error: Unexpected a BlockString.'],
    ['Syntax Error: Unexpected Int "5".', 'Syntax Error: Unexpected a Int.'],
    ['Syntax Error: Unexpected Float "5.5".', 'Syntax Error: Unexpected a Float.'],
    ['Syntax Error: Unexpected Comment "secret".', 'Syntax Error: Unexpected a Comment.'],
    ['Cannot query field "a" on type "Query".', 'Cannot query field "a" on type "Query".'],
  ])('%j becomes %j', (message, told) => {
    expect(messageWithoutValue(message)).toBe(told)
  })

  test('are cut at 300 characters', () => {
    expect(messageWithoutValue('x'.repeat(300))).toBe('x'.repeat(300))
    expect(messageWithoutValue('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`)
  })

  test('name at most five places, and keep their path and code', () => {
    const node = (start: number) =>
      ({ kind: 'Name', loc: { start, source: { body: 'x'.repeat(99) } } }) as never
    const nodes = Array.from({ length: 9 }, (_, i) => node(i))
    const error = new GraphQLError('No.', { nodes, path: ['a'], extensions: { code: 'NOT_FOUND' } })
    expect(withoutValue(error)).toMatchObject({
      nodes: nodes.slice(0, 5),
      path: ['a'],
      extensions: { code: 'NOT_FOUND' },
    })
    expect(withoutValue(error).nodes).toHaveLength(5)
  })
})
