import type { DeliveryWay } from '../db/client/client.ts'
import type { Services } from '../graphql/context.ts'
import { recordDeliveries } from '../syndication/ledger.ts'
import type { RenderedFeed } from './render-feed.ts'

/**
 * Writes into the ledger what a partner is about to be sent; see `recordDeliveries`.
 *
 * @returns false when something of it has changed since it was rendered, so that it must be rendered anew:
 * whoever withdraws a story afterwards finds in the ledger who has it, and nobody is sent what was withdrawn
 */
export async function handOver(
  { handed, head }: RenderedFeed,
  partnerId: string,
  { prisma, now }: Pick<Services, 'prisma' | 'now'>,
  via: DeliveryWay = 'FEED',
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
