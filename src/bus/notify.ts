import type { PrismaClient } from '../db/client/client.ts'
import type { Database } from '../db/database.ts'
import type { Bus, Publisher } from './bus.ts'

/**
 * The bus that uses only the database: PostgreSQL's NOTIFY, sent inside the transaction, so a message is sent
 * with the commit or not at all.
 */
export function notifyBus({ prisma, listen }: Pick<Database, 'prisma' | 'listen'>): Bus {
  return { ...notifyPublisher(prisma), listen, close: async () => {} }
}

/** Its publishing side, for programs that do not listen. */
export function notifyPublisher(prisma: PrismaClient): Publisher {
  return {
    transaction: (work, options) =>
      prisma.$transaction(
        (tx) =>
          work(tx, async ({ channel, payload }) => {
            await tx.$executeRaw`SELECT pg_notify(${channel}, ${payload})`
          }),
        options,
      ),
  }
}
