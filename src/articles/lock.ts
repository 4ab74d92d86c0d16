import type { Prisma } from '../db/client/client.ts'
import { lockArticleRow } from '../db/locks.ts'
import { visibilityColumns } from './public.ts'

/** The columns of an article that are needed to write its next version. */
export const storedArticleColumns = {
  id: true,
  version: true,
  ...visibilityColumns,
  updatedAt: true,
  dueAt: true,
  commentingOpen: true,
  commentingClosesAt: true,
  feedPosition: true,
} as const satisfies Prisma.ArticleSelect

/** The state of a stored article that is not part of a draft. */
export type StoredArticle = Prisma.ArticleGetPayload<{ select: typeof storedArticleColumns }>

/**
 * Locks an article row until the transaction ends. Returns null if it does not exist.
 * @param showing locks all articles that show an image with one of these URLs, too
 */
export async function lockArticle(
  tx: Prisma.TransactionClient,
  key: { id: string } | { canonicalUrl: string },
  showing: readonly string[] = [],
): Promise<StoredArticle | null> {
  const id = await lockArticleRow(tx, key, showing)
  return id ? tx.article.findUnique({ where: { id }, select: storedArticleColumns }) : null
}
