import { Prisma } from '../db/client/client.ts'
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

/** Locks an article row until the transaction ends. Returns null if it does not exist. */
export async function lockArticle(
  tx: Prisma.TransactionClient,
  key: { id: string } | { canonicalUrl: string },
): Promise<StoredArticle | null> {
  const isIt =
    'id' in key ? Prisma.sql`"id" = ${key.id}::uuid` : Prisma.sql`"canonicalUrl" = ${key.canonicalUrl}`
  // FOR UPDATE would wait for licence changes, which reference articles and hold the change sequence.
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Article" WHERE ${isIt} FOR NO KEY UPDATE`
  return row ? tx.article.findUnique({ where: { id: row.id }, select: storedArticleColumns }) : null
}
