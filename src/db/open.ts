import { PrismaClient } from './client/client.ts'
import type { Database, Log, PrismaDriver } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { openServer } from './server.ts'
import type { SessionLimits } from './session.ts'

export type { Database } from './database.ts'

export interface OpenOptions {
  /** A PostgreSQL server, as `postgres://…`; without it the embedded database in `dataDir` is opened. */
  url?: string | null
  /** The folder of the embedded database, created when missing; `memory://` keeps it in memory. */
  dataDir: string
  /** The dump from which a database in memory starts. */
  image?: Blob
  /** Called before the embedded database is created in `dataDir`. */
  onCreate?: () => void
  /** The same database by an address that supports LISTEN, when `url` is that of a pooler. */
  listenUrl?: string | null
  /** The most connections to the server; 10 by default. */
  connections?: number
  /** Other session limits, for tests. */
  limits?: Partial<SessionLimits>
  /** Called with the text and values of each SQL statement, except those of migrations. */
  onStatement?: (sql: string, values: unknown[]) => void
  log?: Log
}

/** Opens the database and applies missing migrations. */
export async function openMigrated(options: OpenOptions): Promise<Database> {
  const database = await openDatabase(options)
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Opens the database as it is.
 *
 * @throws SetupError when the server rejects the connection, or when the folder is in use or can't be read
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { url, listenUrl, dataDir, image, onCreate, connections = 10, limits, log = silence } = options
  const driver = url
    ? await openServer({ url, listenUrl, connections, limits, log })
    : await openEmbedded(dataDir, image, onCreate)
  return withPrisma(driver, options.onStatement)
}

/** Adds the Prisma client to an open driver; closing the database closes both. */
export function withPrisma(
  driver: PrismaDriver,
  onStatement?: (sql: string, values: unknown[]) => void,
): Database {
  const prisma = new PrismaClient({
    adapter: driver.adapter,
    log: onStatement ? [{ emit: 'event', level: 'query' }] : [],
    // The embedded database runs one transaction at a time, so a transaction may have to wait.
    transactionOptions: { maxWait: 20_000, timeout: 30_000 },
  })
  if (onStatement) prisma.$on('query', (event) => onStatement(event.query, JSON.parse(event.params)))
  return {
    kind: driver.kind,
    isNew: driver.isNew,
    pooling: driver.pooling,
    warnings: driver.warnings,
    prisma,
    listen: driver.listen,
    rows(statement, values) {
      onStatement?.(statement.text, [...values])
      return driver.rows(statement, values)
    },
    pollRows(statement, values) {
      onStatement?.(statement.text, [...values])
      return driver.pollRows(statement, values)
    },
    migrating: driver.migrating,
    withExclusiveLock: driver.withExclusiveLock,
    problem: driver.problem,
    executeSql: driver.executeSql,
    async close() {
      await prisma.$disconnect()
      await driver.close()
    },
  }
}

const silence: Log = { warn() {} }
