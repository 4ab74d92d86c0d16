import type { Message } from '../bus/bus.ts'

/** The channel of the bus that carries hints. */
export const COMMENT_FEED_CHANNEL = 'dateline_feed'

/**
 * A word that an article's feed has grown up to a position, or that the story may have been taken from view.
 * The database is the truth; this only wakes.
 */
export interface CommentFeedHint {
  articleId: string
  position: number
  /** Who may see the story has changed: look at it although its feed has not grown. */
  standing?: boolean
}

/** The hint as it travels. */
export function commentFeedHint(hint: CommentFeedHint): Message {
  return { channel: COMMENT_FEED_CHANNEL, payload: JSON.stringify(hint) }
}

/** Reads a hint; anything else that somebody sent on the channel is null. */
export function parseCommentFeedHint(payload: string): CommentFeedHint | null {
  try {
    const { articleId, position, standing } = JSON.parse(payload) as Partial<CommentFeedHint>
    return typeof articleId === 'string' && Number.isInteger(position)
      ? { articleId, position: position as number, standing: standing === true }
      : null
  } catch {
    return null
  }
}
