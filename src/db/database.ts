import type {
  SqlDriverAdapterFactory,
  SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { PrismaClient } from './client/client.ts'

/** The newsroom's PostgreSQL database, whether it is embedded in this process or on a server. */
export interface Database extends Driver {
  readonly prisma: PrismaClient
}

/** What the embedded database and a server each do in their own way. */
export interface Driver {
  readonly kind: 'embedded' | 'server'
  /** True when the embedded database was created by opening it now. */
  readonly isNew: boolean
  /** "transaction" behind a pooler that gives no session to listen on. */
  readonly pooling: 'session' | 'transaction'
  /** What an operator should know of the way to the database, for the log of the start. */
  readonly warnings: readonly string[]
  /**
   * Hears the notifications of committed transactions. A notification sent while the connection was lost is
   * never delivered: `onReconnect` says that some may have been missed.
   *
   * @param channel lower-case letters, digits and underscores
   * @returns a function that stops listening
   */
  listen(channel: string, onPayload: OnPayload, onReconnect?: () => void): Promise<() => Promise<void>>
  /**
   * Reads past Prisma, by a statement that is prepared once: for what is read so often that building and
   * parsing the same query again counts.
   *
   * @returns rows as lists of their columns: integers as numbers, moments as Dates, everything else as text
   */
  rows(statement: Statement, values: readonly unknown[]): Promise<unknown[][]>
  /**
   * Runs `work` on a connection of its own in one transaction, while no other process does the same on this
   * database. When `work` fails, it leaves no trace.
   */
  migrating<T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>
  /** Runs `work` while no other gateway on this database does. */
  withExclusiveLock<T>(work: () => Promise<T>): Promise<T>
  /** Says why the database cannot be written to, where that shows without a statement; null when it can. */
  problem(): Promise<string | null>
  /**
   * Runs SQL as it is, for the job queue, which brings its own tables: one statement with values, or any number
   * without, a whole transaction among them. It takes no connection that Prisma waits for.
   */
  executeSql: ExecuteSql
  close(): Promise<void>
}

export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>

/** A driver together with the door through which Prisma talks to it. */
export interface PrismaDriver extends Driver {
  readonly adapter: SqlDriverAdapterFactory
}

/** A statement that each connection to a server prepares when it first runs it. */
export interface Statement {
  /** No other statement has it. */
  name: string
  /** Its SQL, with `$1`, `$2`, … for the values. */
  text: string
}

export type OnPayload = (payload: string) => void

/** A place for warnings on what went wrong in the background; pino's loggers fit. */
export interface Log {
  warn(details: object, message: string): void
}

/** @throws Error when PostgreSQL would read the name as another one, or when it is too long for it */
export function assertChannel(channel: string): void {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(channel)) throw new Error(`"${channel}" is no channel name.`)
}
