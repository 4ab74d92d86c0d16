import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import {
  direct,
  type Reply,
  type ScriptedPostgres,
  type Sent,
  startScriptedPostgres,
} from '../support/scripted-postgres.ts'

// How a start finds out what it is connected to, on servers and poolers that the test plays.

const HINT = { timeout: 20_000 }
const SETTINGS =
  '-c lock_timeout=10000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000'

interface Pooler {
  /** The backend that a session of a client is on. */
  backend: (session: number) => number
  /** The names under which the server has a statement that was prepared under a name. */
  prepared?: (name: string) => string[]
  settings?: { jit: string; lock_timeout: string; statement_timeout: string }
}

const NO_SETTINGS = { jit: 'on', lock_timeout: '0', statement_timeout: '0' }

function pooler({ backend, prepared = () => [], settings = NO_SETTINGS }: Pooler) {
  return (sent: Sent): Reply => {
    if (sent.sql.includes('pg_backend_pid')) return [{ pid: backend(sent.session) }]
    if (sent.sql.includes('pg_prepared_statements')) {
      return prepared(sent.values[0] as string).map((name) => ({ name }))
    }
    return sent.sql.includes(`current_setting('jit')`) ? [settings] : direct(sent)
  }
}

const perSession = pooler({ backend: (session) => 9_000 + session })
const perTransaction = (more: Partial<Pooler> = {}) => pooler({ backend: () => 9_000, ...more })

async function open(
  server: ScriptedPostgres,
  { url = server.url, listenUrl }: { url?: string; listenUrl?: string } = {},
) {
  const database = await openDatabase({ url, listenUrl, dataDir: '', connections: 2 })
  return { ...database, [Symbol.asyncDispose]: () => database.close() }
}

/** Why a start fails. */
const refusal = (server: ScriptedPostgres, listenUrl?: string) =>
  openDatabase({ url: server.url, listenUrl, dataDir: '' }).then(
    () => 'it started',
    (error: Error) => error.message,
  )

describe('a server', HINT, () => {
  test('gets what a session is to be like with the connection, and what the address asks for behind it', async () => {
    await using server = await startScriptedPostgres()
    const url = `${server.url}?options=${encodeURIComponent('-c jit=on -c work_mem=8MB')}`
    await using database = await open(server, { url })
    await database.rows({ name: 'one', text: 'SELECT 1' }, [])
    expect(server.sessions.at(-1)).toMatchObject({
      user: 'ada',
      database: 'news',
      application_name: 'dateline',
      options: `-c jit=off ${SETTINGS} -c jit=on -c work_mem=8MB -c TimeZone=UTC`,
    })
    expect(database).toMatchObject({ kind: 'server', isNew: false, pooling: 'session', warnings: [] })
    expect(await database.problem()).toBeNull()
  })

  test('prepares what is read past Prisma under its name', async () => {
    await using server = await startScriptedPostgres((sent) =>
      sent.name ? [{ a: 1, b: 'x' }] : direct(sent),
    )
    await using database = await open(server)
    expect(await database.rows({ name: 'one', text: 'SELECT $1' }, ['v'])).toEqual([[1, 'x']])
    expect(server.sent.at(-1)).toMatchObject({ name: 'one', values: ['v'] })
  })

  test.each([
    [149_999, 'UTF8', 'its version is older than PostgreSQL 15; use a newer server'],
    [160_004, 'LATIN1', 'its encoding is LATIN1 and must be UTF8'],
    [160_004, 'SQL_ASCII', 'its encoding is SQL_ASCII and must be UTF8'],
  ])('of version %i and encoding %s is refused', async (version, encoding, reason) => {
    await using server = await startScriptedPostgres((sent) =>
      sent.sql.includes('server_version_num') ? [{ version, encoding }] : direct(sent),
    )
    expect(await refusal(server)).toBe(
      `DATABASE_URL names a database that cannot be used: ${reason} (server 127.0.0.1:${server.port}, database "news").`,
    )
  })

  test('of version 15.0 will do', async () => {
    await using server = await startScriptedPostgres((sent) =>
      sent.sql.includes('server_version_num') ? [{ version: 150_000, encoding: 'UTF8' }] : direct(sent),
    )
    expect(await refusal(server)).toBe('it started')
  })

  test.each([
    ['28P01', 'the server rejects the user or password; correct them'],
    ['28000', 'the server rejects the user or password; correct them'],
    ['3D000', 'the server has no database with this name; create it first'],
    ['53300', 'no entry'],
  ])('that refuses the session with %s gives the reason', async (code, reason) => {
    await using server = await startScriptedPostgres()
    server.refusal = { code }
    expect(await refusal(server)).toContain(`cannot be used: ${reason} (server`)
  })

  test('runs a migration, and work that no other gateway may do, in one transaction behind a lock', async () => {
    await using server = await startScriptedPostgres()
    await using database = await open(server)
    const begin =
      'BEGIN; SET LOCAL jit = off; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; ' +
      'SET LOCAL idle_in_transaction_session_timeout = 0'
    const sentFrom = (from: number) => server.sent.slice(from).map(({ sql, values }) => [sql, ...values])
    for (const [run, lock] of [
      [() => database.withExclusiveLock(async () => 'done'), '4115272062'],
      [() => database.migrating(async () => 'done'), '4115272061'],
    ] as const) {
      const from = server.sent.length
      expect(await run()).toBe('done')
      expect(sentFrom(from)).toEqual([[begin], ['SELECT pg_advisory_xact_lock($1)', lock], ['COMMIT']])
    }
    const from = server.sent.length
    await expect(database.withExclusiveLock(() => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
    expect(sentFrom(from)).toHaveLength(2)
  })
})

describe('a pooler', HINT, () => {
  test('that keeps a connection for each client is one in session mode', async () => {
    await using server = await startScriptedPostgres(perSession)
    await using database = await open(server)
    expect(database).toMatchObject({
      pooling: 'session',
      warnings: ['DATABASE_URL names a connection pooler in session mode.'],
    })
    await database.rows({ name: 'one', text: 'SELECT 1' }, [])
    expect(server.sessions.at(-1)).toMatchObject({ TimeZone: 'UTC' })
    expect(server.sessions.at(-1)).not.toHaveProperty('options')
    const [settings, statement] = server.sent.slice(-2)
    expect(settings?.sql).toMatch(/^SET jit = off; SET lock_timeout = 10000; /)
    expect(statement).toMatchObject({ sql: 'SELECT 1', name: 'one', session: settings?.session })
  })

  test.each<[string, (session: number, look: number) => number]>([
    ['two clients meet on one backend', () => 9_000],
    ['backends are handed out in turn', (_session, look) => 9_000 + (look % 2)],
    ['the backend of a client changes', (session, look) => 9_000 + 10 * session + (look > 4 ? 1 : 0)],
  ])('lends connections for a transaction where %s', async (_how, backend) => {
    let look = 0
    await using server = await startScriptedPostgres(
      pooler({ backend: (session) => backend(session, ++look) }),
    )
    await using database = await open(server)
    expect(database.pooling).toBe('transaction')
    // Nobody listens there, and nobody waits for it.
    await (await database.listen('news', () => {}))()
  })

  test.each<[string, (name: string) => string[], boolean]>([
    ['under a name of its own', () => ['PGBOUNCER_1'], true],
    ['under our name, which others do not know', (name) => [name], false],
    ['under none', () => [], false],
  ])('that has a prepared statement %s keeps it: %s', async (_how, prepared, keeps) => {
    await using server = await startScriptedPostgres(perTransaction({ prepared }))
    await using database = await open(server)
    expect(database.warnings[0]).toBe(
      'DATABASE_URL names a connection pooler in transaction mode: statements are ' +
        `${keeps ? 'prepared once' : 'not prepared, because the pooler does not support it'}.`,
    )
    await database.rows({ name: 'one', text: 'SELECT 1' }, [])
    expect(server.sent.at(-1)).toMatchObject({ sql: 'SELECT 1', values: [] })
    expect(server.sent.at(-1)?.name).toBe(keeps ? 'one' : undefined)
    const ours = server.sent.filter(({ sql }) => sql.startsWith('DEALLOCATE'))
    expect(ours).toHaveLength(prepared('x')[0] === 'x' ? 1 : 0)
  })

  test.each([
    [NO_SETTINGS, ['jit = off', "lock_timeout = '10s'", "statement_timeout = '15s'"]],
    [{ jit: 'off', lock_timeout: '0', statement_timeout: '5s' }, ["lock_timeout = '10s'"]],
    [{ jit: 'off', lock_timeout: '1s', statement_timeout: '5s' }, []],
  ])('leaves settings %j to the role: %j are to be set', async (settings, missing) => {
    await using server = await startScriptedPostgres(perTransaction({ settings }))
    await using database = await open(server)
    const run = missing.map((setting) => `ALTER ROLE "ada" SET ${setting};`).join(' ')
    expect(database.warnings.slice(1)).toEqual(
      missing.length > 0
        ? [`The gateway cannot configure sessions through the connection pooler. Run: ${run}`]
        : [],
    )
  })

  test('is not sent the options of the address, which is said', async () => {
    await using server = await startScriptedPostgres(perSession)
    await using database = await open(server, { url: `${server.url}?options=-c%20jit=on` })
    await database.rows({ name: 'one', text: 'SELECT 1' }, [])
    expect(server.sessions.at(-1)).not.toHaveProperty('options')
    expect(database.warnings[1]).toBe(
      'The "options" of DATABASE_URL are ignored because the pooler refuses them. Use ALTER ROLE … SET.',
    )
  })

  test('that lends connections for a statement is refused', async () => {
    const reply = perTransaction()
    await using server = await startScriptedPostgres((sent) =>
      sent.sql === 'BEGIN' ? { code: '08P01' } : reply(sent),
    )
    expect(await refusal(server)).toContain(
      'the pooler refuses transactions; set its pool_mode to transaction or session',
    )
  })

  test('is listened past over DATABASE_LISTEN_URL, which may not be such a pooler itself', async () => {
    await using server = await startScriptedPostgres(perTransaction())
    await using behind = await startScriptedPostgres()
    await using database = await open(server, { listenUrl: behind.url })
    expect(database.pooling).toBe('session')
    const heard = Promise.withResolvers<string>()
    await database.listen('news', heard.resolve)
    behind.notify('news', 'hello')
    expect(await heard.promise).toBe('hello')
    expect(await refusal(server, server.url)).toMatch(
      /^DATABASE_LISTEN_URL names a pooler in transaction mode/,
    )
    behind.refusal = { code: '28P01' }
    expect(await refusal(server, behind.url)).toMatch(
      /^DATABASE_LISTEN_URL names a database that cannot be used/,
    )
  })
})
