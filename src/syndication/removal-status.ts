import type { ChangeKind, PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import type { Place } from './cursor.ts'
import type { DeliveryRecord } from './ledger.ts'
import type { LicensedArticle } from './licensed-article.ts'
import { type ArticleSummary, lapsesAt } from './project.ts'

/** Why a partner may not keep a story. */
export type RemovalReason = 'WITHHELD' | 'CANCELED' | 'EMBARGOED' | 'LICENCE'

/** That a story must go, and what the newsroom says of it. */
export interface RemovalNotice {
  removed: RemovalReason
  /** Why, in words for the public; null where the editor gave none. */
  publicReason: string | null
  /** What partners are to do; null where the editor gave none. */
  advisory: string | null
}

export type Outcome = { article: LicensedArticle } | RemovalNotice

/** One change as an audience is told of it: with the story as it stands now, or with the word to remove it. */
export interface AudienceChange {
  /** The place behind the change. */
  cursor: string
  /** What happened then. */
  kind: ChangeKind
  at: Date
  /** The key of the story. */
  articleId: string
  /** The story's version now. */
  version: number
  outcome: Outcome
}

/** A change with its place instead of a cursor. */
export type PlacedChange = Omit<AudienceChange, 'cursor'> & { place: Place }

/** The largest lead of another gateway's clock that is accepted, in ms. */
const MAX_CLOCK_SKEW_MS = 60_000

/**
 * The moment at which rights are judged. Where the gateway that wrote an entry has a clock ahead of ours, it is
 * by that one: an entry that says that an embargo has lifted is read once, and not again when we agree.
 */
export function momentOf(entries: readonly { at: Date }[], now: Date): Date {
  const newest = Math.max(now.getTime(), ...entries.map(({ at }) => at.getTime()))
  return new Date(Math.min(newest, now.getTime() + MAX_CLOCK_SKEW_MS))
}

/** Why a story that an audience may not have may not be had. */
export function reasonOf({ status, publishedAt, embargoedUntil }: ArticleSummary, now: Date): RemovalReason {
  if (status !== 'USABLE') return status
  const isAhead = publishedAt > now || (embargoedUntil !== null && embargoedUntil > now)
  return isAhead ? 'EMBARGOED' : 'LICENCE'
}

/** What is said of stories that must go, by key. */
export async function noticesOf(
  summaries: readonly ArticleSummary[],
  now: Date,
  { withdrawal }: Pick<PrismaClient, 'withdrawal'>,
): Promise<Map<string, RemovalNotice>> {
  const withdrawn = summaries.filter(({ status }) => status !== 'USABLE').map(({ id }) => id)
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

/** Each story once, as the last change of it says. */
export function deliveryRecordsOf(changes: readonly AudienceChange[], audience: Audience): DeliveryRecord[] {
  const last = new Map(changes.map((change) => [change.articleId, change]))
  return [...last.values()].map(({ articleId, version, outcome }) =>
    deliveryRecord(articleId, version, outcome, audience),
  )
}

/** What the ledger says of a story that an audience is given. */
export function deliveryRecord(
  articleId: string,
  version: number,
  outcome: Outcome,
  audience: Audience,
): DeliveryRecord {
  return 'article' in outcome
    ? { articleId, version, kind: 'STORY', lapsesAt: lapsesAt(outcome.article, termsOf(audience)) }
    : { articleId, version, kind: 'REMOVAL', lapsesAt: null }
}
