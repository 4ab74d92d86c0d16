import type { CommentStatus, PrismaClient } from '../../db/client/client.ts'

/** The numbers of comments of a reader, by status. */
export type CommentCounts = Record<CommentStatus, number>

/** The largest number: more comments are not counted. */
export const MAX_COMMENT_COUNT = 10_000

/** Counts the comments of readers with one statement, which reads an index only. */
export async function countComments(
  readerIds: readonly string[],
  { db }: { db: Pick<PrismaClient, '$queryRaw'> },
): Promise<Map<string, CommentCounts>> {
  const rows = await db.$queryRaw<{ id: string; status: CommentStatus; count: number }[]>`
    SELECT reader.id, counted.status::text AS "status", (
      SELECT count(*)::int FROM (
        SELECT FROM "Comment" c WHERE c."readerId" = reader.id AND c."status" = counted.status
        LIMIT ${MAX_COMMENT_COUNT}
      ) found
    ) AS "count"
    FROM unnest(${[...readerIds]}::uuid[]) reader(id), unnest(enum_range(NULL::"CommentStatus")) counted(status)`
  const counts = new Map(readerIds.map((id) => [id, { PENDING: 0, APPROVED: 0, REJECTED: 0 }]))
  for (const { id, status, count } of rows) (counts.get(id) as CommentCounts)[status] = count
  return counts
}
