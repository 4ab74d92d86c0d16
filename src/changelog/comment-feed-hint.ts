import type { Message } from '../bus/bus.ts'

/** The bus channel of hints about comment feeds. */
export const COMMENT_FEED_CHANNEL = 'dateline_feed'

/**
 * A hint that an article's comment feed has grown to a position, or that the article's visibility may have
 * changed. It only triggers a read of the database.
 */
export interface CommentFeedHint {
  articleId: string
  position: number
  /** The visibility may have changed: read the article even if its feed has not grown. */
  visibilityChanged?: boolean
}

/** The hint as a bus message. */
export function commentFeedHint(hint: CommentFeedHint): Message {
  return { channel: COMMENT_FEED_CHANNEL, payload: JSON.stringify(hint) }
}

/** Parses a hint; null for any other payload. */
export function parseCommentFeedHint(payload: string): CommentFeedHint | null {
  try {
    const { articleId, position, visibilityChanged } = JSON.parse(payload) as Partial<CommentFeedHint>
    return typeof articleId === 'string' && Number.isInteger(position)
      ? { articleId, position: position as number, visibilityChanged: visibilityChanged === true }
      : null
  } catch {
    return null
  }
}
