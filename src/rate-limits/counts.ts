import type { PrismaClient } from '../db/client/client.ts'

/** A number of attempts to add to a span of time. */
export interface Attempts {
  key: string
  /** When the span began, in ms since 1970. */
  start: number
  count: number
}

/**
 * Adds attempts to the counts that all gateways share, in one statement.
 * @returns the new totals, in the order given
 */
export async function addAttempts(
  db: Pick<PrismaClient, '$queryRaw'>,
  attempts: readonly Attempts[],
): Promise<number[]> {
  const keys = attempts.map(({ key }) => key)
  const starts = attempts.map(({ start }) => new Date(start).toISOString())
  const counts = attempts.map(({ count }) => count)
  // In one order everywhere: two gateways that lock the same rows must not wait for each other in a circle.
  const rows = await db.$queryRaw<{ key: string; start: Date; count: number }[]>`
    INSERT INTO "RateCount" AS r ("key", "start", "count")
    SELECT * FROM unnest(${keys}::text[], ${starts}::timestamptz[], ${counts}::int[]) AS a("key", "start", "count")
    ORDER BY "key", "start"
    ON CONFLICT ("key", "start") DO UPDATE SET "count" = r."count" + EXCLUDED."count"
    RETURNING "key", "start", "count"`
  const totals = new Map(rows.map(({ key, start, count }) => [`${start.getTime()} ${key}`, count]))
  return attempts.map(({ key, start, count }) => totals.get(`${start} ${key}`) ?? count)
}

/** For how long counts are kept, in ms: longer than the longest span. */
const RETENTION_MS = 2 * 3_600_000

/** Removes counts of spans that are over. */
export async function deleteOldAttempts(db: Pick<PrismaClient, '$executeRaw'>, now: Date): Promise<void> {
  await db.$executeRaw`DELETE FROM "RateCount" WHERE "start" < ${new Date(now.getTime() - RETENTION_MS)}`
}
