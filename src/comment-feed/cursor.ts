/** A place in an article's feed: everything up to and including `position` is behind it. */
export interface FeedCursor {
  /** The history that the position belongs to; see HISTORY_SQL. */
  history: string
  articleId: string
  position: number
}

/** Writes a cursor as clients hold it. Opaque to them. */
export function writeFeedCursor({ history, articleId, position }: FeedCursor): string {
  return Buffer.from(`${history}/${articleId}/${position}`).toString('base64url')
}

/** Reads what a client sent back; null when no gateway wrote it. */
export function readFeedCursor(text: string): FeedCursor | null {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (!match) return null
  const [, history, articleId, position] = match as unknown as [string, string, string, string]
  return { history, articleId, position: Number(position) }
}

const CURSOR = /^([0-9a-f-]{36})\/([0-9a-f-]{36})\/(0|[1-9]\d{0,9})$/
