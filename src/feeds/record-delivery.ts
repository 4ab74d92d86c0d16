import type { DeliveryWay } from '../db/client/client.ts'
import type { Services } from '../graphql/context.ts'
import type { Audience } from '../licensing/audience.ts'
import { recordDelivery as recordPartnerDelivery } from '../syndication/delivery.ts'
import { licensedArticle } from '../syndication/load-licensed-article.ts'
import { readFeedAddress } from './address.ts'
import type { RenderedFeed } from './render-feed.ts'

/**
 * Writes into the ledger what a partner is about to be sent.
 * @returns false when something of it has changed since it was rendered, so that it must be rendered anew
 */
export function recordDelivery(
  { deliveries, head }: RenderedFeed,
  partnerId: string,
  services: Pick<Services, 'prisma' | 'now'>,
  via: DeliveryWay = 'FEED',
): Promise<boolean> {
  return recordPartnerDelivery({ partnerId, via, head, deliveries }, services)
}

/**
 * Whether the ledger says already that a partner has the stories of a feed. One that is told to go on using its
 * copy may have been told in between that they must go.
 */
export async function isHeld(
  { deliveries }: RenderedFeed,
  partnerId: string,
  { prisma }: Pick<Services, 'prisma'>,
): Promise<boolean> {
  const articles = deliveries.filter(({ kind }) => kind === 'STORY').map(({ articleId }) => articleId)
  const held = await prisma.holding.count({
    where: { partnerId, articleId: { in: articles }, removalAttemptedAt: null },
  })
  return held === articles.length
}

/**
 * Tells a partner that asks for one story that it was given the story and must remove it.
 * @throws ArticleGone
 */
export async function throwIfGone(
  path: string,
  audience: Audience,
  services: Pick<Services, 'prisma' | 'now' | 'publicUrl'>,
): Promise<void> {
  const address = readFeedAddress(path)
  if (audience.kind !== 'partner' || address?.kind !== 'article') return
  const { prisma } = services
  const article = await prisma.article.findUnique({ where: { slug: address.slug }, select: { id: true } })
  if (article) await licensedArticle({ articleId: article.id, audience, via: 'FEED' }, services)
}
