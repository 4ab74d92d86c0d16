import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { errorSerializer, type LoggedError } from '../../src/config/log.ts'
import { runFile } from '../support/processes.ts'
import { scratchFolder } from '../support/shell.ts'

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

describe('a secret', () => {
  test.each([
    ['an address of IPv6', 'postgres://u:longpass@[fd00::7]:5432/n', 'at fd00::7 and [fd00::7]:5432'],
    ['a name with its port', 'postgres://u:longpass@db.example:5432/n', 'db.example:5432 db.example'],
    ['a password as it is written in the address', 'postgres://u:a%2Fb%40c@h/n', 'a%2Fb%40c'],
    ['a password as it is', 'postgres://u:a%2Fb%40c@h/n', 'a/b@c'],
    ['a password of three letters', 'postgres://u:abc@h/n', 'abc'],
  ])('is hidden: %s', (_what, url, message) => {
    for (const config of [
      { databaseUrl: url, redisUrl: null },
      { databaseUrl: null, redisUrl: url },
    ]) {
      const shown = errorSerializer(config)(new Error(message))
      expect(shown.message.replaceAll('[hidden]', '').replace(/[\s:\d]|and|at/g, '')).toBe('')
      expect(shown.stack?.split('\n')[0]).toBe(`Error: ${shown.message}`)
    }
  })

  test('is no name of one word, nor text of two letters, which stand in other texts too', () => {
    const serialize = errorSerializer({ databaseUrl: 'postgres://u:pw@localhost/n', redisUrl: null })
    expect(serialize(new Error('pw is no word, localhost is')).message).toBe('pw is no word, localhost is')
  })

  test.each([
    ['Access denied for role "ada"', 'Access denied for role "[hidden]"'],
    ["user name 'ada' is unknown", "user name '[hidden]' is unknown"],
    ['database name `news` is unknown', 'database name `[hidden]` is unknown'],
    [
      'Authentication failed against the server at "db"',
      'Authentication failed against the server at "[hidden]"',
    ],
    ['credentials for `ada` are not valid', 'credentials for `[hidden]` are not valid'],
    ['getaddrinfo EAI_AGAIN db', 'getaddrinfo EAI_AGAIN [hidden]'],
    ['redis://ada:x@db:6379 is away', 'redis://[hidden] is away'],
    ['see "rediss://db" there', 'see "rediss://[hidden]" there'],
  ])("is taken out of the drivers' words: %s", (message, shown) => {
    expect(errorSerializer({ databaseUrl: null, redisUrl: null })(new Error(message)).message).toBe(shown)
  })
})

test('causes are written five deep, also those that Prisma hangs elsewhere', () => {
  let error: Error = new Error('cause 7')
  for (let depth = 6; depth >= 0; depth--) error = new Error(`cause ${depth}`, { cause: error })
  const told: string[] = []
  for (let at: LoggedError | undefined = serialize(error); at; at = at.cause) told.push(at.message)
  expect(told).toEqual(['cause 0', 'cause 1', 'cause 2', 'cause 3', 'cause 4', 'cause 5'])
  const prisma = Object.assign(new Error('failed'), { meta: { driverAdapterError: new Error('why') } })
  expect(serialize(prisma).cause).toMatchObject({ message: 'why' })
})

test('a code is written when it is a text or a number, and not when it is anything else', () => {
  const withCode = (code: unknown) => serialize(Object.assign(new Error('x'), { code }))
  expect(withCode('57P01')).toHaveProperty('code', '57P01')
  expect(withCode(5)).toHaveProperty('code', 5)
  for (const code of [undefined, null, {}]) expect(withCode(code)).not.toHaveProperty('code')
})

test('the log is a JSON object for each line on standard error, from its level on', async () => {
  await using folder = await scratchFolder()
  const file = join(folder.path, 'log.mjs')
  const library = pathToFileURL(join(import.meta.dirname, '../../src/config/log.ts')).href
  await writeFile(
    file,
    `import { createLog } from '${library}'
    const log = createLog({ logLevel: 'warn', databaseUrl: '${databaseUrl}', redisUrl: null })
    log.info('not this')
    log.warn({ err: new Error('at db.internal.example') }, 'this')`,
  )
  const { stdout, stderr } = await runFile(file, [], {})
  expect(stdout).toBe('')
  expect(JSON.parse(stderr)).toMatchObject({
    name: 'dateline',
    level: 40,
    msg: 'this',
    err: { message: 'at [hidden]' },
  })
})
