import type { DeliveryWay } from '../db/client/client.ts'
import type { Services } from '../graphql/context.ts'
import type { Audience } from '../licensing/audience.ts'
import { handOver as recordHandOver } from '../syndication/delivery.ts'
import { licensedStory } from '../syndication/load-licensed-article.ts'
import { readFeedAddress } from './address.ts'
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
    where: { partnerId, articleId: { in: stories }, removalAttemptedAt: null },
  })
  return held === stories.length
}

/**
 * Tells a partner that asks for one story that it was given the story and must remove it.
 * @throws StoryGone
 */
export async function refuseIfGone(
  path: string,
  audience: Audience,
  services: Pick<Services, 'prisma' | 'now' | 'publicUrl'>,
): Promise<void> {
  const address = readFeedAddress(path)
  if (audience.kind !== 'partner' || address?.kind !== 'story') return
  const { prisma } = services
  const article = await prisma.article.findUnique({ where: { slug: address.slug }, select: { id: true } })
  if (article) await licensedStory({ articleId: article.id, audience, via: 'FEED' }, services)
}
