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

/** Any numbers will do that nothing else on the server takes an advisory lock by. */
const LOCKS = { migration: 4_115_272_061, sample: 4_115_272_062 }

/** Connections beside Prisma's for the job queue, opened when it runs. */
const QUEUE_CONNECTIONS = 2

/** How long a statement of the start's look at the server may take. */
const PROBE_TIMEOUT_MS = 20_000

/** The queue's maintenance goes over whole tables. */
const QUEUE_LIMITS: SessionLimits = { ...STANDARD_LIMITS, statementTimeoutMs: 300_000 }

export interface ServerOptions {
  /** `postgres://user:password@host:port/database`, of the server or of a pooler before it. */
  url: string
  /** The same database by an address on which sessions can listen; null for the same address. */
  listenUrl?: string | null
  /** The most connections of the pool. */
  connections: number
  limits?: Partial<SessionLimits>
  log: Log
}

/**
 * Opens a pool of connections to a PostgreSQL server.
 *
 * @throws SetupError when the server cannot be reached, does not let us in, or is too old
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
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection was lost.'))
  const listener = await openListener({ url, listenUrl, route }, log)
  const queuePool = poolOf(QUEUE_CONNECTIONS, QUEUE_LIMITS)
  queuePool.on('error', (error) => log.warn({ err: error }, 'An idle connection of the queue was lost.'))
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

/** How the address is reached; the server behind it is one that we can use. */
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

/** A pool of one, never idle, is one session; the schema engine's adapter accepts nothing but a pool. */
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

/** Listening needs a session of its own, which a pooler that lends connections for a transaction does not give. */
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
      'DATABASE_LISTEN_URL names a pooler that lends connections for a transaction: ' +
        'set it to the address of PostgreSQL itself.',
    )
  }
  return createListener(poolConfig(address, settingsScope(found), NO_LIMITS), log)
}

/** What an operator should know of a pooler, for the log of the start. */
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
      'The "options" of DATABASE_URL are left out: the pooler refuses them. Use ALTER ROLE … SET.',
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
 * - With the limits that keep an abandoned statement from holding a connection, unless the address has others.
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

/** Names of statements for one pool. */
function statementNames(): (sql: string) => string {
  const names = new StatementNames()
  return (sql) => names.nameOf(sql)
}

/** Runs `work` on one session in one transaction, while no other process holds the same advisory lock. */
async function inSession<T>(
  session: pg.Pool,
  lock: number,
  work: (session: pg.Pool) => Promise<T>,
): Promise<T> {
  // A lost session shows in the query that needed it; unheard, the event would end the process.
  session.on('error', () => {})
  try {
    // A role may have limits of its own, and the schema may take longer.
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
    // The adapter's own executeScript cuts at every semicolon, also at those inside a function's body.
    adapter.executeScript = async (script) => {
      await session.query(script)
    }
    return adapter
  }
  return { provider: 'postgres', adapterName: factory.adapterName, connect, connectToShadowDb: connect }
}
