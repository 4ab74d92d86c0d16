import { QuotaExceeded, TemporarilyUnavailable } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'

/** What a partner may still ask for. */
export interface RemainingQuota {
  perMinute: Allowance
  perDay: Allowance
}

export interface Allowance {
  /** Requests in the whole of it. */
  quota: number
  /** Requests left. */
  left: number
  /** Seconds until it begins anew. */
  resetsIn: number
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Takes requests back that were counted. Locks the rows in the order in which `count` does: no deadlocks. */
async function refundCount(db: QuotaDb, partnerId: string, starts: readonly Date[]): Promise<void> {
  const [minute, day] = starts
  await db.$executeRaw`
    WITH locked AS MATERIALIZED (
      SELECT "unit", "start" FROM "PartnerUsage"
      WHERE "partnerId" = ${partnerId}::uuid
        AND (("unit" = 'MINUTE' AND "start" = ${minute}) OR ("unit" = 'DAY' AND "start" = ${day ?? null}))
      ORDER BY "unit" = 'DAY' FOR UPDATE
    )
    UPDATE "PartnerUsage" u SET "requests" = u."requests" - 1 FROM locked
    WHERE u."partnerId" = ${partnerId}::uuid AND u."unit" = locked."unit" AND u."start" = locked."start"
      AND u."requests" > 0`
}

/** What one request took from a partner's quotas. */
export interface Charge {
  /** What is left; null where a quota was used up. */
  left: RemainingQuota | null
  /** Says which quota was used up; null where the request was counted. */
  exceeded: QuotaExceeded | null
  /** Gives the request back: it turned out to be one that does not count. */
  refund(): Promise<void>
}

/**
 * Takes one request from a partner's quotas, which all gateways share. It is one statement, so of requests
 * at the same time no more get through than the quota has. What is refused is not counted.
 *
 * @param at the minute and the day (UTC) that it counts for
 * @throws TemporarilyUnavailable when it can't be counted now
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
 * The same for a request that is refused when a quota is used up.
 * @throws QuotaExceeded; TemporarilyUnavailable when it can't be counted now
 */
export async function spend(db: QuotaDb, partnerId: string, at: Date): Promise<RemainingQuota> {
  const { left, exceeded } = await charge(db, partnerId, at)
  if (!left) throw exceeded
  return left
}

interface Spent {
  quotaPerMinute: number
  quotaPerDay: number
  /** Requests so far, with this one; null where the quota was used up. */
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
    throw new TemporarilyUnavailable('Requests can not be counted just now. Try again shortly.', {
      cause: error,
    })
  }
}

/**
 * What is left as HTTP headers, in the form of draft-ietf-httpapi-ratelimit-headers: r is how many requests
 * are left, t in how many seconds they are as many as q again. Where a quota is used up, when to come back.
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

/** Since when requests count for the current minute and day: where their rows begin. */
export function currentUnits(at: Date): { minute: Date; day: Date } {
  return { minute: startOf(at, MINUTE_MS), day: startOf(at, DAY_MS) }
}

/** For how long the counts of minutes and of days are kept. */
const MINUTE_COUNTS_RETENTION_MS = 60 * MINUTE_MS
const DAY_COUNTS_RETENTION_MS = 400 * DAY_MS

/** Forgets counts that nobody asks for any more: minutes after an hour, days after some thirteen months. */
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
