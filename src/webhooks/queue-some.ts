import { fromPrisma, type PgBoss } from 'pg-boss'
import { Prisma } from '../db/client/client.ts'
import { HISTORY_SQL } from '../db/history.ts'
import { lockedFreeEndpoint } from '../db/locks.ts'
import { audienceForRemovals } from '../licensing/partner-audience.ts'
import { isBefore, type Place } from '../syndication/cursor.ts'
import { type EntryArticle, readEntries, readRemovals } from '../syndication/entries.ts'
import { momentOf } from '../syndication/removal-status.ts'
import { jobOf } from './job.ts'
import { countWaiting, raisePriority, retryNow } from './waiting.ts'

type Tx = Prisma.TransactionClient

/**
 * The maximum number of queued messages per endpoint. The change sequence is the backlog, so a slow or dead
 * endpoint does not fill the queue. Removals are counted separately.
 */
const MAX_WAITING = 200

/** The same for an endpoint that has failed for a minute. */
const MAX_WAITING_WHEN_FAILING = 20
export const FAILING_AFTER_MS = 60_000

/** The maximum number of messages per transaction. */
const MAX_BATCH = 100

interface QueueRequest {
  boss: PgBoss
  endpointId: string
  now: Date
}

interface Endpoint {
  id: string
  partnerId: string
  isSuspended: boolean
  failingSince: Date | null
  /** The position after the queued changes, and the same for removals, which are queued ahead. */
  place: Place
  removalsPlace: Place
  head: number
  /** The history of the database that these positions belong to. */
  history: string
}

/**
 * Queues messages for one endpoint: first its removals, anywhere in the change sequence, then the next changes.
 * An endpoint of a suspended partner gets only removals.
 *
 * @returns whether there may be more to queue now
 */
export async function queueSome(tx: Tx, turn: QueueRequest): Promise<boolean> {
  const endpoint = await lockEndpoint(tx, turn.endpointId)
  if (!endpoint) return false
  const isFailing =
    endpoint.failingSince !== null && turn.now.getTime() - endpoint.failingSince.getTime() >= FAILING_AFTER_MS
  const most = isFailing ? MAX_WAITING_WHEN_FAILING : MAX_WAITING
  const waiting = await countWaiting(tx, endpoint.id)
  const hasMoreRemovals = await queueRemovals(tx, { ...turn, endpoint, room: most - waiting.urgent })
  if (endpoint.isSuspended) return hasMoreRemovals
  const hasMore = await queueNext(tx, { ...turn, endpoint, room: most - waiting.others })
  return hasMore || hasMoreRemovals
}

/** Locks the endpoint row, unless another gateway has it or a later transaction has already queued. */
async function lockEndpoint(tx: Tx, id: string): Promise<Endpoint | null> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT e."partnerId", e."position", e."positionWithin", e."removalsPosition", e."removalsWithin",
      e."failingSince", h."position" AS head, p."suspendedAt" IS NOT NULL AS "isSuspended",
      (${Prisma.raw(HISTORY_SQL)}) AS history
    FROM (${lockedFreeEndpoint(id)}) e JOIN "Partner" p ON p."id" = e."partnerId", "ChangeHead" h`
  if (!row) return null
  const place = { position: row.position, within: row.positionWithin }
  const removals = { position: row.removalsPosition, within: row.removalsWithin }
  const { partnerId, isSuspended, failingSince, head, history } = row
  // Removals at positions that were already queued need no second scan.
  const removalsPlace = isBefore(removals, place) ? place : removals
  return { id, partnerId, isSuspended, failingSince, head, history, place, removalsPlace }
}

interface Row {
  partnerId: string
  position: number
  positionWithin: string | null
  removalsPosition: number
  removalsWithin: string | null
  failingSince: Date | null
  head: number
  isSuspended: boolean
  history: string
}

type EndpointQueueRequest = QueueRequest & { endpoint: Endpoint; room: number }

async function queueRemovals(tx: Tx, { boss, endpoint, room, now }: EndpointQueueRequest): Promise<boolean> {
  const { id, partnerId, head, removalsPlace: after } = endpoint
  if (room <= 0 || after.position >= head) return false
  const audience = await audienceForRemovals(partnerId, tx)
  const newest = await tx.articleChange.findUnique({ where: { position: head }, select: { at: true } })
  const range = { audience, after, upTo: head, take: Math.min(room, MAX_BATCH) }
  const { articles, end } = await readRemovals(tx, range, momentOf(newest ? [newest] : [], now))
  await insert(tx, { boss, endpoint, articles, isUrgent: true })
  await tx.$executeRaw`
    UPDATE "WebhookEndpoint" SET "removalsPosition" = ${end.position}, "removalsWithin" = ${end.within}::uuid,
      "queuedAt" = now()
    WHERE "id" = ${id}::uuid`
  return end.position < head || articles.length > 0
}

async function queueNext(tx: Tx, { boss, endpoint, room }: EndpointQueueRequest): Promise<boolean> {
  const { id, partnerId, place, head } = endpoint
  if (room <= 0 || place.position >= head) return false
  const audience = await audienceForRemovals(partnerId, tx)
  const range = { audience, after: place, upTo: head, take: Math.min(room, MAX_BATCH) }
  const { articles, end } = await readEntries(tx, range)
  await insert(tx, { boss, endpoint, articles, isUrgent: false })
  await tx.$executeRaw`
    UPDATE "WebhookEndpoint" SET "position" = ${end.position}, "positionWithin" = ${end.within}::uuid,
      "queuedAt" = now()
    WHERE "id" = ${id}::uuid`
  return end.position < head || articles.length > 0
}

interface Messages {
  boss: PgBoss
  endpoint: Endpoint
  articles: readonly EntryArticle[]
  isUrgent: boolean
}

async function insert(tx: Tx, { boss, endpoint, articles, isUrgent }: Messages): Promise<void> {
  if (articles.length === 0) return
  const { id, history } = endpoint
  const jobs = articles.map((article) => jobOf(id, article, { history, isUrgent }))
  await boss.insert('webhooks', jobs, { db: fromPrisma(tx) })
  const keys = [...new Set(jobs.map(({ singletonKey }) => singletonKey))]
  // Older messages about the same articles are sent first and have the same content by now.
  if (isUrgent) await raisePriority(tx, keys)
  // An older message that waits for its retry must not delay the new one.
  await retryNow(boss, tx, id, keys)
}
