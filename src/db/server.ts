import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { SetupError } from '../base/errors.ts'
import type { Log, PrismaDriver } from './database.ts'
import { createListener } from './listener.ts'
import { findRoute, type Route } from './pooler.ts'
import {
  beginWith,
  clientFor,
  NO_LIMITS,
  type SessionLimits,
  type SettingsScope,
  STANDARD_LIMITS,
  setSession,
  settingsOf,
} from './session.ts'
import { StatementNames } from './statement-names.ts'
import { limitWriters, maxWriters } from './writers.ts'

/** Keys of advisory locks; any numbers that nothing else on the server uses. */
const LOCKS = { migration: 4_115_272_061, sample: 4_115_272_062 }

/** Additional connections for the job queue, opened when it runs. */
const QUEUE_CONNECTIONS = 2

/** The timeout of a statement while the connection is checked at the start, in ms. */
const PROBE_TIMEOUT_MS = 20_000

/** The queue's maintenance scans whole tables. */
const QUEUE_LIMITS: SessionLimits = { ...STANDARD_LIMITS, statementTimeoutMs: 300_000 }

export interface ServerOptions {
  /** `postgres://user:password@host:port/database`, of the server or of a pooler in front of it. */
  url: string
  /** The same database by an address that supports LISTEN; null for the same address. */
  listenUrl?: string | null
  /** The most connections of the pool. */
  connections: number
  limits?: Partial<SessionLimits>
  log: Log
}

/**
 * Opens a pool of connections to a PostgreSQL server.
 *
 * @throws SetupError when the server can't be reached, rejects the connection, or is too old
 */
export async function openServer(options: ServerOptions): Promise<PrismaDriver> {
  const { url, listenUrl, connections, log } = options
  const limits = { ...STANDARD_LIMITS, ...options.limits }
  const route = await findUsable(url)
  const by = settingsScope(route)
  const poolOf = (max: number, its: SessionLimits) =>
    // A connection keeps every statement that it has prepared.
    new pg.Pool({ ...poolConfig(url, by, its), max, maxLifetimeSeconds: 3_600 })
  const pool = poolOf(connections, limits)
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'))
  const listener = await openListener({ url, listenUrl, route }, log)
  const queuePool = poolOf(QUEUE_CONNECTIONS, QUEUE_LIMITS)
  queuePool.on('error', (error) => log.warn({ err: error }, 'an idle connection of the job queue was lost'))
  const naming = () => (route.keepsStatements ? statementNames() : () => '')
  const queue = { pool: queuePool, nameOf: naming() }
  const nameOf = naming()
  const exclusively = (lock: number, work: (session: pg.Pool) => Promise<unknown>) =>
    inSession(sessionPool(url, by), lock, work)
  return {
    kind: 'server',
    isNew: false,
    pooling: route.kind === 'transaction' && !listenUrl ? 'transaction' : 'session',
    warnings: poolerWarnings(route, url),
    adapter: limitWriters(
      new PrismaPg(pool, { statementNameGenerator: ({ sql }) => nameOf(sql) }),
      maxWriters(connections),
    ),
    listen: listener.listen,
    async rows({ name, text }, values) {
      const { rows } = await pool.query<unknown[]>({
        name: route.keepsStatements ? name : undefined,
        text,
        values: [...values],
        rowMode: 'array',
      })
      return rows
    },
    migrating: <T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>) =>
      exclusively(LOCKS.migration, (session) => work(migrationAdapter(session))) as Promise<T>,
    withExclusiveLock: <T>(work: () => Promise<T>) => exclusively(LOCKS.sample, work) as Promise<T>,
    problem: async () => null,
    executeSql: (text, values) => executeSql(queue, text, values),
    async close() {
      await listener.close()
      await queuePool.end()
      await pool.end()
    },
  }
}

/** Checks the server and detects a pooler. */
async function findUsable(url: string, setting = 'DATABASE_URL'): Promise<Route> {
  const config = poolConfig(url, 'session', NO_LIMITS)
  const plain = { ...config, onConnect: undefined, query_timeout: PROBE_TIMEOUT_MS }
  const pool = new pg.Pool({ ...plain, max: 1 })
  pool.on('error', () => {})
  try {
    await assertUsable(pool)
    return await findRoute(plain)
  } catch (error) {
    throw refusal(setting, url, error)
  } finally {
    await pool.end()
  }
}

/**
 * A pool with one connection that is never idle is one session; the schema engine's adapter requires a pool.
 */
function sessionPool(url: string, by: SettingsScope): pg.Pool {
  return new pg.Pool({ ...poolConfig(url, by, NO_LIMITS), max: 1, idleTimeoutMillis: 0 })
}

function settingsScope({ kind }: Route): SettingsScope {
  return kind === 'direct' ? 'connection' : kind
}

function poolConfig(url: string, by: SettingsScope, limits: SessionLimits): pg.PoolConfig {
  const isDirect = by === 'connection'
  return {
    connectionString: isDirect ? withSettings(url, limits) : withoutOptions(url),
    application_name: 'dateline',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    Client: clientFor(by, limits),
    onConnect: async (client) => {
      if (by === 'session') await client.query(setSession(limits))
    },
  }
}

/** Listening needs a session, which a pooler in transaction mode does not give. */
async function openListener(
  { url, listenUrl, route }: { url: string; listenUrl?: string | null; route: Route },
  log: Log,
) {
  if (!listenUrl && route.kind === 'transaction')
    return { listen: async () => async () => {}, close: async () => {} }
  const address = listenUrl ?? url
  const found = listenUrl ? await findUsable(listenUrl, 'DATABASE_LISTEN_URL') : route
  if (found.kind === 'transaction') {
    throw new SetupError(
      'DATABASE_LISTEN_URL names a pooler in transaction mode: ' +
        'set it to the address of PostgreSQL itself.',
    )
  }
  return createListener(poolConfig(address, settingsScope(found), NO_LIMITS), log)
}

/** Warnings about a pooler, for the log at the start. */
function poolerWarnings({ kind, keepsStatements, missingSettings }: Route, url: string): string[] {
  if (kind === 'direct') return []
  const role = `"${decodeURIComponent(new URL(url).username) || 'your role'}"`
  const warnings = [
    kind === 'session'
      ? 'DATABASE_URL names a connection pooler in session mode.'
      : `DATABASE_URL names a connection pooler in transaction mode: statements are ${keepsStatements ? 'prepared once' : 'not prepared, because it does not keep them'}.`,
  ]
  if (new URL(url).searchParams.has('options')) {
    warnings.push(
      'The "options" of DATABASE_URL are ignored because the pooler refuses them. Use ALTER ROLE … SET.',
    )
  }
  if (missingSettings.length > 0) {
    warnings.push(
      `Through the pooler the gateway cannot set up sessions. Run: ${missingSettings
        .map((setting) => `ALTER ROLE ${role} SET ${setting};`)
        .join(' ')}`,
    )
  }
  return warnings
}

/** Several statements in one text have no values and can't be prepared. */
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
 * Adds the session settings to the address.
 * - UTC: Prisma's adapter reads and writes times without their offset, which is correct in UTC only.
 * - No JIT, unless the address sets it: our statements take milliseconds, and one with many conditions is
 * compiled for seconds each time. With Debian's defaults a page of topics took 2.1 s instead of 0.01 s
 * (100,000 stories).
 * - Limits against abandoned statements that hold a connection, unless the address sets others.
 */
function withSettings(url: string, limits: SessionLimits): string {
  const address = new URL(url)
  const own = address.searchParams.get('options')
  const limited = settingsOf(limits).map((setting) => `-c ${setting.replaceAll(' ', '')}`)
  address.searchParams.set(
    'options',
    ['-c jit=off', ...limited, own, '-c TimeZone=UTC'].filter(Boolean).join(' '),
  )
  return address.href
}

/** Poolers refuse parameters that they do not know. */
function withoutOptions(url: string): string {
  const address = new URL(url)
  address.searchParams.delete('options')
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

function refusal(setting: string, url: string, error: unknown): SetupError {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  const server = `${host}:${port || searchParams.get('port') || '5432'}`
  const database = decodeURIComponent(pathname.slice(1))
  return new SetupError(
    `${setting} names a database that cannot be used: ${reason(error)} (server ${server}, database "${database}").`,
    { cause: error },
  )
}

/** The reason, without a password. */
function reason(error: unknown): string {
  if (error instanceof SetupError) return error.message
  const { code, message } = error as { code?: unknown; message?: unknown }
  switch (code) {
    case 'ECONNREFUSED':
      return 'no PostgreSQL server listens there; start it, or correct the address'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name does not exist; correct the address'
    case '28P01':
    case '28000':
      return 'the server rejects the user or password; correct them'
    case '3D000':
      return 'the server has no database with this name; create it first'
    default:
      return typeof message === 'string' && message ? message : String(code ?? 'the connection failed')
  }
}

/** Statement names for one pool. */
function statementNames(): (sql: string) => string {
  const names = new StatementNames()
  return (sql) => names.nameOf(sql)
}

/** Runs `work` on one session in one transaction, under an advisory lock. */
async function inSession<T>(
  session: pg.Pool,
  lock: number,
  work: (session: pg.Pool) => Promise<T>,
): Promise<T> {
  // A lost session fails its query; without a listener the event would end the process.
  session.on('error', () => {})
  try {
    // The role may have limits, and a migration may take longer.
    await session.query(beginWith(NO_LIMITS))
    await session.query('SELECT pg_advisory_xact_lock($1)', [lock])
    const result = await work(session)
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
    // The adapter's own executeScript splits at every semicolon, also inside function bodies.
    adapter.executeScript = async (script) => {
      await session.query(script)
    }
    return adapter
  }
  return { provider: 'postgres', adapterName: factory.adapterName, connect, connectToShadowDb: connect }
}
