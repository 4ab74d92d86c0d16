import { setTimeout as after } from 'node:timers/promises'
import type { DeliveryWay, Prisma, PrismaClient } from '../db/client/client.ts'
import { type Handed, recordDeliveries } from './ledger.ts'

export interface HandOverRequest {
  partnerId: string
  via: DeliveryWay
  /** Where the change sequence stood before anything of it was read. */
  head: number
  handed: readonly Handed[]
}

/** How long a hand-over waits for a change that is just being written, in ms, before it tries again. */
const PAUSE = 20

/**
 * Writes into the ledger what a partner is about to be sent, unless any of it has changed since it was read: then
 * nothing is written, and it must be read anew. So whoever withdraws a story afterwards finds in the ledger who
 * has it, nobody is sent what was withdrawn before, and of two answers to one partner at the same time the ledger
 * ends with what was true last.
 *
 * @returns whether it is written, and may be sent
 */
export async function handOver(
  request: HandOverRequest,
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<boolean> {
  if (request.handed.length === 0) return true
  for (;;) {
    try {
      await prisma.$transaction((tx) => record(tx, request, now()))
      return true
    } catch (error) {
      if (!(error instanceof Undone)) throw error
      if (error.because === 'overtaken') return false
    }
    // Not inside the transaction: a change of a licence may take long, and connections are few.
    await after(PAUSE)
  }
}

/** Takes back what a transaction wrote. */
class Undone extends Error {
  readonly because: 'overtaken' | 'busy'

  constructor(because: 'overtaken' | 'busy') {
    super(because)
    this.because = because
  }
}

async function record(
  tx: Prisma.TransactionClient,
  { partnerId, via, head, handed }: HandOverRequest,
  at: Date,
): Promise<void> {
  const ids = handed.map(({ articleId }) => articleId)
  // In one order, whatever becomes of each: two answers to one partner never wait for each other in a circle.
  await tx.$queryRaw`
    SELECT FROM "Holding" WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ANY(${ids}::uuid[])
    ORDER BY "articleId" FOR UPDATE`
  await recordDeliveries(tx, { partnerId, via, at }, handed)
  // Held to the end: no change can be committed between the look at the sequence and the commit of these lines.
  const free = await tx.$queryRaw<object[]>`SELECT "position" FROM "ChangeHead" FOR SHARE SKIP LOCKED`
  if (free.length === 0) throw new Undone('busy')
  const later = await tx.articleChange.findFirst({
    where: { position: { gt: head }, articleId: { in: ids }, OR: [{ partnerId: null }, { partnerId }] },
    select: { position: true },
  })
  if (later) throw new Undone('overtaken')
}
