import { DomainError } from '../base/errors.ts'
import type { DeliveryWay } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import { upToDate } from '../licensing/partner-audience.ts'
import type { Charge } from '../licensing/quota.ts'
import { articleGlobalId, noticeJson } from './article-json.ts'
import type { ChangeDeps } from './changes.ts'
import { recordDelivery } from './delivery.ts'
import { everDelivered } from './holdings.ts'
import type { LicensedArticle } from './licensed-article.ts'
import { loadArticles } from './load.ts'
import { project } from './project.ts'
import { deliveryRecord, noticesOf, type RemovalNotice } from './removal-status.ts'

interface ArticleRequest {
  articleId: string
  audience: Audience
  via: DeliveryWay
  charge?: Charge | null
}

/** The partner received the article and may no longer have it. */
export class ArticleGone extends DomainError<'ARTICLE_GONE'> {
  readonly articleId: string
  readonly notice: RemovalNotice
  override readonly details: Readonly<Record<string, unknown>>

  constructor(articleId: string, notice: RemovalNotice) {
    super('ARTICLE_GONE', 'You may not keep this article. Remove it everywhere.')
    this.articleId = articleId
    this.notice = notice
    this.details = { articleId: articleGlobalId(articleId), ...noticeJson(notice) }
  }
}

/**
 * The licensed version of an article for an audience; null if it may not have it. For a partner, the delivery
 * is in the ledger before this returns, and the article has not changed since it was read.
 *
 * @param charge what a partner was charged for the request; a removal does not count, and is returned even when a
 *   quota is used up
 * @throws ArticleGone if a partner received the article and must remove it; this is recorded in the ledger too;
 *   QuotaExceeded for anything else when a quota is used up
 */
export async function licensedArticle(
  { articleId, audience: asker, via, charge = null }: ArticleRequest,
  deps: Pick<ChangeDeps, 'prisma' | 'now' | 'publicUrl'>,
): Promise<LicensedArticle | null> {
  const { prisma, now, publicUrl } = deps
  for (;;) {
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const audience = await upToDate(asker, prisma)
    const article = (await loadArticles(prisma, [articleId], publicUrl)).get(articleId)
    const moment = now()
    const version = article ? project(article, audience, moment) : null
    if (charge?.exceeded && (!article || version)) throw charge.exceeded
    if (!article || audience.kind !== 'partner') return version
    if (!version && !(await everDelivered(prisma, audience.id, [articleId])).has(articleId)) {
      if (charge?.exceeded) throw charge.exceeded
      return null
    }
    const notice = (await noticesOf([article], moment, prisma)).get(articleId) as RemovalNotice
    const outcome = version ? { article: version } : notice
    const line = deliveryRecord(articleId, article.version, outcome, audience)
    if (!(await recordDelivery({ partnerId: audience.id, via, head, deliveries: [line] }, deps))) continue
    if (version) return version
    // The removal is in the ledger already: a failed refund must not prevent the response.
    await charge?.refund().catch(() => {})
    throw new ArticleGone(articleId, notice)
  }
}
