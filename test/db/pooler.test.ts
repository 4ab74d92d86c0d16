import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { freshSettings } from '../support/database.ts'
import { startGateway, startInVain } from '../support/gateway.ts'
import { noPooler, startPooler } from '../support/pooler.ts'

const server = process.env.DATABASE_URL ?? ''

// .ci/run installs Debian's package; a machine without it has nothing to test.
describe.runIf(server && !noPooler)('behind PgBouncer', { timeout: 120_000 }, () => {
  test('in transaction mode a gateway starts on an empty newsroom, answers, and says what it needs', async () => {
    await using settings = await freshSettings()
    await using pooler = await startPooler(server, 'transaction')
    const DATABASE_URL = pooler.through(settings.env.DATABASE_URL as string)
    await using gateway = await startGateway({ ...settings.env, DATABASE_URL, SAMPLE: 'on' })
    // More at once than the pool has connections, so that statements meet connections that do not know them.
    const answers = await Promise.all(
      Array.from({ length: 30 }, () =>
        gateway.ask('{ articles(first: 50) { edges { node { headline topic { slug } } } } }'),
      ),
    )
    for (const { articles } of answers) expect(articles.edges.length).toBeGreaterThanOrEqual(12)
    const said = gateway.stderr()
    expect(said).toContain('a connection pooler in transaction mode')
    expect(said).toMatch(/Set DATABASE_LISTEN_URL to the direct address of PostgreSQL, or set REDIS_URL/)
    expect(said).toMatch(/ALTER ROLE .* SET jit = off;/)
    expect(said).not.toMatch(/prepared statement .* does not exist/)
    expect(await gateway.stop()).toBe(0)
  })

  test('in transaction mode transactions have their limits, and every statement its time zone', async () => {
    await using settings = await freshSettings()
    await using pooler = await startPooler(server, 'transaction')
    const url = pooler.through(settings.env.DATABASE_URL as string)
    const { prisma, pooling, close } = await openDatabase({ url, dataDir: '' })
    expect(pooling).toBe('transaction')
    expect(
      await prisma.$transaction(
        (tx) => tx.$queryRaw`SELECT current_setting('lock_timeout') AS lock,
          current_setting('statement_timeout') AS statement, current_setting('jit') AS jit,
          current_setting('TimeZone') AS zone`,
      ),
    ).toEqual([{ lock: '10s', statement: '15s', jit: 'off', zone: 'UTC' }])
    expect(await prisma.$queryRaw`SELECT current_setting('TimeZone') AS zone`).toEqual([{ zone: 'UTC' }])
    await close()
  })

  test('in transaction mode notifications come over DATABASE_LISTEN_URL', async () => {
    await using settings = await freshSettings()
    await using pooler = await startPooler(server, 'transaction')
    const listenUrl = settings.env.DATABASE_URL as string
    const database = await openDatabase({ url: pooler.through(listenUrl), listenUrl, dataDir: '' })
    expect(database.pooling).toBe('session')
    const heard = Promise.withResolvers<string>()
    await database.listen('news', heard.resolve)
    await database.prisma.$executeRaw`SELECT pg_notify('news', 'hello')`
    expect(await heard.promise).toBe('hello')
    await database.close()
  })

  test('in session mode sessions are set up, statements are prepared, and notifications come', async () => {
    await using settings = await freshSettings()
    await using pooler = await startPooler(server, 'session')
    const url = pooler.through(settings.env.DATABASE_URL as string)
    const database = await openDatabase({ url, dataDir: '', connections: 1 })
    expect(database.warnings).toEqual(['DATABASE_URL names a connection pooler in session mode.'])
    expect(
      await database.prisma.$queryRaw`SELECT current_setting('lock_timeout') AS lock,
        current_setting('jit') AS jit, current_setting('TimeZone') AS zone`,
    ).toEqual([{ lock: '10s', jit: 'off', zone: 'UTC' }])
    const prepared = () => database.prisma.$queryRaw<object[]>`SELECT name::text FROM pg_prepared_statements`
    // What is asked a third time is prepared.
    await prepared()
    await prepared()
    await prepared()
    expect((await prepared()).length).toBeGreaterThan(0)
    const heard = Promise.withResolvers<string>()
    await database.listen('news', heard.resolve)
    await database.prisma.$executeRaw`SELECT pg_notify('news', 'hello')`
    expect(await heard.promise).toBe('hello')
    await database.close()
  })

  test('in statement mode the start fails with one line that says which modes will do', async () => {
    await using settings = await freshSettings()
    await using pooler = await startPooler(server, 'statement')
    const DATABASE_URL = pooler.through(settings.env.DATABASE_URL as string)
    const { code, stderr } = await startInVain({ ...settings.env, DATABASE_URL })
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(stderr).toContain('set its pool_mode to transaction or session')
  })
})
