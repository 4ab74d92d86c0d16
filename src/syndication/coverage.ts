import { matches, type Test, toSql } from '../articles/condition.ts'
import { visibilityColumns } from '../articles/public.ts'
import { readTopicPaths, type TopicPaths } from '../articles/topics/paths.ts'
import type { Prisma, PrismaClient } from '../db/client/client.ts'
import { licensedArticles } from '../licensing/licensed.ts'
import { isInForce, type Terms } from '../licensing/terms.ts'
import { normaliseName } from '../names/names.ts'
import { includesLanguage } from '../text/language.ts'
import { agencyNames, mayHaveImageSql } from './image-rights.ts'

/** An entry of a licence's list that no article or image has. */
export interface CoverageWarning {
  term: 'topics' | 'sections' | 'languages' | 'agencies'
  entry: string
  message: string
}

/** The articles and images that a licence covers. */
export interface Coverage {
  articles: number
  images: number
  /** Whether it is in force; one that is not covers nothing. */
  inForce: boolean
  warnings: CoverageWarning[]
}

/** A licence with its terms, and the partner that it belongs to. */
export type CoveredLicence = Terms & { partnerId: string }

type CoverageDb = Pick<PrismaClient, '$queryRaw' | 'topic' | 'partner'>

interface CoverageDeps {
  db: CoverageDb
  now: () => Date
}

/**
 * Counts what a licence covers now, by the rules in `licensing/licensed.ts` and `image-rights.ts`, and finds its entries that match no article or
 * image. Unpublished articles count for the warnings.
 */
export async function licenceCoverage(licence: CoveredLicence, { db, now }: CoverageDeps): Promise<Coverage> {
  const at = now()
  const topics = await readTopicPaths(db)
  const isLicensed = toSql(licensedArticles(licence, at), topics)
  const [groups, agencies] = await Promise.all([readGroups(db, topics, isLicensed), readAgencies(db)])
  const articles = groups.reduce((sum, group) => sum + group.articles, 0)
  return {
    articles,
    images: articles === 0 ? 0 : await countImages(db, { licence, isLicensed, agencies }),
    inForce: isInForce(licence, at),
    warnings: warnings(licence, groups, agencies),
  }
}

/** What decides whether a licence covers an article. */
type LicensedFacts = Parameters<typeof matches<Test>>[1]

/** What decides whether licences cover articles, by row id; null for an article that does not exist. */
export async function licensedFactsOf(
  articleIds: readonly string[],
  { db }: { db: Pick<PrismaClient, 'article' | 'topic'> },
): Promise<Map<string, LicensedFacts | null>> {
  const [rows, topics] = await Promise.all([
    db.article.findMany({
      where: { id: { in: [...articleIds] } },
      select: { id: true, language: true, topicId: true, ...visibilityColumns },
    }),
    readTopicPaths(db),
  ])
  const factsOf = new Map(
    rows.map((row) => [row.id, { ...row, topic: topics.get(row.topicId ?? '') ?? null }]),
  )
  return new Map(articleIds.map((id) => [id, factsOf.get(id) ?? null]))
}

/** Whether a licence covers an article at a moment. */
export function coversArticle(licence: Terms, article: LicensedFacts | null, at: Date): boolean {
  return article !== null && matches(licensedArticles(licence, at), article)
}

/** Articles that have the same topic and language. */
interface Group {
  /** The slugs from the section to the topic; empty for no topic. */
  path: readonly string[]
  language: string
  /** The number of articles that the licence covers. */
  articles: number
}

async function readGroups(db: CoverageDb, topics: TopicPaths, isLicensed: Prisma.Sql): Promise<Group[]> {
  const rows = await db.$queryRaw<{ topicId: string | null; language: string; articles: number }[]>`
    SELECT a."topicId", a."language", count(*) FILTER (WHERE ${isLicensed})::int AS "articles"
    FROM "Article" a GROUP BY 1, 2`
  return rows.map(({ topicId, ...row }) => ({ ...row, path: topics.get(topicId ?? '')?.path ?? [] }))
}

/** The agencies of all images, as stored. */
async function readAgencies(db: CoverageDb): Promise<string[]> {
  const rows = await db.$queryRaw<{ agency: string }[]>`
    SELECT DISTINCT "agency" FROM "ImageUse" WHERE "agency" IS NOT NULL`
  return rows.map(({ agency }) => agency)
}

interface Covered {
  licence: CoveredLicence
  /** The condition for covered articles in SQL, with "Article" as `a`. */
  isLicensed: Prisma.Sql
  /** The agencies of all images, as stored. */
  agencies: readonly string[]
}

/**
 * An image in the body requires the right to the full text. An image that is refused once is refused everywhere
 * in its article.
 */
async function countImages(db: CoverageDb, { licence, isLicensed, agencies }: Covered): Promise<number> {
  const { slug } = await db.partner.findUniqueOrThrow({
    where: { id: licence.partnerId },
    select: { slug: true },
  })
  const mayHaveImage = mayHaveImageSql({ slug, terms: licence }, agencies)
  const [row] = await db.$queryRaw<{ images: number }[]>`
    WITH covered AS (
      SELECT a."id", a."leadImageId" FROM "Article" a WHERE ${isLicensed}
    ), images AS (
      SELECT c."id", lower(i."url") AS "url", ${mayHaveImage} AS "licensed",
        (${licence.fullText} OR coalesce(u."id" = c."leadImageId", FALSE)) AS "shown"
      FROM covered c JOIN "ImageUse" u ON u."articleId" = c."id" JOIN "Image" i ON i."id" = u."imageId"
    ), judged AS (
      SELECT "url", "shown", array_agg("url") FILTER (WHERE NOT "licensed") OVER (PARTITION BY "id") AS "refused"
      FROM images
    )
    SELECT count(DISTINCT "url")::int AS "images" FROM judged
    WHERE "shown" AND NOT EXISTS (SELECT FROM unnest("refused") r WHERE strpos("url", r) > 0)`
  return row?.images ?? 0
}

/** Warns of entries that match nothing; "*" always matches. */
function warnings(licence: Terms, groups: readonly Group[], agencies: readonly string[]): CoverageWarning[] {
  const paths = groups.map(({ path }) => path)
  const topics = new Set(paths.flat())
  const sections = new Set(paths.flatMap((path) => path.slice(0, 1)))
  const named = new Set(agencies.flatMap(agencyNames))
  const unused = (
    term: CoverageWarning['term'],
    isUsed: (entry: string) => boolean,
    words: (entry: string) => string,
  ): CoverageWarning[] =>
    licence[term]
      .filter((entry) => entry !== '*' && !isUsed(entry))
      .map((entry) => ({ term, entry, message: words(entry) }))
  return [
    ...unused(
      'topics',
      (slug) => topics.has(slug),
      (slug) => `No article is filed under the topic "${slug}".`,
    ),
    ...unused(
      'sections',
      (slug) => sections.has(slug),
      (slug) => `No article is filed under the section "${slug}".`,
    ),
    ...unused(
      'languages',
      (tag) => groups.some(({ language }) => includesLanguage([tag], language)),
      (tag) => `No article is in the language "${tag}".`,
    ),
    ...unused(
      'agencies',
      (name) => named.has(normaliseName(name)),
      (name) => `No image names the agency "${name}".`,
    ),
  ]
}
