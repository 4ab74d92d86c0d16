import type { Database } from './database.ts'

/**
 * SQL for the identity of the database's history: a UUID that changes when committed rows may be missing that
 * a gateway or a client has seen. It changes with
 * - a new epoch, which `npm run migrate -- --restored` writes;
 * - a dump restored into the same or another database (the row and its table are written again);
 * - another server (the system identifier of its cluster);
 * - a standby that was promoted, and point-in-time recovery (the timeline of the write-ahead log).
 *
 * As a subquery it is evaluated once per statement. It fails on a standby in recovery, whose rows may be
 * older than rows that were read from its primary.
 */
export const HISTORY_SQL = `SELECT md5(concat_ws('/', e."epoch", e.xmin, e.tableoid,
  (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()),
  (SELECT c.system_identifier FROM pg_control_system() c),
  left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)))::uuid::text FROM "FeedEpoch" e WHERE e."id" = 1`

/** A history, and how far its write-ahead log was written. */
export interface HistoryPoint {
  history: string
  /**
   * Bytes of the log flushed to disk since its beginning. It never decreases within a history; log that was
   * inserted and not flushed can be lost in a crash without the loss of a commit.
   */
  walPosition: number
}

const POINT_STATEMENT = {
  name: 'history_point',
  text: `SELECT (${HISTORY_SQL}), (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::float8`,
}

export async function readHistory(database: Pick<Database, 'rows'>): Promise<HistoryPoint> {
  const [row] = await database.rows(POINT_STATEMENT, [])
  const [history, walPosition] = row as [string | null, number]
  if (history === null)
    throw new Error('The table "FeedEpoch" has no row. Restore the row, or run the migrations again.')
  return { history, walPosition: Number(walPosition) }
}

/**
 * Starts a new history, so that all earlier cursors are refused.
 * @param from the history to end; nothing happens if another gateway has ended it. Null for any
 */
export async function startNewHistory(
  { prisma }: Pick<Database, 'prisma'>,
  from: string | null,
): Promise<void> {
  await prisma.$executeRawUnsafe(
    `UPDATE "FeedEpoch" SET "epoch" = gen_random_uuid() WHERE "id" = 1 AND ($1::text IS NULL OR (${HISTORY_SQL}) = $1)`,
    from,
  )
}
