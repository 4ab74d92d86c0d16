import type { SqlDriverAdapterFactory, SqlQuery, Transaction } from '@prisma/driver-adapter-utils'

/**
 * A single statement that begins with this comment writes and may wait for locks. It counts as a transaction that
 * writes.
 */
export const LIMITED_WRITE = '/* limited write */'

/** The number of a pool's connections that writing transactions may use; the others are kept for reads. */
export function maxWriters(connections: number): number {
  return Math.max(1, connections - Math.max(1, Math.ceil(connections / 3)))
}

/**
 * Limits the open transactions of an adapter that may write, and limited writes; more wait without a connection.
 * Writers wait for each other's locks, and readers must not wait with them. Transactions at REPEATABLE READ only read.
 * @param most how many may write at once
 */
export function limitWriters(factory: SqlDriverAdapterFactory, most: number): SqlDriverAdapterFactory {
  const slots = new Semaphore(most)
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect()
      const start = adapter.startTransaction.bind(adapter)
      adapter.startTransaction = async (isolationLevel) => {
        if (isolationLevel === 'REPEATABLE READ') return start(isolationLevel)
        const release = await slots.acquire()
        try {
          return whenEnded(await start(isolationLevel), release)
        } catch (error) {
          release()
          throw error
        }
      }
      const { queryRaw } = adapter
      const query = (statement: SqlQuery) => queryRaw.call(adapter, statement)
      adapter.queryRaw = async (statement) => {
        if (!statement.sql.startsWith(LIMITED_WRITE)) return query(statement)
        const release = await slots.acquire()
        try {
          return await query(statement)
        } finally {
          release()
        }
      }
      return adapter
    },
  }
}

function whenEnded(transaction: Transaction, onEnd: () => void): Transaction {
  for (const end of ['commit', 'rollback'] as const) {
    const original = transaction[end].bind(transaction)
    transaction[end] = async () => {
      try {
        await original()
      } finally {
        onEnd()
      }
    }
  }
  return transaction
}

/** A counting semaphore, first come first served. */
export class Semaphore {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  get idle(): number {
    return this.#free
  }

  /** @returns a function that releases the slot; further calls do nothing */
  async acquire(): Promise<() => void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
