import type { Prisma } from '../db/client/client.ts'

/** A word to every gateway on one database. */
export interface Message {
  /** Lower-case letters, digits and underscores. */
  channel: string
  payload: string
}

/** Sends a message with the transaction that it is about: once that has committed, and not otherwise. */
export type Publish = (message: Message) => Promise<void>

export interface TransactionOptions {
  /** ms to wait for a connection, and the most that the transaction may take. */
  maxWait?: number
  timeout?: number
}

/** The sending half of a bus. */
export interface Publisher {
  /**
   * Runs a transaction and sends what it announces. That a message can't be sent neither fails nor delays
   * the transaction.
   */
  transaction<T>(
    work: (tx: Prisma.TransactionClient, publish: Publish) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
}

/**
 * Carries hints between gateways. The database is the truth: a message may get lost, or come twice or late,
 * so whoever listens also looks there by itself, now and then and whenever the bus was away.
 */
export interface Bus extends Publisher {
  /**
   * @param onReconnect called when the bus is back after messages may have been lost
   * @returns a function that stops listening
   */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<() => Promise<void>>
  close(): Promise<void>
}
