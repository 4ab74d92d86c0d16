import { Prisma, type PrismaClient } from '../../db/client/client.ts'
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
 * Finds articles whose text matches the query, or that name a matching entity, best match first. Words use
 * PostgreSQL full-text search, names use trigrams (see names.ts).
 */
export async function searchArticles(
  { after, take, ...search }: ArticleSearch,
  context: SearchContext,
): Promise<SearchHit[]> {
  return context.db.$queryRaw<SearchHit[]>`
    ${hits(search, context)}
    SELECT "id", "rank" FROM hit
    WHERE ${after === null ? Prisma.sql`TRUE` : Prisma.sql`("rank", "id") < (${after.rank}::float8, ${after.id}::uuid)`}
    ORDER BY "rank" DESC, "id" DESC LIMIT ${take}`
}

/** The number of articles that a search finds, on all pages. */
export async function countArticles(search: WholeSearch, context: SearchContext): Promise<number> {
  const rows = await context.db.$queryRaw<{ count: number }[]>`
    ${hits(search, context)}
    SELECT count(*)::integer AS "count" FROM hit`
  return rows[0]?.count ?? 0
}

type WholeSearch = Omit<ArticleSearch, 'after' | 'take'>

/** The articles found, with their ranks, as the common table expression "hit". */
function hits({ segments, names, language }: WholeSearch, visibility: VisibilityContext): Prisma.Sql {
  const query = Prisma.join(
    segments.map((segment) => tsquery(segment, language)),
    ' && ',
  )
  const entities = names.map(({ id }) => id)
  return Prisma.sql`
    WITH q AS (SELECT (${query}) AS query),
    found AS (
      SELECT a."id", ts_rank_cd(a."search", q.query) AS "words", 0 AS "named"
      FROM q JOIN "Article" a ON a."search" @@ q.query
      UNION ALL
      SELECT "articleId", 0, 1 FROM "ArticleEntity" WHERE "entityId" = ANY(${entities}::uuid[])
    ),
    hit AS (
      SELECT a."id", round((max(found."words") + max(found."named"))::numeric, 6)::float8 AS "rank"
      FROM found JOIN "Article" a ON a."id" = found."id"
      WHERE ${visibleArticlesSql(visibility)} AND ${inLanguage(language)}
      GROUP BY a."id"
    )`
}

/** A segment as a tsquery: any grammatical form of a word, or any spelling of a name. */
function tsquery(segment: Segment, language: string | null): Prisma.Sql {
  const forms =
    'word' in segment
      ? configurations(language).map(
          (configuration) => Prisma.sql`plainto_tsquery(${configuration}::regconfig, ${segment.word})`,
        )
      : segment.spellings.map((name) => Prisma.sql`phraseto_tsquery('simple', ${name})`)
  return Prisma.sql`(${Prisma.join(forms, ' || ')})`
}

/** Without a language filter, words are searched in the most common languages. */
function configurations(language: string | null): string[] {
  const own = language === null ? ['english', 'arabic', 'turkish'] : [searchConfiguration(language)]
  return ['simple', ...own.filter((configuration) => configuration !== undefined)]
}

function inLanguage(language: string | null): Prisma.Sql {
  return language === null
    ? Prisma.sql`TRUE`
    : Prisma.sql`(a."language" = ${language} OR starts_with(a."language", ${`${language}-`}))`
}
