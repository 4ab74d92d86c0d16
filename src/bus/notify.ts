import type { Prisma, PrismaClient } from '../db/client/client.ts'
import type { Database } from '../db/database.ts'
import type { Bus, Message, Publisher } from './bus.ts'

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
      prisma.$transaction(async (tx) => {
        const messages: Message[] = []
        const result = await work(tx, async (message) => void messages.push(message))
        await notify(tx, messages)
        return result
      }, options),
  }
}

/** Sends messages with the commit of a transaction, in one statement. */
async function notify(tx: Prisma.TransactionClient, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return
  const channels = messages.map(({ channel }) => channel)
  const payloads = messages.map(({ payload }) => payload)
  await tx.$executeRaw`
    SELECT pg_notify(m.channel, m.payload)
    FROM unnest(${channels}::text[], ${payloads}::text[]) WITH ORDINALITY AS m(channel, payload, n) ORDER BY m.n`
}
