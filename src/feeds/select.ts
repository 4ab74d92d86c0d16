import { toSql } from '../articles/condition.ts'
import type { TopicPaths } from '../articles/topics/paths.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { keyset } from '../graphql/keyset.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { licensedArticles } from '../licensing/licensed.ts'
import type { LicensedArticle } from '../syndication/licensed-article.ts'
import { loadArticles } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import type { ResolvedScope } from './scope.ts'

export interface Selection {
  prisma: PrismaClient
  publicUrl: string
  audience: Audience
  topics: TopicPaths
  scope: ResolvedScope
  now: Date
  /** The maximum number of articles. */
  size: number
  /** The cursor at the end of the previous page; null for the first. */
  before: string | null
  /** Only articles published at this time or later. */
  since?: Date
}

export interface Selected {
  /** Newest first. */
  articles: LicensedArticle[]
  /** The cursor at the end of this page; null if there is no older page. */
  older: string | null
}

interface Place {
  publishedAt: Date
  id: string
}

const byPublication = keyset<Place>(
  { field: 'publishedAt', direction: 'desc', kind: 'date' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

/** The number of articles read at once. */
const BATCH_SIZE = 100

/** The maximum number of rows scanned for one page. The page may then be short; the next one continues. */
const MAX_SCANNED_ROWS = 1500

/**
 * The newest articles of a scope that an audience may have, in their licensed versions.
 * @throws InvalidInput for an invalid `before`
 */
export async function selectArticles(selection: Selection): Promise<Selected> {
  const { size } = selection
  const articles: LicensedArticle[] = []
  let place = selection.before === null ? null : byPublication.read(selection.before, 'before')
  for (let scanned = 0; scanned < MAX_SCANNED_ROWS; ) {
    const limit = Math.min(BATCH_SIZE, Math.max(10, size - articles.length)) + 1
    const rows = await readPlaces(selection, place, limit)
    const batch = rows.slice(0, limit - 1)
    for (const [i, article] of (await projected(selection, batch)).entries()) {
      if (article) articles.push(article)
      place = batch[i] as Place
      const isLast = i === batch.length - 1 && rows.length < limit
      if (articles.length === size) return { articles, older: isLast ? null : cursorOf(place) }
    }
    if (rows.length < limit) return { articles, older: null }
    scanned += batch.length
  }
  return { articles, older: place && cursorOf(place) }
}

/** The licensed version for each row; null if the audience may not have it in this scope. */
async function projected(
  { prisma, publicUrl, audience, scope, now }: Selection,
  rows: readonly Place[],
): Promise<(LicensedArticle | null)[]> {
  const loaded = await loadArticles(
    prisma,
    rows.map(({ id }) => id),
    publicUrl,
  )
  return rows.map(({ id }) => {
    const article = loaded.get(id)
    const version = article ? project(article, audience, now) : null
    return version && scope.has(version) ? version : null
  })
}

async function readPlaces(
  { prisma, audience, topics, scope, now, since }: Selection,
  after: Place | null,
  limit: number,
): Promise<Place[]> {
  const rows = scope.parts.map(
    (part) => Prisma.sql`(
    SELECT a."id", a."publishedAt" FROM "Article" a
    WHERE ${toSql(licensedArticles(termsOf(audience), now), topics)} AND ${part}
      AND ${since ? Prisma.sql`a."publishedAt" >= ${since}` : Prisma.sql`TRUE`}
      AND ${
        after
          ? Prisma.sql`(a."publishedAt", a."id") < (${after.publishedAt}, ${after.id}::uuid)`
          : Prisma.sql`TRUE`
      }
    ORDER BY a."publishedAt" DESC, a."id" DESC LIMIT ${limit})`,
  )
  if (rows.length === 0) return []
  return prisma.$queryRaw<Place[]>`
    SELECT * FROM (${Prisma.join(rows, ' UNION ALL ')}) found ORDER BY "publishedAt" DESC, "id" DESC LIMIT ${limit}`
}

function cursorOf(place: Place): string {
  return byPublication.page([{ id: place.id, publishedAt: place.publishedAt }], { first: 1 }).edges[0]!.cursor
}
