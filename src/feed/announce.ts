import type { Message } from '../bus/bus.ts'

/** The channel of the bus that carries hints. */
export const FEED_CHANNEL = 'dateline_feed'

/** A word that an article's feed has grown up to a position. The database is the truth; this only wakes. */
export interface Hint {
  articleId: string
  position: number
}

/** The hint as it travels. */
export function hintOf(hint: Hint): Message {
  return { channel: FEED_CHANNEL, payload: JSON.stringify(hint) }
}

/** Reads a hint; anything else that somebody sent on the channel is null. */
export function readHint(payload: string): Hint | null {
  try {
    const { articleId, position } = JSON.parse(payload) as Partial<Hint>
    return typeof articleId === 'string' && Number.isInteger(position)
      ? { articleId, position: position as number }
      : null
  } catch {
    return null
  }
}
