import { visibilityColumns } from '../articles/visible.ts'
import type { AuthoredComment } from '../comments/visible.ts'
import { type Article, type Comment, type FeedEntry, Prisma, type Reader } from '../db/client/client.ts'
import type { Statement } from '../db/database.ts'
import { HISTORY_SQL } from '../db/history.ts'

// The statement that every event costs once, and its rows. Through Prisma it took half of what an event
// costs a gateway that few watch.

/** What a feed's subscribers must know of its story. */
export type FeedArticle = Pick<Article, 'id' | 'feedPosition' | 'version' | keyof typeof visibilityColumns>

/** An entry of a feed with its comment. */
export type Entry = FeedEntry & { comment: AuthoredComment }

/** The columns of one table, which stand together in a row. */
interface Part {
  columns: readonly string[]
  from: number
}

const article: Part = {
  columns: ['id', 'feedPosition', 'version', ...Object.keys(visibilityColumns)],
  from: 0,
}
const entry = behind(article, Prisma.FeedEntryScalarFieldEnum)
const comment = behind(entry, Prisma.CommentScalarFieldEnum)
const author = behind(comment, Prisma.ReaderScalarFieldEnum)

/**
 * The story `$1` and up to `$3` entries behind the position `$2`, in order, each with the history of the database.
 * Everything is read from one snapshot: a statement has only one.
 */
export const STRETCH_STATEMENT: Statement = {
  name: 'feed_stretch',
  text: `
SELECT ${[named('a', article), named('e', entry), named('c', comment), named('r', author)].join(', ')},
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

/** The story in a row of the statement. */
export function articleOf(row: readonly unknown[]): FeedArticle {
  return read<FeedArticle>(row, article)
}

/** The history of the database in a row of the statement. */
export function historyOf(row: readonly unknown[]): string {
  return row.at(-1) as string
}

/** The entry in a row of the statement; null in the one row of a feed that does not go on. */
export function entryOf(row: readonly unknown[]): Entry | null {
  if (row[entry.from] === null) return null
  const about = { ...read<Comment>(row, comment), author: read<Reader>(row, author) }
  return { ...read<FeedEntry>(row, entry), comment: about }
}

function behind(before: Part, columns: Record<string, string>): Part {
  return { columns: Object.keys(columns), from: before.from + before.columns.length }
}

function named(table: string, { columns }: Part): string {
  return columns.map((column) => `${table}."${column}"`).join(', ')
}

/** Rows come in the order of the statement's columns, which are those of Prisma's models. */
function read<Row>(row: readonly unknown[], { columns, from }: Part): Row {
  const record: Record<string, unknown> = {}
  for (const [i, column] of columns.entries()) record[column] = row[from + i]
  return record as Row
}
