import type { DeliveryWay } from '../db/client/client.ts'
import type { Services } from '../graphql/context.ts'
import { handOver as recordHandOver } from '../syndication/hand-over.ts'
import type { RenderedFeed } from './render-feed.ts'

/**
 * Writes into the ledger what a partner is about to be sent.
 * @returns false when something of it has changed since it was rendered, so that it must be rendered anew
 */
export function handOver(
  { handed, head }: RenderedFeed,
  partnerId: string,
  services: Pick<Services, 'prisma' | 'now'>,
  via: DeliveryWay = 'FEED',
): Promise<boolean> {
  return recordHandOver({ partnerId, via, head, handed }, services)
}

/**
 * Whether the ledger says already that a partner has the stories of a feed. One that is told to go on using its
 * copy may have been told in between that they must go.
 */
export async function isHeld(
  { handed }: RenderedFeed,
  partnerId: string,
  { prisma }: Pick<Services, 'prisma'>,
): Promise<boolean> {
  const stories = handed.filter(({ kind }) => kind === 'STORY').map(({ articleId }) => articleId)
  const held = await prisma.holding.count({
    where: { partnerId, articleId: { in: stories }, removalToldAt: null },
  })
  return held === stories.length
}
