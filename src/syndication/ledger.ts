import { type DeliveryKind, type DeliveryWay, Prisma, type PrismaClient } from '../db/client/client.ts'
import { articlesKeyShare, freeSequence, lockedHoldings } from '../db/locks.ts'
import { LIMITED_WRITE } from '../db/writers.ts'
import {
  confirmRemoval,
  confirmVersion,
  heldVersions,
  type LedgerDb,
  recordRemovalArrival,
  removalAttempts,
} from './holdings.ts'

/** The delivery of one article to a partner. */
export interface DeliveryRecord {
  articleId: string
  /** The delivered version; for a removal, the withdrawn version. */
  version: number
  kind: DeliveryKind
  /** When the right of the partner ends by the clock; null for never. */
  lapsesAt: Date | null
}

export interface DeliveryContext {
  partnerId: string
  via: DeliveryWay
  at: Date
}

/**
 * Whether the partner fetches by this method. Then the response is the delivery; otherwise it is the 2xx answer
 * of the partner.
 */
function isPull(via: DeliveryWay): boolean {
  return via !== 'WEBHOOK' && via !== 'WEBSUB'
}

type RecordOutcome = 'recorded' | 'overtaken' | 'busy'

/**
 * Records deliveries before they are sent, unless a change of their articles or of the partner's licence was committed
 * after a position: the ledger may list a delivery that never arrived, but never miss one.
 *
 * One statement, so one transaction, in the order of locks of src/db/locks.ts: holdings, articles, the change sequence.
 * The lock on the sequence is held to the end, so no change can be committed between the check and our commit.
 *
 * @param head the head of the change sequence before the content was read
 * @param deliveries at most one per article
 * @returns "overtaken" if there is such a change, "busy" if a change is being written or was committed a moment ago
 */
export async function recordUnlessChanged(
  db: Pick<PrismaClient, '$queryRaw'>,
  { head, ...context }: DeliveryContext & { head: number },
  deliveries: readonly DeliveryRecord[],
): Promise<RecordOutcome> {
  const { partnerId } = context
  const ids = Prisma.sql`ARRAY(SELECT g.article FROM given g)`
  // The foreign keys of new rows lock their articles. This must happen before the lock on the sequence: a transaction
  // that updates an article may hold its lock and wait for the sequence.
  const articles = articlesKeyShare(Prisma.sql`
    a."id" IN (SELECT g.article FROM given g WHERE g."isNew") AND (SELECT count(*) FROM holdings) >= 0`)
  const isConcerned = Prisma.sql`
    (c."articleId" = ANY(${ids}) AND (c."partnerId" IS NULL OR c."partnerId" = ${partnerId}::uuid))
      OR (c."articleId" IS NULL AND c."partnerId" = ${partnerId}::uuid)`
  // A locked row is read in its newest version, and all other rows are those of the time when the statement began. If
  // the two heads differ, entries may be missing.
  const check = Prisma.sql`
    holdings AS MATERIALIZED (${lockedHoldings(Prisma.sql`
      h."partnerId" = ${partnerId}::uuid AND h."articleId" = ANY(${ids})`)}),
    articles AS MATERIALIZED (${articles}),
    sequence AS MATERIALIZED (${freeSequence(Prisma.sql`(SELECT count(*) FROM articles) >= 0`)}),
    checked AS MATERIALIZED (
      SELECT CASE WHEN (SELECT "position" FROM sequence) IS DISTINCT FROM h."position" THEN 'busy'
        WHEN h."position" > ${head} AND EXISTS (
          SELECT FROM "ArticleChange" c WHERE c."position" > ${head} AND (${isConcerned})) THEN 'overtaken'
        ELSE 'recorded' END AS outcome
      FROM "ChangeHead" h WHERE h."id" = 1
    )`
  const [row] = await db.$queryRaw<{ outcome: RecordOutcome }[]>(
    Prisma.sql`${recordingSql(context, deliveries, check)} SELECT outcome FROM checked`,
  )
  if (!row)
    throw new Error('The table "ChangeHead" has no row. Restore the row, or run the migrations again.')
  return row.outcome
}

/**
 * The same without the check, within a transaction that makes it unnecessary.
 *
 * @param deliveries at most one per article
 */
export async function recordDeliveries(
  db: LedgerDb,
  context: DeliveryContext,
  deliveries: readonly DeliveryRecord[],
): Promise<void> {
  if (deliveries.length === 0) return
  const check = Prisma.sql`checked AS (SELECT 'recorded' AS outcome)`
  await db.$queryRaw`${recordingSql(context, deliveries, check)} SELECT outcome FROM checked`
}

/**
 * The WITH clause that records deliveries.
 * @param check a table "checked" with the column "outcome"; nothing is written unless it is "recorded"
 */
function recordingSql(
  { partnerId, via, at }: DeliveryContext,
  deliveries: readonly DeliveryRecord[],
  check: Prisma.Sql,
): Prisma.Sql {
  const lapses = deliveries.map(({ lapsesAt }) => lapsesAt?.toISOString() ?? null)
  const deliveredAt = isPull(via) ? at : null
  // Sorted by article, so that concurrent deliveries to one partner do not deadlock.
  return Prisma.sql`${Prisma.raw(LIMITED_WRITE)}
    WITH given AS MATERIALIZED (
      SELECT g.article, g.version, g.kind::"DeliveryKind" AS kind, g.lapses, (
          SELECT 1 FROM "Delivery" d
          WHERE d."partnerId" = ${partnerId}::uuid AND d."articleId" = g.article AND d."version" = g.version
            AND d."kind" = g.kind::"DeliveryKind" AND d."via" = ${via}::text::"DeliveryWay"
        ) IS NULL AS "isNew"
      FROM unnest(${deliveries.map(articleId)}::uuid[], ${deliveries.map(version)}::int[],
        ${deliveries.map(({ kind }) => kind)}::text[], ${lapses}::timestamptz[]) AS g(article, version, kind, lapses)
    ),
    ${check},
    held AS (${heldVersions({ partnerId, at })}),
    removed AS (${removalAttempts({ partnerId, at, deliveredAt })}),
    delivered AS (
      INSERT INTO "Delivery" AS d
        ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt", "toldAt")
      SELECT gen_random_uuid(), ${partnerId}::uuid, g.article, g.version, g.kind, ${via}::text::"DeliveryWay",
        ${at}, ${at}, ${deliveredAt}::timestamptz
      FROM given g
      -- Always lock Holding before Delivery to prevent deadlocks.
      WHERE (SELECT outcome FROM checked) = 'recorded' AND (SELECT count(*) FROM held) + (SELECT count(*) FROM removed) >= 0
      ORDER BY g.article
      ON CONFLICT ("partnerId", "articleId", "version", "kind", "via") DO UPDATE SET
        "times" = d."times" + 1, "lastAt" = greatest(d."lastAt", excluded."lastAt"),
        "toldAt" = coalesce(d."toldAt", excluded."toldAt")
    )`
}

/** Records that a delivery arrived: the receiver answered 2xx. */
export async function recordArrival(
  db: LedgerDb,
  { partnerId, via, at }: DeliveryContext,
  deliveries: readonly DeliveryRecord[],
): Promise<void> {
  const rows = sortedById(deliveries)
  const gone = rows.filter(({ kind }) => kind === 'REMOVAL')
  // Always lock Holding before Delivery to prevent deadlocks.
  await recordRemovalArrival(db, { partnerId, at }, gone)
  await db.$executeRaw`
    UPDATE "Delivery" d SET "toldAt" = ${at} FROM ${recordsSql(rows)}
    WHERE d."partnerId" = ${partnerId}::uuid AND d."via" = ${via}::text::"DeliveryWay" AND d."toldAt" IS NULL
      AND d."articleId" = h.article AND d."version" = h.version AND d."kind" = h.kind::"DeliveryKind"`
}

/** Records a failed attempt and its error. */
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

/** Sorted, so that concurrent deliveries to one partner do not deadlock. */
function sortedById(deliveries: readonly DeliveryRecord[]): DeliveryRecord[] {
  return [...deliveries].sort((a, b) => (a.articleId < b.articleId ? -1 : 1))
}

function recordsSql(rows: readonly DeliveryRecord[]): Prisma.Sql {
  return Prisma.sql`unnest(${rows.map(articleId)}::uuid[], ${rows.map(version)}::int[],
    ${rows.map(({ kind }) => kind)}::text[]) AS h(article, version, kind)`
}

/** A delivery that the partner acknowledged by answering 2xx. */
export interface AcknowledgedDelivery
  extends DeliveryContext,
    Pick<DeliveryRecord, 'articleId' | 'version' | 'kind'> {}

/** Records that a delivery arrived and was acknowledged: the version or the removal. */
export async function acknowledgeDelivery(db: LedgerDb, delivery: AcknowledgedDelivery): Promise<void> {
  const { partnerId, articleId, version, kind, via, at } = delivery
  await recordArrival(db, { partnerId, via, at }, [{ articleId, version, kind, lapsesAt: null }])
  if (kind === 'ARTICLE') await confirmVersion(db, delivery)
  else await confirmRemoval(db, delivery)
  await db.delivery.updateMany({
    where: { partnerId, articleId, version, kind, via, acknowledgedAt: null },
    data: { acknowledgedAt: at },
  })
}

const articleId = (row: DeliveryRecord) => row.articleId
const version = (row: DeliveryRecord) => row.version
