import type { PrismaClient } from '../db/client/client.ts'

/** A number of attempts in a time window. */
export interface Attempts {
  key: string
  /** When the window starts, in ms since 1970. */
  start: number
  count: number
}

/**
 * Adds attempts to the counts of all gateways, in one statement.
 * @returns the new totals, in the given order
 */
export async function addAttempts(
  db: Pick<PrismaClient, '$queryRaw'>,
  attempts: readonly Attempts[],
): Promise<number[]> {
  const keys = attempts.map(({ key }) => key)
  const starts = attempts.map(({ start }) => new Date(start).toISOString())
  const counts = attempts.map(({ count }) => count)
  // Always in the same order, so that two gateways that lock the same rows can't deadlock.
  const rows = await db.$queryRaw<{ key: string; start: Date; count: number }[]>`
    INSERT INTO "RateCount" AS r ("key", "start", "count")
    SELECT * FROM unnest(${keys}::text[], ${starts}::timestamptz[], ${counts}::int[]) AS a("key", "start", "count")
    ORDER BY "key", "start"
    ON CONFLICT ("key", "start") DO UPDATE SET "count" = r."count" + EXCLUDED."count"
    RETURNING "key", "start", "count"`
  const totals = new Map(rows.map(({ key, start, count }) => [`${start.getTime()} ${key}`, count]))
  return attempts.map(({ key, start, count }) => totals.get(`${start} ${key}`) ?? count)
}

/** How long counts are kept, in ms: longer than the longest window. */
const RETENTION_MS = 2 * 3_600_000

/** Deletes the counts of past windows. */
export async function deleteOldAttempts(db: Pick<PrismaClient, '$executeRaw'>, now: Date): Promise<void> {
  await db.$executeRaw`DELETE FROM "RateCount" WHERE "start" < ${new Date(now.getTime() - RETENTION_MS)}`
}
