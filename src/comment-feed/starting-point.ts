import { decodeCommentFeedCursor } from './cursor.ts'
import type { CommentFeedEvent, ResetReason } from './event.ts'

/** The most entries that are replayed to a resuming client; further behind, it must load the page again. */
export const MAX_REPLAYED_ENTRIES = 1_000

export interface StartingPoint {
  /** Entries up to this position are not sent. */
  position: number
  /** A reset event to send first, when the cursor can't be resumed from. */
  reset: CommentFeedEvent | null
}

/** A feed as it was read at one moment. */
export interface FeedState {
  articleId: string
  /** The newest position. */
  head: number
  /** Changes when the feed is read in another history of the database. */
  generation: number
  history: string
  cursorAt: (articleId: string, position: number) => string
}

/** Where a client continues after a cursor. When it can't, it continues at the end, after a reset event. */
export function startingPointAfter(after: string, feed: FeedState): StartingPoint {
  const cursor = decodeCommentFeedCursor(after)
  const refuse = (reason: ResetReason) => ({ position: feed.head, reset: resetAtEnd(feed, reason) })
  if (!cursor || cursor.articleId !== feed.articleId) return refuse('UNKNOWN_CURSOR')
  if (cursor.history !== feed.history) return refuse('OTHER_HISTORY')
  if (cursor.position > feed.head) return refuse('AHEAD_OF_FEED')
  if (cursor.position < oldestPosition(feed)) return refuse('TOO_OLD')
  return { position: cursor.position, reset: null }
}

/** The oldest position that a client can continue after. */
export function oldestPosition({ head }: Pick<FeedState, 'head'>): number {
  return Math.max(0, head - MAX_REPLAYED_ENTRIES)
}

/** The reset event after which a client continues at the end of a feed. */
export function resetAtEnd({ articleId, head, cursorAt }: FeedState, reason: ResetReason): CommentFeedEvent {
  return { kind: 'RESET', reason, cursor: cursorAt(articleId, Math.max(head, 0)) }
}
