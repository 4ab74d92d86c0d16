import type { Article, ChangeKind } from '../db/client/client.ts'

/** The columns that say whether a story may be shown, and whether the change sequence knows. */
export type ArticleState = Pick<Article, 'status' | 'publishedAt' | 'embargoedUntil' | 'dueAt'>

/** Why an editor changed a story, where the story's own state does not say it. */
export type Reason = Extract<ChangeKind, 'CORRECTED' | 'RIGHTS_CHANGED' | 'COMMENTING_CHANGED'>

/** The moment from which a story may be shown, where it lies ahead; null for one that may be shown now. */
export function dueAt(story: Omit<ArticleState, 'dueAt'>, now: Date): Date | null {
  if (story.status !== 'USABLE') return null
  const { publishedAt, embargoedUntil } = story
  const from = embargoedUntil && embargoedUntil > publishedAt ? embargoedUntil : publishedAt
  return from > now ? from : null
}

/**
 * What a change of a story is called: coming into view and going from view go before everything else.
 * @param before null for a new story
 * @param after with its `dueAt` as it is now
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
