/** A position in an article's comment feed. Resuming after it returns the entries with higher positions. */
export interface CommentFeedCursor {
  /** The history that the position belongs to; see HISTORY_SQL. */
  history: string
  articleId: string
  position: number
}

/** Encodes a cursor. It is opaque to clients. */
export function encodeCommentFeedCursor({ history, articleId, position }: CommentFeedCursor): string {
  return Buffer.from(`${history}/${articleId}/${position}`).toString('base64url')
}

/** Decodes a cursor from a client; null when it is not valid. */
export function decodeCommentFeedCursor(text: string): CommentFeedCursor | null {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (!match) return null
  const [, history, articleId, position] = match as unknown as [string, string, string, string]
  return { history, articleId, position: Number(position) }
}

const CURSOR = /^([0-9a-f-]{36})\/([0-9a-f-]{36})\/(0|[1-9]\d{0,9})$/
