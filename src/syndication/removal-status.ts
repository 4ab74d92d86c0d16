import { matches } from '../articles/condition.ts'
import { hiddenBy, notWithdrawn, publicArticles } from '../articles/public.ts'
import type { ChangeKind, PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { lapsesAt } from '../licensing/terms.ts'
import type { Place } from './cursor.ts'
import type { DeliveryRecord } from './ledger.ts'
import type { LicensedArticle } from './licensed-article.ts'
import type { ArticleSummary } from './project.ts'

/** The reason for a removal. */
export type RemovalReason = 'WITHHELD' | 'CANCELED' | 'EMBARGOED' | 'LICENCE'

/** A removal notice with the texts of the newsroom. */
export interface RemovalNotice {
  removed: RemovalReason
  /** The reason, for the public; null if there is none. */
  publicReason: string | null
  /** Instructions for partners; null if there are none. */
  advisory: string | null
}

export interface LicensedOutcome {
  article: LicensedArticle
}

export type Outcome = LicensedOutcome | RemovalNotice

/** A change for an audience: with the current version of the article, or with a removal notice. */
export interface AudienceChange<Of extends Outcome = Outcome> {
  /** The cursor of the change. */
  cursor: string
  /** The kind of change. */
  kind: ChangeKind
  at: Date
  /** The row id of the article. */
  articleId: string
  /** The current version. */
  version: number
  outcome: Of
}

/** A change with its position instead of a cursor. */
export type PlacedChange = Omit<AudienceChange, 'cursor'> & { place: Place }

/** The maximum accepted clock skew of another gateway. */
const MAX_CLOCK_SKEW_MS = 60_000

/**
 * The time at which rights are checked. If the clock of the gateway that wrote an entry is ahead, its time is
 * used: the entry of an ended embargo is read only once.
 */
export function momentOf(entries: readonly { at: Date }[], now: Date): Date {
  const newest = Math.max(now.getTime(), ...entries.map(({ at }) => at.getTime()))
  return new Date(Math.min(newest, now.getTime() + MAX_CLOCK_SKEW_MS))
}

/** The reason that an audience may not have an article. */
export function reasonOf(article: ArticleSummary, now: Date): RemovalReason {
  return matches(publicArticles(now), article) ? 'LICENCE' : hiddenBy(article)
}

/** The removal notices by row id. */
export async function noticesOf(
  summaries: readonly ArticleSummary[],
  now: Date,
  { withdrawal }: Pick<PrismaClient, 'withdrawal'>,
): Promise<Map<string, RemovalNotice>> {
  const withdrawn = summaries.filter((summary) => !matches(notWithdrawn, summary)).map(({ id }) => id)
  const rows =
    withdrawn.length === 0 ? [] : await withdrawal.findMany({ where: { articleId: { in: withdrawn } } })
  return new Map(
    summaries.map((summary) => {
      const row = rows.find(({ articleId }) => articleId === summary.id)
      const { reason: publicReason = null, advisory = null } = row ?? {}
      return [summary.id, { removed: reasonOf(summary, now), publicReason, advisory }]
    }),
  )
}

/** One delivery record per article, from its last change. */
export function deliveryRecordsOf(changes: readonly AudienceChange[], audience: Audience): DeliveryRecord[] {
  const last = new Map(changes.map((change) => [change.articleId, change]))
  return [...last.values()].map(({ articleId, version, outcome }) =>
    deliveryRecord(articleId, version, outcome, audience),
  )
}

/** The delivery record of an article for an audience. */
export function deliveryRecord(
  articleId: string,
  version: number,
  outcome: Outcome,
  audience: Audience,
): DeliveryRecord {
  return 'article' in outcome
    ? { articleId, version, kind: 'ARTICLE', lapsesAt: lapsesAt(outcome.article, termsOf(audience)) }
    : { articleId, version, kind: 'REMOVAL', lapsesAt: null }
}
