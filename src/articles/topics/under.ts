import type { PrismaClient } from '../../db/client/client.ts'

/** The row ids of the topic and all its subtopics; empty if there is no such topic. */
export async function topicsUnder(slug: string, db: Pick<PrismaClient, '$queryRaw'>): Promise<string[]> {
  // UNION instead of UNION ALL stops at a cycle.
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE under AS (
      SELECT "id" FROM "Topic" WHERE "slug" = ${slug}
      UNION
      SELECT t."id" FROM "Topic" t JOIN under ON t."parentId" = under."id"
    )
    SELECT "id" FROM under`
  return rows.map(({ id }) => id)
}
