import { type DeliveryKind, type DeliveryWay, Prisma, type PrismaClient } from '../db/client/client.ts'

/** What a partner was given of one story. */
export interface DeliveryRecord {
  articleId: string
  /** The version it was given; for a removal, the version that is withdrawn. */
  version: number
  kind: DeliveryKind
  /** When the partner's right to it ends by itself; null for never. */
  lapsesAt: Date | null
}

export interface DeliveryContext {
  partnerId: string
  via: DeliveryWay
  at: Date
}

type LedgerDb = PrismaClient | Prisma.TransactionClient

/**
 * Whether a partner asked for what it is given on this way. Then it is told with the answer; what is sent
 * without being asked for is told when the partner's side has answered.
 */
function isPull(via: DeliveryWay): boolean {
  return via !== 'WEBHOOK' && via !== 'WEBSUB'
}

/**
 * Writes down what a partner is given, or what it is attempted to send it. It is written before anything is
 * sent: the ledger may say that a partner has what never arrived, and never the other way round.
 *
 * @param deliveries of each story at most one
 */
export async function recordDeliveries(
  db: LedgerDb,
  { partnerId, via, at }: DeliveryContext,
  deliveries: readonly DeliveryRecord[],
): Promise<void> {
  if (deliveries.length === 0) return
  const rows = sortedById(deliveries)
  const told = isPull(via) ? at : null
  await upsertHoldings(
    db,
    partnerId,
    at,
    rows.filter(({ kind }) => kind === 'STORY'),
  )
  await recordRemovalAttempt(
    db,
    { partnerId, at, told },
    rows.filter(({ kind }) => kind === 'REMOVAL'),
  )
  await db.$executeRaw`
    INSERT INTO "Delivery" AS d ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt", "toldAt")
    SELECT gen_random_uuid(), ${partnerId}::uuid, h.article, h.version, h.kind::"DeliveryKind",
      ${via}::text::"DeliveryWay", ${at}, ${at}, ${told}::timestamptz
    FROM unnest(${rows.map(articleId)}::uuid[], ${rows.map(version)}::int[], ${rows.map(({ kind }) => kind)}::text[])
      AS h(article, version, kind)
    ON CONFLICT ("partnerId", "articleId", "version", "kind", "via") DO UPDATE SET
      "times" = d."times" + 1, "lastAt" = greatest(d."lastAt", excluded."lastAt"),
      "toldAt" = coalesce(d."toldAt", excluded."toldAt")`
}

/** Writes down that what was sent has arrived: the other side answered with 2xx. */
export async function recordArrival(
  db: LedgerDb,
  { partnerId, via, at }: DeliveryContext,
  deliveries: readonly DeliveryRecord[],
): Promise<void> {
  const rows = sortedById(deliveries)
  const gone = rows.filter(({ kind }) => kind === 'REMOVAL')
  // Holding before Delivery, as everywhere: two who write about one story never wait for each other in a circle.
  if (gone.length > 0) {
    await db.$executeRaw`
      UPDATE "Holding" SET "removalToldAt" = ${at} WHERE ("partnerId", "articleId") IN (
        SELECT "partnerId", "articleId" FROM "Holding"
        WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ANY(${gone.map(articleId)}::uuid[])
          AND "removalAttemptedAt" IS NOT NULL AND "removalToldAt" IS NULL
        ORDER BY "articleId" FOR UPDATE)`
  }
  await db.$executeRaw`
    UPDATE "Delivery" d SET "toldAt" = ${at} FROM ${recordsSql(rows)}
    WHERE d."partnerId" = ${partnerId}::uuid AND d."via" = ${via}::text::"DeliveryWay" AND d."toldAt" IS NULL
      AND d."articleId" = h.article AND d."version" = h.version AND d."kind" = h.kind::"DeliveryKind"`
}

/** Writes down that an attempt to send something failed, and why. */
export async function recordFailure(
  db: LedgerDb,
  { partnerId, via, at, reason }: DeliveryContext & { reason: string },
  deliveries: readonly DeliveryRecord[],
): Promise<void> {
  await db.$executeRaw`
    UPDATE "Delivery" d SET "failures" = d."failures" + 1, "failedAt" = ${at},
      "failure" = ${reason.slice(0, MAX_ERROR_CHARACTERS)}
    FROM ${recordsSql(sortedById(deliveries))}
    WHERE d."partnerId" = ${partnerId}::uuid AND d."via" = ${via}::text::"DeliveryWay"
      AND d."articleId" = h.article AND d."version" = h.version AND d."kind" = h.kind::"DeliveryKind"`
}

const MAX_ERROR_CHARACTERS = 500

/** In one order of rows: two answers to one partner never wait for each other in a circle. */
function sortedById(deliveries: readonly DeliveryRecord[]): DeliveryRecord[] {
  return [...deliveries].sort((a, b) => (a.articleId < b.articleId ? -1 : 1))
}

function recordsSql(rows: readonly DeliveryRecord[]): Prisma.Sql {
  return Prisma.sql`unnest(${rows.map(articleId)}::uuid[], ${rows.map(version)}::int[],
    ${rows.map(({ kind }) => kind)}::text[]) AS h(article, version, kind)`
}

/** One delivery that a partner has confirmed by itself, as a webhook's 2xx does. */
export interface AcknowledgedDelivery
  extends DeliveryContext,
    Pick<DeliveryRecord, 'articleId' | 'version' | 'kind'> {}

/**
 * Writes down that what was sent to a partner has arrived, and that it has taken over what that brought: the
 * version, or the removal.
 */
export async function acknowledgeDelivery(db: LedgerDb, delivery: AcknowledgedDelivery): Promise<void> {
  const { partnerId, articleId, version, kind, via, at } = delivery
  await recordArrival(db, { partnerId, via, at }, [{ articleId, version, kind, lapsesAt: null }])
  if (kind === 'STORY') {
    await db.$executeRaw`
      UPDATE "Holding" SET "confirmed" = ${version}, "confirmedAt" = ${at}
      WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ${articleId}::uuid
        AND coalesce("confirmed", 0) <= ${version}`
  } else {
    await db.$executeRaw`
      UPDATE "Holding" SET "removedAt" = ${at}
      WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ${articleId}::uuid
        AND "removalToldAt" IS NOT NULL AND "removedAt" IS NULL`
  }
  await db.delivery.updateMany({
    where: { partnerId, articleId, version, kind, via, acknowledgedAt: null },
    data: { acknowledgedAt: at },
  })
}

/** Which of some stories a partner was ever given, and so must be told when they go. */
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

async function upsertHoldings(
  db: LedgerDb,
  partnerId: string,
  at: Date,
  rows: readonly DeliveryRecord[],
): Promise<void> {
  if (rows.length === 0) return
  const lapses = rows.map(({ lapsesAt }) => lapsesAt?.toISOString() ?? null)
  await db.$executeRaw`
    INSERT INTO "Holding" AS h ("partnerId", "articleId", "version", "since", "lapsesAt")
    SELECT ${partnerId}::uuid, n.article, n.version, ${at}, n.lapses
    FROM unnest(${rows.map(articleId)}::uuid[], ${rows.map(version)}::int[], ${lapses}::timestamptz[])
      AS n(article, version, lapses)
    ON CONFLICT ("partnerId", "articleId") DO UPDATE SET
      "since" = CASE WHEN excluded."version" > h."version" OR h."removalAttemptedAt" IS NOT NULL
        THEN excluded."since" ELSE h."since" END,
      "version" = greatest(h."version", excluded."version"),
      "lapsesAt" = excluded."lapsesAt", "removalAttemptedAt" = NULL, "removalToldAt" = NULL, "removedAt" = NULL`
}

async function recordRemovalAttempt(
  db: LedgerDb,
  { partnerId, at, told }: { partnerId: string; at: Date; told: Date | null },
  rows: readonly DeliveryRecord[],
): Promise<void> {
  if (rows.length === 0) return
  await db.$executeRaw`
    UPDATE "Holding" SET "removalAttemptedAt" = coalesce("removalAttemptedAt", ${at}),
      "removalToldAt" = coalesce("removalToldAt", ${told}::timestamptz), "lapsesAt" = NULL
    WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ANY(${rows.map(articleId)}::uuid[])`
}

const articleId = (row: DeliveryRecord) => row.articleId
const version = (row: DeliveryRecord) => row.version
