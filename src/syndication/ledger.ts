import { type DeliveryKind, type DeliveryWay, Prisma } from '../db/client/client.ts'
import {
  confirmRemoval,
  confirmVersion,
  type LedgerDb,
  recordHeldVersions,
  recordRemovalArrival,
  recordRemovalAttempt,
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

/**
 * Records deliveries before they are sent: the ledger may list a delivery that never arrived, but never miss
 * one.
 *
 * @param deliveries at most one per article
 */
export async function recordDeliveries(
  db: LedgerDb,
  { partnerId, via, at }: DeliveryContext,
  deliveries: readonly DeliveryRecord[],
): Promise<void> {
  if (deliveries.length === 0) return
  const rows = sortedById(deliveries)
  const deliveredAt = isPull(via) ? at : null
  await recordHeldVersions(
    db,
    { partnerId, at },
    rows.filter(({ kind }) => kind === 'ARTICLE'),
  )
  await recordRemovalAttempt(
    db,
    { partnerId, at, deliveredAt },
    rows.filter(({ kind }) => kind === 'REMOVAL'),
  )
  await db.$executeRaw`
    INSERT INTO "Delivery" AS d ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt", "toldAt")
    SELECT gen_random_uuid(), ${partnerId}::uuid, h.article, h.version, h.kind::"DeliveryKind",
      ${via}::text::"DeliveryWay", ${at}, ${at}, ${deliveredAt}::timestamptz
    FROM unnest(${rows.map(articleId)}::uuid[], ${rows.map(version)}::int[], ${rows.map(({ kind }) => kind)}::text[])
      AS h(article, version, kind)
    ON CONFLICT ("partnerId", "articleId", "version", "kind", "via") DO UPDATE SET
      "times" = d."times" + 1, "lastAt" = greatest(d."lastAt", excluded."lastAt"),
      "toldAt" = coalesce(d."toldAt", excluded."toldAt")`
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
