import { inspect } from 'node:util'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { errorSerializer } from '../src/log.ts'

const databaseUrl = 'postgres://news_user:pa55%2Fword@db.internal.example:5432/news'
const redisUrl = 'rediss://cache_user:s3cret@cache.internal.example:6380'
const serialize = errorSerializer({ databaseUrl, redisUrl })

const SECRETS = /news_user|pa55|db\.internal|cache_user|s3cret|cache\.internal|10\.1\.2\.3|secretKey|fd00::7/

describe('a logged error', () => {
  test('has its name, message, code, stack and causes, and nothing that a driver hung on it', () => {
    const client = new pg.Client({ connectionString: databaseUrl })
    const cause = Object.assign(new Error('Connection terminated unexpectedly'), { client, code: '57P01' })
    const error = Object.assign(new TypeError('no answer', { cause }), { client, params: ['pa55/word'] })
    const logged = serialize(error)
    expect(Object.keys(logged).sort()).toEqual(['cause', 'message', 'name', 'stack'])
    expect(logged).toMatchObject({
      name: 'TypeError',
      message: 'no answer',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'Error', message: 'Connection terminated unexpectedly', code: '57P01' },
    })
    expect(inspect(logged, { depth: null })).not.toMatch(SECRETS)
  })

  test.each([
    ['connect ECONNREFUSED 10.1.2.3:5432', 'connect ECONNREFUSED [hidden]'],
    ['connect ETIMEDOUT fd00::7:5432', 'connect ETIMEDOUT [hidden]'],
    ['getaddrinfo ENOTFOUND db.internal.example', 'getaddrinfo ENOTFOUND [hidden]'],
    [
      'password authentication failed for user "news_user"',
      'password authentication failed for user "[hidden]"',
    ],
    [
      'no pg_hba.conf entry for host "10.1.2.3", user "news_user", database "news", no encryption',
      'no pg_hba.conf entry for host "[hidden]", user "[hidden]", database "[hidden]", no encryption',
    ],
    [
      "Can't reach database server at `db.internal.example:5432`",
      "Can't reach database server at `[hidden]`",
    ],
    [`could not connect to ${databaseUrl}`, 'could not connect to [hidden]'],
    ['see postgresql://other:pa55@10.1.2.3/x', 'see postgresql://[hidden]'],
    ['the password pa55/word is wrong', 'the password [hidden] is wrong'],
    [`cannot read ${redisUrl}/0`, 'cannot read [hidden]/0'],
    ['relation "Article" does not exist', 'relation "Article" does not exist'],
  ])('%s', (message, shown) => {
    const logged = serialize(new Error(message))
    expect(logged.message).toBe(shown)
    expect(inspect(logged)).not.toMatch(SECRETS)
  })

  test('ends where causes go round in a circle, and may be no error at all', () => {
    const error = new Error('round')
    error.cause = error
    expect(inspect(serialize(error), { depth: null })).toContain('round')
    expect(serialize(`pa55/word`)).toEqual({ name: 'Error', message: '[hidden]' })
    expect(serialize(undefined)).toEqual({ name: 'Error', message: 'undefined' })
  })
})
