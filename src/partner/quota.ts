import type { PrismaClient } from '../db/client/client.ts'
import { QuotaExceeded } from '../errors.ts'

/** What a partner may still ask for. */
export interface QuotaLeft {
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

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/**
 * Takes one request from a partner's quotas, which all gateways share. It is one statement, so of requests
 * at the same time no more get through than the quota has. What is refused is not counted.
 *
 * @param at the minute and the day (UTC) that it counts for
 * @throws QuotaExceeded
 */
export async function spend(
  db: Pick<PrismaClient, '$queryRaw'>,
  partnerId: string,
  at: Date,
): Promise<QuotaLeft> {
  const minute = startOf(at, MINUTE)
  const day = startOf(at, DAY)
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
  const untilMinute = secondsUntil(minute, MINUTE, at)
  const untilDay = secondsUntil(day, DAY, at)
  if (!row || row.inMinute === null) throw new QuotaExceeded('minute', untilMinute)
  if (row.inDay === null) throw new QuotaExceeded('day', untilDay)
  return {
    perMinute: {
      quota: row.quotaPerMinute,
      left: row.quotaPerMinute - row.inMinute,
      resetsIn: untilMinute,
    },
    perDay: { quota: row.quotaPerDay, left: row.quotaPerDay - row.inDay, resetsIn: untilDay },
  }
}

interface Spent {
  quotaPerMinute: number
  quotaPerDay: number
  /** Requests so far, with this one; null where the quota was used up. */
  inMinute: number | null
  inDay: number | null
}

/**
 * What is left as HTTP headers, in the form of draft-ietf-httpapi-ratelimit-headers: r is how many requests
 * are left, t in how many seconds they are as many as q again.
 */
export function quotaHeaders({ perMinute, perDay }: QuotaLeft): Record<string, string> {
  return {
    'ratelimit-policy': `"minute";q=${perMinute.quota};w=60, "day";q=${perDay.quota};w=86400`,
    ratelimit:
      `"minute";r=${perMinute.left};t=${perMinute.resetsIn}, ` +
      `"day";r=${perDay.left};t=${perDay.resetsIn}`,
  }
}

/** When the minute or the day in which a moment lies began. */
function startOf(at: Date, length: number): Date {
  return new Date(Math.floor(at.getTime() / length) * length)
}

function secondsUntil(start: Date, length: number, at: Date): number {
  return Math.max(1, Math.ceil((start.getTime() + length - at.getTime()) / 1000))
}
