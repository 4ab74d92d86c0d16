import type { PrismaClient } from '../../db/client/client.ts'

/** The keys of the topic with this slug and of all topics under it, at any depth; none when there is no such topic. */
export async function topicsUnder(slug: string, db: Pick<PrismaClient, '$queryRaw'>): Promise<string[]> {
  // UNION, not UNION ALL: topics that stand in a circle end.
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE under AS (
      SELECT "id" FROM "Topic" WHERE "slug" = ${slug}
      UNION
      SELECT t."id" FROM "Topic" t JOIN under ON t."parentId" = under."id"
    )
    SELECT "id" FROM under`
  return rows.map(({ id }) => id)
}
