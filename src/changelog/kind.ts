import type { Article, ChangeKind } from '../db/client/client.ts'

/**
 * The columns that determine whether an article is visible and whether the change sequence has recorded that.
 */
export type ArticleState = Pick<Article, 'status' | 'publishedAt' | 'embargoedUntil' | 'dueAt'>

/** Why an editor changed an article, when the change of state does not show it. */
export type Reason = Extract<ChangeKind, 'CORRECTED' | 'RIGHTS_CHANGED' | 'COMMENTING_CHANGED'>

/** When an article becomes visible, if in the future; null if it is visible now or not usable. */
export function dueAt(story: Omit<ArticleState, 'dueAt'>, now: Date): Date | null {
  if (story.status !== 'USABLE') return null
  const { publishedAt, embargoedUntil } = story
  const from = embargoedUntil && embargoedUntil > publishedAt ? embargoedUntil : publishedAt
  return from > now ? from : null
}

/**
 * The kind of a change. A change of visibility takes precedence over any other reason.
 * @param before null for a new article
 * @param after with its current `dueAt`
 */
export function kindOfChange(before: ArticleState | null, after: ArticleState, reason?: Reason): ChangeKind {
  const was = before && stateOf(before)
  const is = stateOf(after)
  if (is !== was) return is === 'SHOWN' ? 'PUBLISHED' : is
  return reason ?? 'UPDATED'
}

function stateOf({ status, dueAt }: ArticleState): 'SHOWN' | 'EMBARGOED' | 'WITHHELD' | 'CANCELED' {
  if (status !== 'USABLE') return status
  return dueAt === null ? 'SHOWN' : 'EMBARGOED'
}
