import type { Prisma } from '../db/client/client.ts'

/** The database channel that carries hints. */
export const FEED_CHANNEL = 'dateline_feed'

/** A word that an article's feed has grown up to a position. The database is the truth; this only wakes. */
export interface Hint {
  articleId: string
  position: number
}

/** Sends a hint inside a transaction: it leaves with the commit, or not at all. */
export async function announce(tx: Prisma.TransactionClient, hint: Hint): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${FEED_CHANNEL}, ${JSON.stringify(hint)})`
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
