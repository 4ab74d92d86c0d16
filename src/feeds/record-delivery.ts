import type { DeliveryWay } from '../db/client/client.ts'
import type { Services } from '../graphql/context.ts'
import type { Audience } from '../licensing/audience.ts'
import { recordDelivery as recordPartnerDelivery } from '../syndication/delivery.ts'
import { licensedArticle } from '../syndication/load-licensed-article.ts'
import { readFeedAddress } from './address.ts'
import type { RenderedFeed } from './render-feed.ts'

/**
 * Records the delivery of a feed to a partner.
 * @returns false if the content changed after it was rendered; then render again
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
 * Whether the ledger already lists all articles of a feed as held by the partner. If not, 304 Not Modified must
 * not be answered, because a removal may have been delivered in between.
 */
export async function isHeld(
  { deliveries }: RenderedFeed,
  partnerId: string,
  { prisma }: Pick<Services, 'prisma'>,
): Promise<boolean> {
  const articles = deliveries.filter(({ kind }) => kind === 'ARTICLE').map(({ articleId }) => articleId)
  const held = await prisma.holding.count({
    where: { partnerId, articleId: { in: articles }, removalAttemptedAt: null },
  })
  return held === articles.length
}

/**
 * Throws if the partner received the requested article and must remove it.
 * @throws ArticleGone; QuotaExceeded for an article that it may have when the quota is used up
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
