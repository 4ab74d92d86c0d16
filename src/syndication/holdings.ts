import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { lockedHoldings } from '../db/locks.ts'

// The table Holding: for each partner and article the version that the partner has, and the state of its removal.
// Callers that change several rows pass them sorted by article, so that they do not deadlock.

export type LedgerDb = PrismaClient | Prisma.TransactionClient

interface HolderAt {
  partnerId: string
  at: Date
}

interface HeldVersion {
  articleId: string
  version: number
  /** When the right of the partner ends by the clock; null for never. */
  lapsesAt: Date | null
}

/** The articles, out of the given ones, that a partner ever received. */
export async function everDelivered(
  db: LedgerDb,
  partnerId: string,
  articleIds: readonly string[],
): Promise<Set<string>> {
  if (articleIds.length === 0) return new Set()
  const rows = await db.holding.findMany({
    where: { partnerId, articleId: { in: [...articleIds] } },
    select: { articleId: true },
  })
  return new Set(rows.map((row) => row.articleId))
}

// Parts of the statement in ledger.ts, with the rows "given" (article, version, kind, lapses) and "checked" (outcome):

/** Records the versions that a partner is about to have. A removal that was recorded before ends. */
export function heldVersions({ partnerId, at }: HolderAt): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO "Holding" AS h ("partnerId", "articleId", "version", "since", "lapsesAt")
    SELECT ${partnerId}::uuid, g.article, g.version, ${at}, g.lapses
    FROM given g WHERE g.kind = 'ARTICLE' AND (SELECT outcome FROM checked) = 'recorded' ORDER BY g.article
    ON CONFLICT ("partnerId", "articleId") DO UPDATE SET
      "since" = CASE WHEN excluded."version" > h."version" OR h."removalAttemptedAt" IS NOT NULL
        THEN excluded."since" ELSE h."since" END,
      "version" = greatest(h."version", excluded."version"),
      "lapsesAt" = excluded."lapsesAt", "removalAttemptedAt" = NULL, "removalToldAt" = NULL, "removedAt" = NULL
    -- Otherwise nothing changes: a removal that was delivered or confirmed was attempted.
    WHERE excluded."version" > h."version" OR h."removalAttemptedAt" IS NOT NULL
      OR excluded."lapsesAt" IS DISTINCT FROM h."lapsesAt"
    RETURNING 1`
}

/** Records that a removal is about to be sent, and for a pull method that it was delivered. */
export function removalAttempts({
  partnerId,
  at,
  deliveredAt,
}: HolderAt & { deliveredAt: Date | null }): Prisma.Sql {
  return Prisma.sql`
    UPDATE "Holding" h SET "removalAttemptedAt" = coalesce(h."removalAttemptedAt", ${at}),
      "removalToldAt" = coalesce(h."removalToldAt", ${deliveredAt}::timestamptz), "lapsesAt" = NULL
    FROM given g
    WHERE g.kind = 'REMOVAL' AND (SELECT outcome FROM checked) = 'recorded' AND h."partnerId" = ${partnerId}::uuid AND h."articleId" = g.article
    RETURNING 1`
}

/** Records that removals were delivered: the receiver answered 2xx. */
export async function recordRemovalArrival(
  db: LedgerDb,
  { partnerId, at }: HolderAt,
  rows: readonly Pick<HeldVersion, 'articleId'>[],
): Promise<void> {
  if (rows.length === 0) return
  const attempted = lockedHoldings(Prisma.sql`
    h."partnerId" = ${partnerId}::uuid AND h."articleId" = ANY(${rows.map(articleId)}::uuid[])
      AND h."removalAttemptedAt" IS NOT NULL AND h."removalToldAt" IS NULL`)
  await db.$executeRaw`
    UPDATE "Holding" SET "removalToldAt" = ${at}
    WHERE ("partnerId", "articleId") IN (SELECT "partnerId", "articleId" FROM (${attempted}) locked)`
}

/** Records that a partner acknowledged a version, unless it acknowledged a newer one. */
export async function confirmVersion(
  db: LedgerDb,
  { partnerId, at, articleId, version }: HolderAt & Omit<HeldVersion, 'lapsesAt'>,
): Promise<void> {
  await db.$executeRaw`
    UPDATE "Holding" SET "confirmed" = ${version}, "confirmedAt" = ${at}
    WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ${articleId}::uuid
      AND coalesce("confirmed", 0) <= ${version}`
}

/** Records that a partner acknowledged a removal that was delivered. */
export async function confirmRemoval(
  db: LedgerDb,
  { partnerId, at, articleId }: HolderAt & Pick<HeldVersion, 'articleId'>,
): Promise<void> {
  await db.$executeRaw`
    UPDATE "Holding" SET "removedAt" = ${at}
    WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ${articleId}::uuid
      AND "removalToldAt" IS NOT NULL AND "removedAt" IS NULL`
}

const articleId = (row: Pick<HeldVersion, 'articleId'>) => row.articleId
