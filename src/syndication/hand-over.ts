import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { type Handed, recordDeliveries } from './ledger.ts'

export interface HandingOver {
  partnerId: string
  via: DeliveryWay
  handed: readonly Handed[]
  /** Where the change sequence stood before the stories were read. */
  head: number
}

/**
 * Writes into the ledger what a partner is about to be sent; see `recordDeliveries`.
 *
 * @returns false when something of it has changed since it was read, so that it must be made anew: whoever
 * withdraws a story afterwards finds in the ledger who has it, and nobody is sent what was withdrawn
 */
export async function handOver(
  { partnerId, via, handed, head }: HandingOver,
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<boolean> {
  if (handed.length === 0) return true
  await prisma.$transaction((tx) => recordDeliveries(tx, { partnerId, via, at: now() }, handed))
  const later = await prisma.articleChange.findFirst({
    where: {
      position: { gt: head },
      articleId: { in: handed.map(({ articleId }) => articleId) },
      OR: [{ partnerId: null }, { partnerId }],
    },
    select: { position: true },
  })
  return later === null
}

/** Where the change sequence stands: what is read from now on is no older. */
export async function readHead(prisma: PrismaClient): Promise<number> {
  return (await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
}
