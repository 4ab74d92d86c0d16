import { readTopicPaths } from '../articles/topics/paths.ts'
import { type ChangeKind, Prisma, type PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import { licensedSql, type TopicPaths } from '../licensing/licensed.ts'
import type { Place } from './cursor.ts'
import { affectedSql, type LicenceChangeEntry } from './licence-entry.ts'
import { loadSummaries } from './load.ts'
import { mayHave } from './project.ts'

/** One story that an entry of the change sequence is about. */
export interface EntryArticle {
  articleId: string
  kind: ChangeKind
  at: Date
  /** The position of the entry. */
  position: number
  /** The place behind it. */
  place: Place
}

export interface EntryRange {
  audience: Audience
  after: Place
  /** The last position that is read. */
  upTo: number
  /** The most stories that are wanted. */
  take: number
}

export interface ReadEntries {
  articles: EntryArticle[]
  /** The place behind everything that was read. */
  end: Place
}

type Db = Pick<PrismaClient, '$queryRaw' | 'licenceChange' | 'topic' | 'article' | 'articleChange'>

/**
 * The stories that the entries behind a place are about, in the order of the sequence. The change of a licence
 * is one entry about many stories, in the order of their keys, between any two of which a reader may stop.
 */
export async function readEntries(db: Db, range: EntryRange): Promise<ReadEntries> {
  const { audience, after, upTo, take } = range
  const entries = await db.articleChange.findMany({
    where: { position: { gt: after.position, lte: upTo }, ...concerning(audience) },
    orderBy: { position: 'asc' },
    take,
  })
  const articles: EntryArticle[] = []
  let end = after
  for (const { articleId, licenceBefore, partnerId, ...entry } of entries) {
    const { position, kind, at } = entry
    const left = take - articles.length
    if (left <= 0) return { articles, end }
    if (articleId !== null) {
      end = { position, within: null }
      articles.push({ articleId, kind, at, position, place: end })
      continue
    }
    const licence = { ...entry, licenceBefore: Number(licenceBefore), partnerId: String(partnerId) }
    const ids = await articlesOf(db, licence, { after: withinOf(after, position), take: left })
    articles.push(...ids.map((id) => entryArticle(licence, id)))
    end = ids.length < left ? { position, within: null } : (articles.at(-1) as EntryArticle).place
    if (ids.length >= left) return { articles, end }
  }
  return { articles, end: entries.length < take ? { position: upTo, within: null } : end }
}

/**
 * Of the same, the stories that a partner was given and may not have any more: what it must remove, without
 * anything that stands before it. Of several entries about a story the last one is read.
 */
export async function readRemovals(
  db: Db & Pick<PrismaClient, 'holding'>,
  { audience, after, upTo, take }: EntryRange & { audience: Extract<Audience, { kind: 'partner' }> },
  now: Date,
): Promise<ReadEntries> {
  const topics = await readTopicPaths(db)
  const lost = Prisma.sql`EXISTS (
      SELECT FROM "Holding" h WHERE h."articleId" = a."id" AND h."partnerId" = ${audience.id}::uuid
    ) AND ${licensedSql(audience.terms, topics, now)} IS NOT TRUE`
  const licences = await db.articleChange.findMany({
    where: { position: { gt: after.position, lte: upTo }, articleId: null, partnerId: audience.id },
    orderBy: { position: 'asc' },
  })
  const articles: EntryArticle[] = []
  let end = after
  const isFull = () => articles.length >= take
  const readUpTo = async (position: number) => {
    if (position <= end.position) return
    const read = await db.$queryRaw<Omit<EntryArticle, 'place'>[]>`
      SELECT c."position", c."articleId", c."kind"::text AS kind, c."at"
      FROM "ArticleChange" c JOIN "Article" a ON a."id" = c."articleId"
      WHERE c."position" > ${end.position} AND c."position" <= ${position}
        AND (c."partnerId" IS NULL OR c."partnerId" = ${audience.id}::uuid) AND ${lost}
        AND NOT EXISTS (
          SELECT FROM "ArticleChange" later
          WHERE later."articleId" = c."articleId" AND later."position" > c."position" AND later."position" <= ${upTo}
            AND (later."partnerId" IS NULL OR later."partnerId" = ${audience.id}::uuid)
        )
      ORDER BY c."position" LIMIT ${take - articles.length}`
    articles.push(...read.map((entry) => ({ ...entry, place: { position: entry.position, within: null } })))
    end = isFull() ? (articles.at(-1) as EntryArticle).place : { position, within: null }
  }
  for (const { licenceBefore, partnerId, ...entry } of licences) {
    await readUpTo(entry.position - 1)
    if (isFull()) break
    const licence = { ...entry, licenceBefore: Number(licenceBefore), partnerId: String(partnerId) }
    const left = take - articles.length
    const bounds = { after: withinOf(after, entry.position), take: left }
    const ids = await articlesOf(db, licence, { ...bounds, only: lost, topics })
    articles.push(...ids.map((id) => entryArticle(licence, id)))
    end = isFull() ? (articles.at(-1) as EntryArticle).place : { position: entry.position, within: null }
    if (isFull()) break
  }
  if (!isFull()) await readUpTo(upTo)
  const summaries = await loadSummaries(
    db,
    articles.map(({ articleId }) => articleId),
  )
  const isGone = ({ articleId }: EntryArticle) => {
    const summary = summaries.get(articleId)
    return summary !== undefined && !mayHave(summary, audience, now)
  }
  return { articles: articles.filter(isGone), end }
}

function entryArticle({ position, at }: LicenceChangeEntry, articleId: string): EntryArticle {
  const place = { position: position - 1, within: articleId }
  return { articleId, kind: 'RIGHTS_CHANGED', at, position, place }
}

/** The story of an entry behind which its reading goes on; null for the beginning of the entry. */
function withinOf({ position, within }: Place, of: number): string | null {
  return position === of - 1 ? within : null
}

interface LicenceBounds {
  after: string | null
  take: number
  /** Only these, of "Article" under the name `a`. */
  only?: Prisma.Sql
  topics?: TopicPaths
}

/** Keys of the stories that the change of a licence is about, in their order. */
async function articlesOf(
  db: Db,
  entry: LicenceChangeEntry,
  { after, take, only = Prisma.sql`TRUE`, topics }: LicenceBounds,
): Promise<string[]> {
  const affected = await affectedSql(db, entry, topics ?? (await readTopicPaths(db)))
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a
    WHERE a."status" = 'USABLE' AND (${after}::uuid IS NULL OR a."id" > ${after}::uuid) AND ${affected} AND ${only}
    ORDER BY a."id" LIMIT ${take}`
  return rows.map(({ id }) => id)
}

/** Whose entries an audience is told of: partners of their own beside everybody's. */
function concerning(audience: Audience) {
  // Editors are told of stories, not of licences.
  if (audience.kind === 'newsroom') return { articleId: { not: null } }
  const own = audience.kind === 'partner' ? [{ partnerId: audience.id }] : []
  return { OR: [{ partnerId: null }, ...own] }
}
