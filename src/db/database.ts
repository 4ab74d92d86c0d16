import type {
  SqlDriverAdapterFactory,
  SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { PrismaClient } from './client/client.ts'

/** The newsroom's PostgreSQL database, embedded in this process or on a server. */
export interface Database extends Driver {
  readonly prisma: PrismaClient
}

/** What the embedded database and a server implement differently. */
export interface Driver {
  readonly kind: 'embedded' | 'server'
  /** Whether this process created the embedded database. */
  readonly isNew: boolean
  /** "transaction" behind a pooler that gives no session to listen on. */
  readonly pooling: 'session' | 'transaction'
  /** Warnings about the connection, for the log at the start. */
  readonly warnings: readonly string[]
  /**
   * Listens for notifications of committed transactions. Notifications sent while the connection is lost are
   * never delivered; `onReconnect` reports that.
   *
   * @param channel lower-case letters, digits and underscores
   * @returns a function that stops listening
   */
  listen(channel: string, onPayload: OnPayload, onReconnect?: () => void): Promise<() => Promise<void>>
  /**
   * Runs a prepared statement without Prisma, for reads so frequent that the time to build and parse a query
   * matters.
   *
   * @returns rows as arrays of columns: integers as numbers, times as Dates, JSON as its value, everything else as text
   */
  rows(statement: Statement, values: readonly unknown[]): Promise<unknown[][]>
  /** The same over a connection that requests do not use: a poll does not wait for them. */
  pollRows: Driver['rows']
  /**
   * Runs `work` in a transaction on a connection of its own, under a lock against other processes. If `work`
   * fails, nothing is changed.
   */
  migrating<T>(work: (adapter: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>
  /** Runs `work` under a lock against other gateways on this database. */
  withExclusiveLock<T>(work: () => Promise<T>): Promise<T>
  /** Why the database can't be written to, if that is known without a statement; null when it can. */
  problem(): Promise<string | null>
  /**
   * Runs SQL for the job queue, which has its own tables: one statement with values, or any number without,
   * including a whole transaction. It does not use Prisma's connections.
   */
  executeSql: ExecuteSql
  close(): Promise<void>
}

export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>

/** A driver with Prisma's adapter for it. */
export interface PrismaDriver extends Driver {
  readonly adapter: SqlDriverAdapterFactory
}

/** A statement that each connection to a server prepares on first use. */
export interface Statement {
  /** Unique among all statements. Without it, frequent statements are prepared. */
  name?: string
  /** The SQL, with `$1`, `$2`, … for the values. */
  text: string
}

export type OnPayload = (payload: string) => void

/** Where background problems are logged; pino's loggers fit. */
export interface Log {
  warn(details: object, message: string): void
}

/** @throws Error when PostgreSQL would truncate or fold the name */
export function assertChannel(channel: string): void {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(channel)) throw new Error(`"${channel}" is not a valid channel name.`)
}
