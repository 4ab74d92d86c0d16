import type { Article, ChangeKind } from '../db/client/client.ts'
import { matches } from './condition.ts'
import { hiddenBy, notWithdrawn, type PublicState } from './public.ts'

/**
 * The columns that determine whether an article is visible and whether the change sequence has recorded that.
 */
export type ArticleState = PublicState & Pick<Article, 'dueAt'>

/** Why an editor changed an article, when the change of state does not show it. */
export type Reason = Extract<ChangeKind, 'CORRECTED' | 'RIGHTS_CHANGED' | 'COMMENTING_CHANGED'>

/**
 * The kind of a change. A change of visibility takes precedence over any other reason.
 * @param before null for a new article
 * @param after with its current `dueAt`
 */
export function kindOfChange(before: ArticleState | null, after: ArticleState, reason?: Reason): ChangeKind {
  const was = before && recordedState(before)
  const is = recordedState(after)
  return is === was ? (reason ?? 'UPDATED') : is
}

/** The state in the change sequence, which may be behind the clock. */
function recordedState(article: ArticleState): 'PUBLISHED' | 'EMBARGOED' | 'WITHHELD' | 'CANCELED' {
  const isPublished = article.dueAt === null && matches(notWithdrawn, article)
  return isPublished ? 'PUBLISHED' : hiddenBy(article)
}
