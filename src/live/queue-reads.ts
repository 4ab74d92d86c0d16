import type { PrismaClient } from '../db/client/client.ts'
import type { Database } from '../db/database.ts'
import { HISTORY_SQL } from '../db/history.ts'
import type { QueueEvent } from './queue-event.ts'

/** What was committed between two snapshots of the database. */
export interface QueuePage {
  history: string
  /** The snapshot of this read. The next page follows it. */
  snapshot: string
  /** In order; null if there are too many. */
  events: QueueEvent[] | null
}

/** After a longer time without a read, rows may have been deleted that were not read, in ms. */
export const MAX_GAP_MS = 30 * 60_000

/** Deletes the rows that every gateway has read, or has missed for longer than MAX_GAP_MS. */
export async function deleteOldQueueChanges(prisma: Pick<PrismaClient, '$executeRaw'>): Promise<void> {
  await prisma.$executeRaw`DELETE FROM "QueueChange" WHERE "writtenAt" < clock_timestamp() - interval '1 hour'`
}

/** The most changes that are read at once. */
const MAX_CHANGES = 1_000

/** The snapshot of the database, in the history that it belongs to. */
const SNAPSHOT_STATEMENT = {
  name: 'queue_snapshot',
  text: `SELECT (${HISTORY_SQL}), pg_current_snapshot()::text`,
}

/**
 * The changes that are visible now, and were not in the snapshot `$1`. Transactions may commit in any order: a row is
 * found by whether its transaction had committed, and not by its time or number.
 *
 * A comment is submitted before it is decided, and approved before it is retracted, also by the order of these rows.
 */
const CHANGES_STATEMENT = {
  name: 'queue_changes',
  text: `
SELECT (${HISTORY_SQL}), pg_current_snapshot()::text, q.*
FROM (SELECT) one LEFT JOIN LATERAL (
  SELECT x."commentId", x."decisionId", c."articleId", c."language"
  FROM "QueueChange" x
  -- With a limit, the planner looks up each row by its id, whatever it expects of the parameter.
  JOIN LATERAL (SELECT * FROM "Comment" WHERE "id" = x."commentId" LIMIT 1) c ON TRUE
  LEFT JOIN LATERAL (SELECT * FROM "Decision" WHERE "id" = x."decisionId" LIMIT 1) d ON TRUE
  WHERE x."transactionId" >= pg_snapshot_xmin($1::text::pg_snapshot)
    AND NOT pg_visible_in_snapshot(x."transactionId", $1::text::pg_snapshot)
  ORDER BY x."writtenAt", d."verdict" NULLS FIRST, x."id" LIMIT ${MAX_CHANGES + 1}
) q ON TRUE`,
}

/** Reads the snapshot that the first page follows. */
export async function readSnapshot(database: Pick<Database, 'rows'>): Promise<QueuePage> {
  const rows = await database.rows(SNAPSHOT_STATEMENT, [])
  const [history, snapshot] = rows[0] as [string, string]
  return { history, snapshot, events: [] }
}

/** Reads what was committed after a snapshot. */
export async function readQueueChanges(
  snapshot: string,
  database: Pick<Database, 'rows'>,
): Promise<QueuePage> {
  const rows = (await database.rows(CHANGES_STATEMENT, [snapshot])) as [
    history: string,
    snapshot: string,
    commentId: string | null,
    decisionId: string | null,
    articleId: string,
    language: string | null,
  ][]
  const events = rows.flatMap(([, , commentId, decisionId, articleId, language]): QueueEvent[] => {
    if (commentId === null) return []
    const entry = { commentId, articleId, language }
    return [decisionId === null ? { ...entry, kind: 'QUEUED' } : { ...entry, kind: 'DECIDED', decisionId }]
  })
  const [history, next] = rows[0] as (typeof rows)[number]
  return { history, snapshot: next, events: events.length > MAX_CHANGES ? null : events }
}
