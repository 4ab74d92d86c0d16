import { QuotaExceeded, TemporarilyUnavailable } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { lockedUsage } from '../db/locks.ts'

/** The remaining quotas of a partner. */
export interface RemainingQuota {
  perMinute: Allowance
  perDay: Allowance
}

export interface Allowance {
  /** The quota. */
  quota: number
  /** The remaining requests. */
  left: number
  /** Seconds until the quota resets. */
  resetsIn: number
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Refunds counted requests. Locks the rows in the same order as `count` to prevent deadlocks. */
async function refundCount(db: QuotaDb, partnerId: string, starts: readonly Date[]): Promise<void> {
  const [minute, day] = starts
  await db.$executeRaw`
    WITH locked AS MATERIALIZED (${lockedUsage(partnerId, minute, day)})
    UPDATE "PartnerUsage" u SET "requests" = u."requests" - 1 FROM locked
    WHERE u."partnerId" = ${partnerId}::uuid AND u."unit" = locked."unit" AND u."start" = locked."start"
      AND u."requests" > 0`
}

/** The result of counting one request. */
export interface Charge {
  /** The remaining quotas; null if a quota is used up. */
  left: RemainingQuota | null
  /** The error for a used-up quota; null if the request was counted. */
  exceeded: QuotaExceeded | null
  /** Refunds the request, because it turned out not to count. */
  refund(): Promise<void>
}

/**
 * Counts one request against the quotas of a partner, for all gateways together. One statement, so that
 * concurrent requests cannot exceed the quota. Refused requests are not counted.
 *
 * @param at determines the minute and the day (UTC)
 * @throws TemporarilyUnavailable if the request cannot be counted
 */
export async function charge(db: QuotaDb, partnerId: string, at: Date): Promise<Charge> {
  const { minute, day } = currentUnits(at)
  const row = await count(db, partnerId, minute, day)
  const untilMinute = secondsUntil(minute, MINUTE_MS, at)
  const untilDay = secondsUntil(day, DAY_MS, at)
  if (!row || row.inMinute === null) return refused(new QuotaExceeded('minute', untilMinute))
  if (row.inDay === null) {
    await refundCount(db, partnerId, [minute])
    return refused(new QuotaExceeded('day', untilDay))
  }
  const left: RemainingQuota = {
    perMinute: {
      quota: row.quotaPerMinute,
      left: row.quotaPerMinute - row.inMinute,
      resetsIn: untilMinute,
    },
    perDay: { quota: row.quotaPerDay, left: row.quotaPerDay - row.inDay, resetsIn: untilDay },
  }
  return {
    left,
    exceeded: null,
    async refund() {
      await refundCount(db, partnerId, [minute, day])
      left.perMinute.left += 1
      left.perDay.left += 1
    },
  }
}

type QuotaDb = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>

function refused(exceeded: QuotaExceeded): Charge {
  return { left: null, exceeded, refund: async () => {} }
}

/**
 * Counts a request and throws if a quota is used up.
 * @throws QuotaExceeded; TemporarilyUnavailable if the request cannot be counted
 */
export async function spend(db: QuotaDb, partnerId: string, at: Date): Promise<RemainingQuota> {
  const { left, exceeded } = await charge(db, partnerId, at)
  if (!left) throw exceeded
  return left
}

interface Spent {
  quotaPerMinute: number
  quotaPerDay: number
  /** The number of requests including this one; null if the quota is used up. */
  inMinute: number | null
  inDay: number | null
}

async function count(
  db: Pick<PrismaClient, '$queryRaw'>,
  partnerId: string,
  minute: Date,
  day: Date,
): Promise<Spent | undefined> {
  try {
    const [row] = await db.$queryRaw<Spent[]>`
    WITH quota AS (SELECT "id", "quotaPerMinute", "quotaPerDay" FROM "Partner" WHERE "id" = ${partnerId}::uuid),
    minute AS (
      INSERT INTO "PartnerUsage" AS u ("partnerId", "unit", "start", "requests")
      SELECT "id", 'MINUTE', ${minute}, 1 FROM quota
      ON CONFLICT ("partnerId", "unit", "start") DO UPDATE SET "requests" = u."requests" + 1
      WHERE u."requests" < (SELECT "quotaPerMinute" FROM quota)
      RETURNING "requests"
    ),
    day AS (
      INSERT INTO "PartnerUsage" AS u ("partnerId", "unit", "start", "requests")
      SELECT "id", 'DAY', ${day}, 1 FROM quota, minute
      ON CONFLICT ("partnerId", "unit", "start") DO UPDATE SET "requests" = u."requests" + 1
      WHERE u."requests" < (SELECT "quotaPerDay" FROM quota)
      RETURNING "requests"
    )
    SELECT "quotaPerMinute", "quotaPerDay", (SELECT "requests" FROM minute) AS "inMinute",
      (SELECT "requests" FROM day) AS "inDay"
    FROM quota`
    return row
  } catch (error) {
    throw new TemporarilyUnavailable(
      'Requests cannot be counted at the moment. Try again in a few seconds.',
      {
        cause: error,
      },
    )
  }
}

/**
 * The quota as HTTP headers (draft-ietf-httpapi-ratelimit-headers): q is the quota, r the remaining requests, t
 * the seconds until reset. For a used-up quota: Retry-After.
 */
export function quotaHeaders({ left, exceeded }: Charge): Record<string, string> {
  if (exceeded) return { 'retry-after': String(exceeded.retryAfter) }
  if (!left) return {}
  const { perMinute, perDay } = left
  return {
    'ratelimit-policy': `"minute";q=${perMinute.quota};w=60, "day";q=${perDay.quota};w=86400`,
    ratelimit:
      `"minute";r=${perMinute.left};t=${perMinute.resetsIn}, ` +
      `"day";r=${perDay.left};t=${perDay.resetsIn}`,
  }
}

/** The start of the current minute and day, which identify the counter rows. */
export function currentUnits(at: Date): { minute: Date; day: Date } {
  return { minute: startOf(at, MINUTE_MS), day: startOf(at, DAY_MS) }
}

/** The retention of minute and day counts. */
const MINUTE_COUNTS_RETENTION_MS = 60 * MINUTE_MS
const DAY_COUNTS_RETENTION_MS = 400 * DAY_MS

/** Deletes old counts: minutes after an hour, days after 400 days. */
export async function deleteOldUsage(db: Pick<PrismaClient, '$executeRaw'>, now: Date): Promise<void> {
  const minutes = new Date(now.getTime() - MINUTE_COUNTS_RETENTION_MS)
  const days = new Date(now.getTime() - DAY_COUNTS_RETENTION_MS)
  await db.$executeRaw`
    DELETE FROM "PartnerUsage"
    WHERE ("unit" = 'MINUTE' AND "start" < ${minutes}) OR "start" < ${days}`
}

function startOf(at: Date, length: number): Date {
  return new Date(Math.floor(at.getTime() / length) * length)
}

function secondsUntil(start: Date, length: number, at: Date): number {
  return Math.max(1, Math.ceil((start.getTime() + length - at.getTime()) / 1000))
}
