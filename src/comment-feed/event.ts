import type { AuthoredComment } from '../comments/visible.ts'

/** Why a client must load the page again. */
export type ResetReason =
  | 'UNKNOWN_CURSOR'
  | 'OTHER_HISTORY'
  | 'AHEAD_OF_FEED'
  | 'TOO_OLD'
  | 'ARTICLE_UNAVAILABLE'

interface Entry {
  cursor: string
  at: Date
  /** The number of approved comments of the article after the entry. */
  commentCount: number
}

/** What subscribers receive. Resuming after `cursor` returns what follows the event. */
export type CommentFeedEvent =
  | (Entry & { kind: 'APPROVED'; comment: AuthoredComment })
  | (Entry & { kind: 'RETRACTED'; commentId: string })
  | { kind: 'RESET'; cursor: string; reason: ResetReason }

/** An entry as read from the database; null for an approval whose comment was retracted since. */
export type CommentFeedRow = Exclude<CommentFeedEvent, { kind: 'RESET' }> | null
