import type { AuthoredComment } from '../comments/visible.ts'

/** Why a client must load the page again. */
export type ResetReason =
  | 'UNKNOWN_CURSOR'
  | 'OTHER_HISTORY'
  | 'AHEAD_OF_FEED'
  | 'TOO_OLD'
  | 'STORY_UNAVAILABLE'

/** What a feed's subscribers receive. `cursor` is the place behind the event. */
export type FeedEvent =
  | { kind: 'APPROVED'; cursor: string; at: Date; comment: AuthoredComment }
  | { kind: 'RETRACTED'; cursor: string; at: Date; commentId: string }
  | { kind: 'RESET'; cursor: string; reason: ResetReason }

/** An entry of the feed as it was read; null where an approval has been taken back since. */
export type FeedRow = Exclude<FeedEvent, { kind: 'RESET' }> | null
