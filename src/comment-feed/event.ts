import type { AuthoredComment } from '../comments/visible.ts'

/** Why a client must load the page again. */
export type ResetReason =
  | 'UNKNOWN_CURSOR'
  | 'OTHER_HISTORY'
  | 'AHEAD_OF_FEED'
  | 'TOO_OLD'
  | 'ARTICLE_UNAVAILABLE'

/** What subscribers receive. Resuming after `cursor` returns what follows the event. */
export type CommentFeedEvent =
  | { kind: 'APPROVED'; cursor: string; at: Date; comment: AuthoredComment }
  | { kind: 'RETRACTED'; cursor: string; at: Date; commentId: string }
  | { kind: 'RESET'; cursor: string; reason: ResetReason }

/** An entry as read from the database; null for an approval whose comment was retracted since. */
export type CommentFeedRow = Exclude<CommentFeedEvent, { kind: 'RESET' }> | null
