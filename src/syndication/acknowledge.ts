import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { lockedHoldings } from '../db/locks.ts'
import { endOfSequence } from './changes.ts'
import { readCursor, UnknownCursor } from './cursor.ts'

export interface Acknowledgement {
  /** The number of articles whose version, and whose removal, was acknowledged with this call. */
  confirmed: number
  removed: number
}

/**
 * Records that a partner has applied all changes up to a cursor: the delivered version of each article that has
 * not changed since, and the delivered removals.
 *
 * @throws UnknownCursor
 */
export async function acknowledge(
  { partnerId, cursor }: { partnerId: string; cursor: string },
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<Acknowledgement> {
  const at = now()
  const { epoch, head } = await endOfSequence(prisma)
  const { feed, ahead, ...place } = readCursor(cursor, epoch)
  const { position, within } = place
  // Removals may have been delivered ahead of their position.
  const removals = ahead ?? place
  if (removals.position > head) throw new UnknownCursor()
  const upTo = Prisma.sql`
    (CASE WHEN h."removalAttemptedAt" IS NULL THEN ${position}::int ELSE ${removals.position}::int END)`
  const upToArticle = Prisma.sql`
    (CASE WHEN h."removalAttemptedAt" IS NULL THEN ${within}::uuid ELSE ${removals.within}::uuid END)`
  // A removal cursor acknowledges nothing about other articles.
  const isOfRemovals = feed === 'removals'
  return prisma.$transaction(async (tx) => {
    // An article that changed after the cursor may have been delivered, but not yet applied, in a later state.
    const applied = lockedHoldings(Prisma.sql`
      h."partnerId" = ${partnerId}::uuid
        AND CASE WHEN h."removalAttemptedAt" IS NOT NULL THEN h."removedAt" IS NULL
          ELSE NOT ${isOfRemovals}::boolean AND h."confirmed" IS DISTINCT FROM h."version" END
        AND NOT EXISTS (
          SELECT FROM "ArticleChange" c WHERE c."articleId" = h."articleId" AND c."position" > ${upTo}
            AND (c."partnerId" IS NULL OR c."partnerId" = h."partnerId")
        )
        AND NOT EXISTS (
          SELECT FROM "ArticleChange" c
          WHERE c."articleId" IS NULL AND c."partnerId" = h."partnerId" AND c."position" > ${upTo}
            AND (c."position" > ${upTo} + 1 OR ${upToArticle} IS NULL OR h."articleId" > ${upToArticle})
        )
    `)
    const rows = await tx.$queryRaw<{ articleId: string; gone: boolean }[]>`
      SELECT "articleId", "removalAttemptedAt" IS NOT NULL AS gone FROM (${applied}) locked`
    const gone = rows.filter((row) => row.gone).map(({ articleId }) => articleId)
    const kept = rows.filter((row) => !row.gone).map(({ articleId }) => articleId)
    await tx.$executeRaw`
      UPDATE "Holding" SET "removedAt" = ${at}, "removalToldAt" = coalesce("removalToldAt", ${at})
      WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ANY(${gone}::uuid[])`
    await tx.$executeRaw`
      UPDATE "Holding" SET "confirmed" = "version", "confirmedAt" = ${at}
      WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ANY(${kept}::uuid[])`
    await tx.$executeRaw`
      UPDATE "Delivery" d SET "acknowledgedAt" = ${at} FROM "Holding" h
      WHERE d."partnerId" = ${partnerId}::uuid AND d."articleId" = ANY(${[...gone, ...kept]}::uuid[])
        AND h."partnerId" = d."partnerId" AND h."articleId" = d."articleId" AND d."acknowledgedAt" IS NULL
        AND d."kind" = (CASE WHEN h."removalAttemptedAt" IS NULL THEN 'ARTICLE' ELSE 'REMOVAL' END)::"DeliveryKind"`
    return { confirmed: kept.length, removed: gone.length }
  })
}
