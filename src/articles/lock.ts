import { Prisma } from '../db/client/client.ts'

/** What is read of a stored story before a version of it is written. */
export const storedArticleColumns = {
  id: true,
  version: true,
  status: true,
  publishedAt: true,
  updatedAt: true,
  embargoedUntil: true,
  dueAt: true,
  commentingOpen: true,
  commentingClosesAt: true,
  feedPosition: true,
} as const satisfies Prisma.ArticleSelect

/** A story's row, without what a draft says of it. */
export type StoredArticle = Prisma.ArticleGetPayload<{ select: typeof storedArticleColumns }>

/** Locks a story's row to the end of the transaction; null when there is none. */
export async function lockArticle(
  tx: Prisma.TransactionClient,
  key: { id: string } | { canonicalUrl: string },
): Promise<StoredArticle | null> {
  const isIt =
    'id' in key ? Prisma.sql`"id" = ${key.id}::uuid` : Prisma.sql`"canonicalUrl" = ${key.canonicalUrl}`
  // A stronger lock would wait for the changes of licences, which point at stories and hold the sequence.
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Article" WHERE ${isIt} FOR NO KEY UPDATE`
  return row ? tx.article.findUnique({ where: { id: row.id }, select: storedArticleColumns }) : null
}
