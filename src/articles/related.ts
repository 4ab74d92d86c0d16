import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { type VisibilityContext, visibleArticlesSql } from './visible.ts'

/** The people and organisations of an article that count, in the order of first mention. */
const MAX_ENTITIES = 10

/** The newest articles of each of them, and of the topic, that are compared. */
const MAX_CANDIDATES = 30

/**
 * The ids of other visible articles with the same people, organisations or topic: those that share most first, then the
 * newest. Only the newest articles of each entity and topic are compared, so that the cost does not grow.
 */
export async function relatedArticles(
  { id, take }: { id: string; take: number },
  context: VisibilityContext & { db: Pick<PrismaClient, '$queryRaw'> },
): Promise<string[]> {
  const others = Prisma.sql`a."id" <> ${id}::uuid AND ${visibleArticlesSql(context)}`
  const rows = await context.db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM (
      SELECT naming.* FROM (
        SELECT "entityId" FROM "ArticleEntity" WHERE "articleId" = ${id}::uuid AND "namedIn" = 'ARTICLE'
        ORDER BY "position", "entityId" LIMIT ${MAX_ENTITIES}
      ) named,
      LATERAL (
        SELECT a."id", n."publishedAt" FROM "ArticleEntity" n JOIN "Article" a ON a."id" = n."articleId"
        WHERE n."entityId" = named."entityId" AND n."namedIn" = 'ARTICLE' AND ${others}
        ORDER BY n."publishedAt" DESC, n."articleId" DESC LIMIT ${MAX_CANDIDATES}
      ) naming
      UNION ALL
      SELECT filed.* FROM (SELECT "topicId" FROM "Article" WHERE "id" = ${id}::uuid) own,
      LATERAL (
        SELECT a."id", a."publishedAt" FROM "Article" a WHERE a."topicId" = own."topicId" AND ${others}
        ORDER BY a."publishedAt" DESC, a."id" DESC LIMIT ${MAX_CANDIDATES}
      ) filed
    ) found
    GROUP BY "id" ORDER BY count(*) DESC, max("publishedAt") DESC, "id" DESC LIMIT ${take}`
  return rows.map((row) => row.id)
}
