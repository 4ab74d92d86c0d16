import { Prisma, type PrismaClient } from '../../db/client/client.ts'
import { PLANNED_EACH_TIME } from '../../db/statement-names.ts'
import { languagesIn } from '../languages.ts'
import { searchConfiguration } from '../search-text.ts'
import { type VisibilityContext, visibleArticlesSql } from '../visible.ts'
import type { NameMatch, Segment } from './names.ts'

/** An article in the search results. */
export interface SearchHit {
  id: string
  /** The rank; comparable only within one search. */
  rank: number
}

export interface ArticleSearch {
  segments: Segment[]
  /** Entities whose articles match even if the words do not. */
  names: NameMatch[]
  /** Filters by language, a BCP 47 tag. */
  language: string | null
  /** Returns hits after this one. */
  after: SearchHit | null
  take: number
}

type SearchContext = VisibilityContext & { db: Pick<PrismaClient, '$queryRaw'> }

/**
 * The newest hits of a search; only they are ranked, counted and paged. A frequent word is in most of the articles, and
 * to rank one reads its whole text.
 */
export const MAX_HITS = 500

/**
 * Finds articles whose text matches the query, or that name a matching entity, best match first, among the newest
 * MAX_HITS of them. Words use PostgreSQL full-text search, names use trigrams (see names.ts).
 */
export async function searchArticles(
  { after, take, ...search }: ArticleSearch,
  context: SearchContext,
): Promise<SearchHit[]> {
  const query = queryOf(search)
  const newest = await newestHits(search, query, context)
  if (newest === null) return []
  return context.db.$queryRaw<SearchHit[]>`${Prisma.raw(PLANNED_EACH_TIME)}
    WITH newest AS (${newest}),
    hit AS (
      SELECT a."id", round((ts_rank_cd(a."search", ${query}) + newest."named")::numeric, 6)::float8 AS "rank"
      FROM newest JOIN "Article" a ON a."id" = newest."id"
    )
    SELECT "id", "rank" FROM hit
    WHERE ${after === null ? Prisma.sql`TRUE` : Prisma.sql`("rank", "id") < (${after.rank}::float8, ${after.id}::uuid)`}
    ORDER BY "rank" DESC, "id" DESC LIMIT ${take}`
}

/** The number of articles that a search finds, on all pages: at most MAX_HITS. */
export async function countArticles(search: WholeSearch, context: SearchContext): Promise<number> {
  const newest = await newestHits(search, queryOf(search), context)
  if (newest === null) return 0
  const rows = await context.db.$queryRaw<{ count: number }[]>`${Prisma.raw(PLANNED_EACH_TIME)}
    SELECT count(*)::integer AS "count" FROM (${newest}) newest`
  return rows[0]?.count ?? 0
}

type WholeSearch = Omit<ArticleSearch, 'after' | 'take'>

/**
 * The ids of the newest hits, in SQL; null if there is none. The planner reads a frequent word by the publication time,
 * and a rare one by the full-text index. For that it must know the words, so the query is not in a table expression,
 * and the statement is planned each time.
 */
async function newestHits(
  { names, language }: WholeSearch,
  query: Prisma.Sql,
  context: SearchContext,
): Promise<Prisma.Sql | null> {
  const languages = language === null ? null : await languagesIn(language, context.db)
  if (languages?.length === 0) return null
  const inLanguages = languages ? Prisma.sql`a."language" = ANY(${languages}::text[])` : Prisma.sql`TRUE`
  const allowed = Prisma.sql`${visibleArticlesSql(context)} AND ${inLanguages}`
  const ids = names.map(({ id }) => id)
  return Prisma.sql`
    SELECT "id", max("named") AS "named" FROM (
      (
        SELECT a."id", a."publishedAt", 0 AS "named" FROM "Article" a
        WHERE a."search" @@ ${query} AND ${allowed}
        ORDER BY a."publishedAt" DESC, a."id" DESC LIMIT ${MAX_HITS}
      )
      UNION ALL
      SELECT naming.* FROM unnest(${ids}::uuid[]) entity(id), unnest(enum_range(NULL::"NamedIn")) place(named_in),
      LATERAL (
        SELECT n."articleId", n."publishedAt", 1
        FROM "ArticleEntity" n JOIN "Article" a ON a."id" = n."articleId"
        WHERE n."entityId" = entity.id AND n."namedIn" = place.named_in AND ${allowed}
        ORDER BY n."publishedAt" DESC, n."articleId" DESC LIMIT ${MAX_HITS}
      ) naming
    ) found
    GROUP BY "id" ORDER BY max("publishedAt") DESC, "id" DESC LIMIT ${MAX_HITS}`
}

/** Each word and name of the search, as one tsquery. */
function queryOf({ segments, language }: WholeSearch): Prisma.Sql {
  const parts = segments.map((segment) => tsquery(segment, language))
  return Prisma.sql`(${Prisma.join(parts, ' && ')})`
}

/** A segment as a tsquery: any grammatical form of a word, or any spelling of a name. */
function tsquery(segment: Segment, language: string | null): Prisma.Sql {
  const forms =
    'word' in segment
      ? configurations(language).map(
          (configuration) =>
            Prisma.sql`plainto_tsquery(${Prisma.raw(`'${configuration}'`)}, ${segment.word})`,
        )
      : segment.spellings.map((name) => Prisma.sql`phraseto_tsquery('simple', ${name})`)
  return Prisma.sql`(${Prisma.join(forms, ' || ')})`
}

/** Without a language filter, words are searched in the most common languages. */
function configurations(language: string | null): string[] {
  const own = language === null ? ['english', 'arabic', 'turkish'] : [searchConfiguration(language)]
  return ['simple', ...own.filter((configuration) => configuration !== undefined)]
}
