import { visibilityColumns } from '../articles/public.ts'
import type { AuthoredComment } from '../comments/visible.ts'
import { type Article, type Comment, type FeedEntry, Prisma, type Reader } from '../db/client/client.ts'
import type { Statement } from '../db/database.ts'
import { HISTORY_SQL } from '../db/history.ts'

// The statement that runs once per event, and the mapping of its rows. Through Prisma it took half of the CPU
// time of an event in a gateway with few subscribers.

/** The article's columns that its feed needs. */
export type CommentFeedArticle = Pick<
  Article,
  'id' | 'feedPosition' | 'version' | keyof typeof visibilityColumns
>

/** An entry of a feed with its comment. */
export type Entry = FeedEntry & { comment: AuthoredComment }

/** The columns of one table, which are adjacent in a row. */
interface ColumnRange {
  /** The fields of the model. */
  columns: readonly string[]
  /** The index of the first one in a row. */
  from: number
  /** The columns of fields with another name (`@map` in the model). */
  mapped?: Readonly<Record<string, string>>
}

const article: ColumnRange = {
  columns: ['id', 'feedPosition', 'version', ...Object.keys(visibilityColumns)],
  from: 0,
}
const entry = following(article, Prisma.FeedEntryScalarFieldEnum)
const comment = following(entry, Prisma.CommentScalarFieldEnum)
const author = following(comment, Prisma.ReaderScalarFieldEnum, { status: 'standing' })

/**
 * The article `$1` and up to `$3` entries after position `$2`, in order, each with the history of the
 * database. One statement reads one snapshot, so they are consistent.
 */
export const FEED_PAGE_STATEMENT: Statement = {
  name: 'feed_page',
  text: `
SELECT ${[columnList('a', article), columnList('e', entry), columnList('c', comment), columnList('r', author)].join(', ')},
  (${HISTORY_SQL})
FROM "Article" a
LEFT JOIN LATERAL (
  SELECT * FROM "FeedEntry" WHERE "articleId" = a.id AND position > $2 ORDER BY position LIMIT $3
) e ON TRUE
LEFT JOIN "Comment" c ON c.id = e."commentId"
LEFT JOIN "Reader" r ON r.id = c."readerId"
WHERE a.id = $1
ORDER BY e.position`,
}

/** The article in a row of the statement. */
export function articleOf(row: readonly unknown[]): CommentFeedArticle {
  return read<CommentFeedArticle>(row, article)
}

/** The history of the database in a row of the statement. */
export function historyOf(row: readonly unknown[]): string {
  return row.at(-1) as string
}

/** The entry in a row of the statement; null in the only row of a page without entries. */
export function entryOf(row: readonly unknown[]): Entry | null {
  if (row[entry.from] === null) return null
  const about = { ...read<Comment>(row, comment), author: read<Reader>(row, author) }
  return { ...read<FeedEntry>(row, entry), comment: about }
}

function following(
  before: ColumnRange,
  columns: Record<string, string>,
  mapped?: ColumnRange['mapped'],
): ColumnRange {
  return { columns: Object.keys(columns), from: before.from + before.columns.length, mapped }
}

function columnList(table: string, { columns, mapped }: ColumnRange): string {
  return columns.map((column) => `${table}."${mapped?.[column] ?? column}"`).join(', ')
}

/** Columns have the order of the statement, which is that of Prisma's models. */
function read<Row>(row: readonly unknown[], { columns, from }: ColumnRange): Row {
  const record: Record<string, unknown> = {}
  for (const [i, column] of columns.entries()) record[column] = row[from + i]
  return record as Row
}
