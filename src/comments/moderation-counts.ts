import type { PrismaClient } from '../db/client/client.ts'
import { type ModerationConditions, pendingSql } from './moderation-filter.ts'

/** The number of pending comments of one group. */
export interface PendingCount<Key> {
  key: Key
  count: number
  oldestSubmittedAt: Date
}

/** The numbers of pending comments. */
export interface ModerationCounts {
  total: number
  /** Null if none is pending. */
  oldestSubmittedAt: Date | null
  /** By row id; the most first. */
  byArticle: PendingCount<string>[]
  /** By the language that the reader declared; the most first. */
  byLanguage: PendingCount<string | null>[]
}

/** The most comments that are counted: the earliest. */
export const MAX_COUNTED = 100_000

/** Counts pending comments by article and language with one statement, which reads an index only. */
export async function countPending(
  conditions: Omit<ModerationConditions, 'status'>,
  { db }: { db: Pick<PrismaClient, '$queryRaw'> },
): Promise<ModerationCounts> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT "articleId", "language", count(*)::int AS "count", min("submittedAt") AS "oldestSubmittedAt"
    FROM (
      SELECT c."articleId", c."language", c."submittedAt" FROM "Comment" c WHERE ${pendingSql(conditions)}
      ORDER BY c."submittedAt", c."id" LIMIT ${MAX_COUNTED}
    ) pending
    GROUP BY "articleId", "language"`
  const all = grouped(rows, () => null)
  return {
    total: all[0]?.count ?? 0,
    oldestSubmittedAt: all[0]?.oldestSubmittedAt ?? null,
    byArticle: grouped(rows, ({ articleId }) => articleId),
    byLanguage: grouped(rows, ({ language }) => language),
  }
}

interface Row {
  articleId: string
  language: string | null
  count: number
  oldestSubmittedAt: Date
}

function grouped<Key>(rows: readonly Row[], keyOf: (row: Row) => Key): PendingCount<Key>[] {
  const groups = new Map<Key, PendingCount<Key>>()
  for (const row of rows) {
    const key = keyOf(row)
    const { count, oldestSubmittedAt } = row
    const group = groups.get(key)
    if (!group) {
      groups.set(key, { key, count, oldestSubmittedAt })
    } else {
      group.count += count
      if (oldestSubmittedAt < group.oldestSubmittedAt) group.oldestSubmittedAt = oldestSubmittedAt
    }
  }
  return [...groups.values()].sort(mostFirst)
}

function mostFirst(a: PendingCount<unknown>, b: PendingCount<unknown>): number {
  return b.count - a.count || a.oldestSubmittedAt.getTime() - b.oldestSubmittedAt.getTime()
}
