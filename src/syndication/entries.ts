import { toSql } from '../articles/condition.ts'
import { notWithdrawn } from '../articles/public.ts'
import { readTopicPaths, type TopicPaths } from '../articles/topics/paths.ts'
import { type ChangeKind, Prisma, type PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import { licensedArticles } from '../licensing/licensed.ts'
import type { Place } from './cursor.ts'
import { affectedSql, type LicenceChangeEntry } from './licence-entry.ts'
import { loadSummaries } from './load.ts'
import { mayHave } from './project.ts'

/** An article that an entry of the change sequence concerns. */
export interface EntryArticle {
  articleId: string
  kind: ChangeKind
  at: Date
  /** The position of the entry. */
  position: number
  /** The position after it. */
  place: Place
}

export interface EntryRange {
  audience: Audience
  after: Place
  /** The last position to read. */
  upTo: number
  /** The maximum number of articles. */
  take: number
}

export interface ReadEntries {
  articles: EntryArticle[]
  /** The position after everything that was read. */
  end: Place
}

type Db = Pick<PrismaClient, '$queryRaw' | 'licenceChange' | 'topic' | 'article' | 'articleChange'>

/**
 * Reads the articles of the entries after a position, in order. A licence change is one entry that concerns
 * many articles, ordered by id; a reader may stop between any two of them.
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
 * Reads only the articles that a partner received and may no longer have. Of several entries about one article,
 * only the last is read.
 */
export async function readRemovals(
  db: Db & Pick<PrismaClient, 'holding'>,
  { audience, after, upTo, take }: EntryRange & { audience: Extract<Audience, { kind: 'partner' }> },
  now: Date,
): Promise<ReadEntries> {
  const topics = await readTopicPaths(db)
  const lost = Prisma.sql`EXISTS (
      SELECT FROM "Holding" h WHERE h."articleId" = a."id" AND h."partnerId" = ${audience.id}::uuid
    ) AND ${toSql(licensedArticles(audience.terms, now), topics)} IS NOT TRUE`
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

/** The article after which reading of an entry continues; null for its start. */
function withinOf({ position, within }: Place, of: number): string | null {
  return position === of - 1 ? within : null
}

interface LicenceBounds {
  after: string | null
  take: number
  /** An additional condition on "Article" as `a`. */
  only?: Prisma.Sql
  topics?: TopicPaths
}

/** The row ids of the articles that a licence change concerns, ordered. */
async function articlesOf(
  db: Db,
  entry: LicenceChangeEntry,
  { after, take, only = Prisma.sql`TRUE`, topics }: LicenceBounds,
): Promise<string[]> {
  const affected = await affectedSql(db, entry, topics ?? (await readTopicPaths(db)))
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a
    WHERE ${toSql(notWithdrawn)} AND (${after}::uuid IS NULL OR a."id" > ${after}::uuid) AND ${affected} AND ${only}
    ORDER BY a."id" LIMIT ${take}`
  return rows.map(({ id }) => id)
}

/** The entries of an audience: those for everybody, and for a partner its own. */
function concerning(audience: Audience) {
  // Editors get changes of articles, not of licences.
  if (audience.kind === 'newsroom') return { articleId: { not: null } }
  const own = audience.kind === 'partner' ? [{ partnerId: audience.id }] : []
  return { OR: [{ partnerId: null }, ...own] }
}
