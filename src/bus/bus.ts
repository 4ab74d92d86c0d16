import type { Prisma } from '../db/client/client.ts'

/** A message to all gateways of one database. */
export interface Message {
  /** Lower-case letters, digits and underscores. */
  channel: string
  payload: string
}

/** Publishes a message together with the current transaction: after its commit, or not at all. */
export type Publish = (message: Message) => Promise<void>

export interface TransactionOptions {
  /** In ms: how long to wait for a connection, and how long the transaction may run. */
  maxWait?: number
  timeout?: number
}

/** The publishing side of a bus. */
export interface Publisher {
  /**
   * Runs a transaction and publishes its messages. A message that can't be published neither fails nor delays
   * the transaction.
   */
  transaction<T>(
    work: (tx: Prisma.TransactionClient, publish: Publish) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
}

/**
 * Sends hints between gateways. Messages may be lost, duplicated or delayed, so listeners also poll the
 * database, at intervals and after a reconnect.
 */
export interface Bus extends Publisher {
  /**
   * @param onReconnect called when the bus has reconnected and messages may have been lost
   * @returns a function that stops listening
   */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<() => Promise<void>>
  close(): Promise<void>
}
