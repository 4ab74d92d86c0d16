import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { SetupError } from '../base/errors.ts'
import type { Log, PrismaDriver } from './database.ts'
import { createListener } from './listener.ts'
import { GATEWAY_LOCK_KEYS, LOCK_GATEWAYS_SQL } from './locks.ts'
import type { Route } from './pooler.ts'
import { findUsable, poolerWarnings } from './server-check.ts'
import { poolConfig, sessionPool, settingsScope } from './server-pool.ts'
import { beginWith, NO_LIMITS, type SessionLimits, STANDARD_LIMITS } from './session.ts'
import { StatementNames } from './statement-names.ts'
import { limitWriters, maxWriters } from './writers.ts'

/** Additional connections for the job queue, opened when it runs. */
const QUEUE_CONNECTIONS = 2

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
  const pollPool = poolOf(1, limits)
  pollPool.on('error', (error) => log.warn({ err: error }, 'the connection for polls was lost'))
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
    rows: rowsOf(pool, route, nameOf),
    pollRows: rowsOf(pollPool, route, naming()),
    migrating: <T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>) =>
      exclusively(GATEWAY_LOCK_KEYS.migration, (session) => work(migrationAdapter(session))) as Promise<T>,
    withExclusiveLock: <T>(work: () => Promise<T>) =>
      exclusively(GATEWAY_LOCK_KEYS.sample, work) as Promise<T>,
    problem: async () => null,
    executeSql: (text, values) => executeSql(queue, text, values),
    async close() {
      await listener.close()
      await queuePool.end()
      await pollPool.end()
      await pool.end()
    },
  }
}

function rowsOf(
  pool: pg.Pool,
  { keepsStatements }: Route,
  nameOf: (sql: string) => string,
): PrismaDriver['rows'] {
  return async ({ text, name = nameOf(text) }, values) => {
    const query = { name: keepsStatements ? name : undefined, text, values: [...values] }
    const { rows } = await pool.query<unknown[]>({ ...query, rowMode: 'array' })
    return rows
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
        'set it to the direct address of PostgreSQL.',
    )
  }
  return createListener(poolConfig(address, settingsScope(found), NO_LIMITS), log)
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
    await session.query(LOCK_GATEWAYS_SQL, [lock])
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
