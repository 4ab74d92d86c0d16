import type { Prisma } from '../db/client/client.ts'
import { KeyedSemaphore } from '../db/keyed-semaphore.ts'

/** Concurrent transactions per article that may hold a connection; more would only wait for the article's row. */
const MAX_CONCURRENT_WRITES = 2

const slots = new KeyedSemaphore(MAX_CONCURRENT_WRITES)

/** The shortest wait that shortens the timeout of locks, and the shortest such timeout, in ms. */
const SHORT_WAIT_MS = 500

interface TransactionOptions {
  maxWait: number
  timeout: number
}

/**
 * Runs a transaction that locks or references articles. In each gateway at most two transactions on one article
 * hold a connection at a time; more wait without one, so that a locked article does not use up the connections.
 * The time for a slot counts towards the time for the lock.
 * @param keys row ids of the articles, or other names of what is locked
 * @throws TemporarilyUnavailable after the timeout
 */
export function onArticles<Args extends [Prisma.TransactionClient, ...unknown[]], T>(
  keys: Iterable<string>,
  transaction: (work: (...args: Args) => Promise<T>, options: TransactionOptions) => Promise<T>,
  work: (...args: Args) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  return slots.run(keys, (leftMs) => {
    const waitedMs = () => {
      const ms = Math.floor(slots.waitTimeoutMs - leftMs())
      return ms < SHORT_WAIT_MS ? 0 : ms
    }
    return transaction(
      async (...args) => {
        if (waitedMs() > 0) await limitLockWait(args[0], leftMs())
        return work(...args)
      },
      { ...options, maxWait: Math.max(1, options.maxWait - waitedMs()) },
    )
  })
}

/** Shortens the timeout of the transaction's locks. */
async function limitLockWait(tx: Prisma.TransactionClient, ms: number): Promise<void> {
  await tx.$executeRaw`
    SELECT set_config('lock_timeout', LEAST(NULLIF("setting"::int, 0), ${Math.max(SHORT_WAIT_MS, Math.ceil(ms))}::int)::text, TRUE)
    FROM pg_settings WHERE "name" = 'lock_timeout'`
}
