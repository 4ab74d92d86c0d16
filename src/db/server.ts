import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { SetupError } from '../errors.ts'
import type { Log, PrismaDriver } from './database.ts'
import { createListener } from './listener.ts'
import { StatementNames } from './statement-names.ts'

/** Any number will do that nothing else on the server takes an advisory lock by. */
const migrationLock = 4_115_272_061

/**
 * How long a statement may take, in ms. A connection can fall silent without being closed, behind a firewall or
 * a proxy that forgot it: whoever waits on it fails then, it is thrown away, and the next attempt has another.
 */
const PATIENCE = 20_000

/** Connections beside Prisma's for the job queue, opened when it runs. */
const QUEUE_CONNECTIONS = 2

/**
 * Opens a pool of connections to a PostgreSQL server.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws SetupError when the server cannot be reached, does not let us in, or is too old
 */
export async function openServer(url: string, connections: number, log: Log): Promise<PrismaDriver> {
  const config: pg.PoolConfig = {
    connectionString: withSettings(url),
    application_name: 'dateline',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // A connection keeps every statement that it has prepared.
    maxLifetimeSeconds: 3_600,
  }
  const pool = new pg.Pool({ ...config, max: connections, query_timeout: PATIENCE })
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection was lost.'))
  try {
    await assertUsable(pool)
  } catch (error) {
    await pool.end()
    throw refusal(url, error)
  }
  const listener = createListener(config, log)
  const queuePool = new pg.Pool({ ...config, max: QUEUE_CONNECTIONS })
  queuePool.on('error', (error) => log.warn({ err: error }, 'An idle connection of the queue was lost.'))
  const queueNames = new StatementNames()
  const queue = { pool: queuePool, nameOf: (sql: string) => queueNames.nameOf(sql) }
  const names = new StatementNames()
  return {
    kind: 'server',
    isNew: false,
    adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => names.nameOf(sql) }),
    listen: listener.listen,
    async rows({ name, text }, values) {
      const { rows } = await pool.query<unknown[]>({ name, text, values: [...values], rowMode: 'array' })
      return rows
    },
    migrating: (work) => migrating(config, work),
    executeSql: (text, values) => executeSql(queue, text, values),
    async close() {
      await listener.close()
      await queuePool.end()
      await pool.end()
    },
  }
}

/** Several statements in one text have no values, and cannot be prepared. */
async function executeSql(
  { pool, nameOf }: { pool: pg.Pool; nameOf: (sql: string) => string },
  text: string,
  values?: unknown[],
): Promise<{ rows: Record<string, unknown>[] }> {
  if (values?.length) return pool.query({ name: nameOf(text), text, values })
  const result: pg.QueryResult | pg.QueryResult[] = await pool.query(text)
  return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result
}

/**
 * The address with what a session of ours is to be like.
 * - In UTC: Prisma's adapter reads and writes times without their offset, which is right nowhere else.
 * - Without compiling statements to machine code, unless the address asks for it: our statements are answered in
 *   milliseconds, and one with many conditions is compiled for seconds, each time it is sent. On the server of
 *   Debian, which does that by default, a page of topics took 2.1 s, and takes 0.01 s (100,000 stories).
 */
function withSettings(url: string): string {
  const address = new URL(url)
  const own = address.searchParams.get('options')
  address.searchParams.set('options', ['-c jit=off', own, '-c TimeZone=UTC'].filter(Boolean).join(' '))
  return address.href
}

async function assertUsable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
  )
  const { version = 0, encoding = 'unknown' } = rows[0] ?? {}
  if (version < 150_000) throw new SetupError('it runs PostgreSQL older than 15')
  if (encoding !== 'UTF8') throw new SetupError(`its encoding is ${encoding} and must be UTF8`)
}

function refusal(url: string, error: unknown): SetupError {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  const server = `${host}:${port || searchParams.get('port') || '5432'}`
  const database = decodeURIComponent(pathname.slice(1))
  return new SetupError(
    `DATABASE_URL names a database that cannot be used: ${reason(error)} (server ${server}, database "${database}").`,
    { cause: error },
  )
}

/** Why, in words that hold no password. */
function reason(error: unknown): string {
  if (error instanceof SetupError) return error.message
  const { code, message } = error as { code?: unknown; message?: unknown }
  switch (code) {
    case 'ECONNREFUSED':
      return 'no PostgreSQL server listens there; start it, or correct the address'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no host has that name'
    case '28P01':
    case '28000':
      return 'the server refuses this user or password'
    case '3D000':
      return 'the server has no database of that name; create it first'
    default:
      return typeof message === 'string' && message ? message : String(code ?? 'the connection failed')
  }
}

async function migrating<T>(
  config: pg.PoolConfig,
  work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  // A pool of one, never idle, is one session; the schema engine's adapter accepts nothing but a pool.
  const session = new pg.Pool({ ...config, max: 1, idleTimeoutMillis: 0 })
  // A lost session shows in the query that needed it; unheard, the event would end the process.
  session.on('error', () => {})
  try {
    await session.query('BEGIN')
    await session.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    const result = await work(migrationAdapter(session))
    await session.query('COMMIT')
    return result
  } finally {
    await session.end()
  }
}

function migrationAdapter(session: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(session)
  const connect = async () => {
    const adapter = await factory.connect()
    // The adapter's own executeScript cuts at every semicolon, also at those inside a function's body.
    adapter.executeScript = async (script) => {
      await session.query(script)
    }
    return adapter
  }
  return { provider: 'postgres', adapterName: factory.adapterName, connect, connectToShadowDb: connect }
}
