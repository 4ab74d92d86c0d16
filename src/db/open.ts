import { PrismaClient } from './client/client.ts'
import type { Database, Log, PrismaDriver } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { openServer } from './server.ts'
import type { SessionLimits } from './session.ts'

export type { Database } from './database.ts'

export interface OpenOptions {
  /** A PostgreSQL server, as `postgres://…`; without it the embedded database in `dataDir` opens. */
  url?: string | null
  /** The folder of the embedded database, made when missing; `memory://` keeps it in memory. */
  dataDir: string
  /** What a database in memory starts from: the dump of another one. */
  image?: Blob
  /** The same server by an address on which sessions can listen, where `url` names a pooler. */
  listenUrl?: string | null
  /** How many connections to the server are open at most; 10 by default. */
  connections?: number
  /** Other limits of a session on the server than the usual ones, for tests. */
  limits?: Partial<SessionLimits>
  /** Called with the text of each SQL statement that is sent, but for those of migrations. */
  onStatement?: (sql: string) => void
  log?: Log
}

/** Opens the database and brings its tables up to date. */
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
 * @throws SetupError when the server does not let us in, or when the folder is in use or cannot be read
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { url, listenUrl, dataDir, image, connections = 10, limits, log = silence } = options
  const driver = url
    ? await openServer({ url, listenUrl, connections, limits, log })
    : await openEmbedded(dataDir, image)
  return withPrisma(driver, options.onStatement)
}

/** Puts the Prisma client on an opened driver; closing the database closes both. */
export function withPrisma(driver: PrismaDriver, onStatement?: (sql: string) => void): Database {
  const prisma = new PrismaClient({
    adapter: driver.adapter,
    log: onStatement ? [{ emit: 'event', level: 'query' }] : [],
    // The embedded database runs one transaction after the other, so a transaction may have to wait its turn.
    transactionOptions: { maxWait: 20_000, timeout: 30_000 },
  })
  if (onStatement) prisma.$on('query', (event) => onStatement(event.query))
  return {
    kind: driver.kind,
    isNew: driver.isNew,
    pooling: driver.pooling,
    warnings: driver.warnings,
    prisma,
    listen: driver.listen,
    rows(statement, values) {
      onStatement?.(statement.text)
      return driver.rows(statement, values)
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
