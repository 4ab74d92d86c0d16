import type { PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { lapsesAt, nextBoundary, publicTerms } from '../licensing/terms.ts'
import type { LicensedArticle } from '../syndication/licensed-article.ts'

/**
 * When a rendering changes by the clock alone; null for never.
 * @param leaveAt when single entries become too old for the feed
 */
export async function validUntil(
  prisma: PrismaClient,
  {
    articles,
    audience,
    now,
    leaveAt = [],
  }: { articles: readonly LicensedArticle[]; audience: Audience; now: Date; leaveAt?: readonly Date[] },
): Promise<Date | null> {
  return earliest([
    ...ends(articles, audience, now),
    ...leaveAt,
    await nextDue(prisma, now),
    await aheadOf(prisma, now),
  ])
}

/** When the right of the audience to any article ends by the clock, or the licence starts or ends. */
function ends(articles: readonly LicensedArticle[], audience: Audience, now: Date): (Date | null)[] {
  const terms = audience.kind === 'partner' ? termsOf(audience) : publicTerms
  return [nextBoundary(terms, now), ...articles.map((article) => lapsesAt(article, terms))]
}

/** When the next article becomes visible by the clock. */
async function nextDue(prisma: PrismaClient, now: Date): Promise<Date | null> {
  const { _min } = await prisma.article.aggregate({ where: { dueAt: { gt: now } }, _min: { dueAt: true } })
  return _min.dueAt
}

/**
 * The time of the newest change if it is ahead of our clock: another gateway with a fast clock has recorded the
 * end of an embargo.
 */
async function aheadOf(prisma: PrismaClient, now: Date): Promise<Date | null> {
  const newest = await prisma.articleChange.findFirst({
    orderBy: { position: 'desc' },
    select: { at: true },
  })
  return newest && newest.at > now ? newest.at : null
}

function earliest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((first, moment) => (first && (!moment || first <= moment) ? first : moment), null)
}
