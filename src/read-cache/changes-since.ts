import type { ChangeKind, ReferenceChangeKind } from '../db/client/client.ts'
import type { Database } from '../db/database.ts'
import { HISTORY_SQL } from '../db/history.ts'

/** What has changed, in one snapshot of the database. */
export interface RecentChanges {
  /** The history that the positions belong to. */
  history: string
  /** The head of the change sequence. */
  head: number
  /** When the next article becomes visible by the clock. */
  nextDue: Date | null
  /** The entries of the change sequence after the given position, oldest first; null if there are too many. */
  articles: { articleId: string | null; kind: ChangeKind }[] | null
  /** The articles whose comment feed has grown recently, with the position of the newest entry. */
  feeds: { articleId: string; position: number }[]
  /** The recent changes of reference data, and of articles by any program; null if there are too many. */
  references: ReferenceEntry[] | null
}

export interface ReferenceEntry {
  id: string
  kind: ReferenceChangeKind
  /** The article of a change of kind ARTICLE. */
  articleId: string | null
}

/** The most entries of one kind that are read at once. */
const MAX_ENTRIES = 1_000

/**
 * How long an entry counts as recent, in ms. Longer than a transaction may take from the write of an entry to its
 * commit (60 s), so that each poll interval sees it.
 */
export const RECENT_MS = 90_000

/**
 * The parameters are the clock of the gateway, and the position after which changes are read. Entries are found by the
 * time at which they were written, which is that of the database.
 */
const CHANGES_STATEMENT = {
  name: 'changes_since',
  text: `SELECT (${HISTORY_SQL}), h."position",
    (SELECT min(a."dueAt") FROM "Article" a WHERE a."dueAt" > $1::timestamptz),
    (SELECT json_agg(c) FROM (
      SELECT "articleId", "kind" FROM "ArticleChange" WHERE "position" > $2::integer
      ORDER BY "position" LIMIT ${MAX_ENTRIES + 1}
    ) c),
    (SELECT json_agg(f) FROM (
      SELECT "articleId", max("position") AS "position" FROM "FeedEntry"
      WHERE "writtenAt" > clock_timestamp() - interval '${RECENT_MS} ms' GROUP BY "articleId"
    ) f),
    (SELECT json_agg(r) FROM (
      SELECT "id", "kind", "articleId" FROM "ReferenceChange"
      WHERE "writtenAt" > clock_timestamp() - interval '${RECENT_MS} ms' LIMIT ${MAX_ENTRIES + 1}
    ) r)
    FROM "ChangeHead" h WHERE h."id" = 1`,
}

/** @param position the position of the change sequence that is known */
export async function changesSince(
  database: Pick<Database, 'rows'>,
  position: number,
  now: Date,
): Promise<RecentChanges> {
  const [row] = await database.rows(CHANGES_STATEMENT, [now.toISOString(), position])
  if (!row)
    throw new Error('The table "ChangeHead" has no row. Restore the row, or run the migrations again.')
  const [history, head, nextDue, articles, feeds, references] = row as [
    string,
    number,
    Date | null,
    ...(string | null)[],
  ]
  return {
    history,
    head,
    nextDue,
    articles: atMost(listIn<{ articleId: string | null; kind: ChangeKind }>(articles)),
    feeds: listIn(feeds),
    references: atMost(listIn<ReferenceEntry>(references)),
  }
}

function atMost<T>(entries: T[]): T[] | null {
  return entries.length > MAX_ENTRIES ? null : entries
}

function listIn<T>(json: string | null | undefined): T[] {
  return json == null ? [] : typeof json === 'string' ? JSON.parse(json) : json
}
