import { readTopicPaths } from '../articles/topics/paths.ts'
import { visibleArticles, visibleArticlesSql } from '../articles/visible.ts'
import { anonymous } from '../auth/viewer.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { HISTORY_SQL } from '../db/history.ts'
import type { NewArticleFacts, PublicEntry } from './article-event.ts'

export interface ReadDeps {
  prisma: PrismaClient
  now: () => Date
}

/** Entries of the change sequence after a position, from one snapshot. */
export interface EntryPage {
  history: string
  entries: PublicEntry[]
  /** The position up to which the sequence was read. */
  end: number
  hasMore: boolean
}

/** The end of the change sequence, and an article in the same snapshot. */
export interface ArticleStart {
  history: string
  position: number
  isPublic: boolean
  version: number
}

/** The most entries that are read at once. */
const ENTRIES_PER_PAGE = 500

const HISTORY = Prisma.raw(`(${HISTORY_SQL})`)

/** Rights change nothing that readers see. */
const FOR_EVERYBODY = Prisma.sql`c."articleId" IS NOT NULL AND c."partnerId" IS NULL AND c."kind" <> 'RIGHTS_CHANGED'`

/** Reads the entries after a position that concern everybody. */
export async function readEntries(position: number, { prisma, now }: ReadDeps): Promise<EntryPage> {
  const isPublic = visibleArticlesSql({ viewer: anonymous, now })
  const rows = await prisma.$queryRaw<
    ({ history: string; head: number } & (PublicEntry | { position: null }))[]
  >`
    SELECT ${HISTORY} AS "history", h."position" AS "head", e.*
    FROM "ChangeHead" h LEFT JOIN LATERAL (
      SELECT c."position", c."articleId", c."kind"::text AS "kind", c."version", c."at", (${isPublic}) AS "isPublic"
      FROM "ArticleChange" c JOIN "Article" a ON a."id" = c."articleId"
      WHERE c."position" > ${position} AND ${FOR_EVERYBODY}
      ORDER BY c."position" LIMIT ${ENTRIES_PER_PAGE}
    ) e ON TRUE
    WHERE h."id" = 1 ORDER BY e."position"`
  const entries = rows.filter((row) => row.position !== null)
  const hasMore = entries.length === ENTRIES_PER_PAGE
  const { history, head } = headOf(rows)
  return { history, entries, hasMore, end: (hasMore && entries.at(-1)?.position) || head }
}

/** Reads the end of the change sequence. */
export async function readStart({ prisma }: Pick<ReadDeps, 'prisma'>): Promise<ArticleStart> {
  const rows = await prisma.$queryRaw<{ history: string; head: number }[]>`
    SELECT ${HISTORY} AS "history", h."position" AS "head" FROM "ChangeHead" h WHERE h."id" = 1`
  const { history, head } = headOf(rows)
  return { history, position: head, isPublic: true, version: 0 }
}

/** Reads the end of the change sequence and the state of an article, which is not public if it does not exist. */
export async function readArticleStart(articleId: string, { prisma, now }: ReadDeps): Promise<ArticleStart> {
  const isPublic = visibleArticlesSql({ viewer: anonymous, now })
  const rows = await prisma.$queryRaw<
    { history: string; head: number; version: number | null; isPublic: boolean | null }[]
  >`
    SELECT ${HISTORY} AS "history", h."position" AS "head", a."version", (${isPublic}) AS "isPublic"
    FROM "ChangeHead" h LEFT JOIN "Article" a ON a."id" = ${articleId}::uuid WHERE h."id" = 1`
  const { history, head, version, isPublic: visible } = headOf(rows)
  return { history, position: head, isPublic: visible === true, version: version ?? 0 }
}

/** An entry about an article that a reader of an older version has missed. */
export type MissedEntry = Pick<PublicEntry, 'kind' | 'version' | 'at'>

/** Reads the newest entries about an article that concern everybody, up to a position, oldest first. */
export async function readMissed(
  articleId: string,
  upTo: number,
  { prisma }: Pick<ReadDeps, 'prisma'>,
): Promise<MissedEntry[]> {
  const newest = await prisma.articleChange.findMany({
    where: { articleId, partnerId: null, kind: { not: 'RIGHTS_CHANGED' }, position: { lte: upTo } },
    orderBy: { position: 'desc' },
    take: ENTRIES_PER_PAGE,
    select: { kind: true, version: true, at: true },
  })
  return newest.reverse()
}

/** Reads what filters test, for the articles of some ids that the public may see. */
export async function readFacts(
  ids: readonly string[],
  { prisma, now }: ReadDeps,
): Promise<ReadonlyMap<string, NewArticleFacts>> {
  const [rows, topics] = await Promise.all([
    prisma.article.findMany({
      where: { id: { in: [...ids] }, AND: visibleArticles({ viewer: anonymous, now }) },
      select: {
        id: true,
        language: true,
        publishedAt: true,
        topicId: true,
        entities: {
          where: { namedIn: 'ARTICLE' },
          select: { entity: { select: { id: true, slug: true, kind: true } } },
        },
      },
    }),
    readTopicPaths(prisma),
  ])
  return new Map(
    rows.map(({ id, language, publishedAt, topicId, entities }) => [
      id,
      {
        language,
        publishedAt,
        topics: (topicId !== null && topics.get(topicId)?.path) || [],
        entities: entities.map(({ entity }) => entity),
      },
    ]),
  )
}

function headOf<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (!row)
    throw new Error('The table "ChangeHead" has no row. Restore the row, or run the migrations again.')
  return row
}
