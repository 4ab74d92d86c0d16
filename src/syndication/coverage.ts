import { readTopicPaths } from '../articles/topics/paths.ts'
import { visibleArticlesSql } from '../articles/visible.ts'
import { anonymous } from '../auth/viewer.ts'
import { type Licence, Prisma, type PrismaClient } from '../db/client/client.ts'
import { isInForce, type Terms } from '../licensing/terms.ts'
import { normaliseName } from '../names/names.ts'
import { agencyNames, licensesAgency } from './image-rights.ts'
import { isCovered, speaks } from './project.ts'

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

type CoverageDb = Pick<PrismaClient, '$queryRaw' | 'topic' | 'partner'>

interface CoverageDeps {
  db: CoverageDb
  now: () => Date
}

/**
 * Counts what a licence covers now, by the rules in project.ts, and finds its entries that match no article or
 * image. Unpublished articles count for the warnings.
 */
export async function licenceCoverage(licence: Licence, { db, now }: CoverageDeps): Promise<Coverage> {
  const at = now()
  const inForce = isInForce(licence, at)
  const [groups, agencies] = await Promise.all([readGroups(db, licence, at), readAgencies(db)])
  const covered = inForce ? groups.filter((group) => isCovered(group, licence)) : []
  return {
    articles: covered.reduce((sum, { articles }) => sum + articles, 0),
    images: await countImages(db, { licence, covered, agencies, at }),
    inForce,
    warnings: warnings(licence, groups, agencies),
  }
}

/** Articles that have the same topic and language. */
interface Group {
  topicId: string | null
  topic: { path: string[] } | null
  language: string
  /** The number of visible articles within the retention. */
  articles: number
}

async function readGroups(db: CoverageDb, terms: Terms, at: Date): Promise<Group[]> {
  const rows = await db.$queryRaw<Omit<Group, 'topic'>[]>`
    SELECT a."topicId", a."language", count(*) FILTER (WHERE ${isDue(terms, at)})::int AS "articles"
    FROM "Article" a GROUP BY 1, 2`
  const topics = await readTopicPaths(db)
  return rows.map((row) => ({ ...row, topic: (row.topicId !== null && topics.get(row.topicId)) || null }))
}

/** Whether the article `a` is visible and within the retention. */
function isDue({ retentionDays }: Pick<Terms, 'retentionDays'>, at: Date): Prisma.Sql {
  const isOut = visibleArticlesSql({ viewer: anonymous, now: () => at })
  if (retentionDays === null) return isOut
  return Prisma.sql`(${isOut} AND a."publishedAt" > ${new Date(at.getTime() - retentionDays * DAY_MS)})`
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The agencies of all images, as stored. */
async function readAgencies(db: CoverageDb): Promise<string[]> {
  const rows = await db.$queryRaw<{ agency: string }[]>`
    SELECT DISTINCT "agency" FROM "Image" WHERE "agency" IS NOT NULL`
  return rows.map(({ agency }) => agency)
}

interface Covered {
  licence: Licence
  covered: readonly Group[]
  agencies: readonly string[]
  at: Date
}

/**
 * An image in the body requires the right to the full text. An image that is refused once is refused everywhere
 * in its article.
 */
async function countImages(db: CoverageDb, { licence, covered, agencies, at }: Covered): Promise<number> {
  if (covered.length === 0) return 0
  const { slug } = await db.partner.findUniqueOrThrow({
    where: { id: licence.partnerId },
    select: { slug: true },
  })
  const licensed = agencies.filter(licensesAgency(licence))
  const isLicensed = Prisma.sql`(i."syndicatable" OR ${slug} = ANY(i."partners")
    OR coalesce(i."agency" = ANY(${licensed}::text[]), FALSE))`
  const [row] = await db.$queryRaw<{ images: number }[]>`
    WITH covered AS (
      SELECT a."id", a."leadImageId" FROM "Article" a
      JOIN unnest(${covered.map(({ topicId }) => topicId)}::uuid[],
        ${covered.map(({ language }) => language)}::text[]) AS g("topicId", "language")
        ON g."language" = a."language" AND g."topicId" IS NOT DISTINCT FROM a."topicId"
      WHERE ${isDue(licence, at)}
    ), images AS (
      SELECT c."id", lower(i."url") AS "url", TRUE AS "shown", ${isLicensed} AS "licensed"
      FROM covered c JOIN "Image" i ON i."id" = c."leadImageId"
      UNION ALL
      SELECT c."id", lower(i."url"), ${licence.fullText}, ${isLicensed}
      FROM covered c JOIN "Block" b ON b."articleId" = c."id" JOIN "Image" i ON i."id" = b."imageId"
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
  const paths = groups.map(({ topic }) => topic?.path ?? [])
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
      (tag) => groups.some(({ language }) => speaks([tag], language)),
      (tag) => `No article is in the language "${tag}".`,
    ),
    ...unused(
      'agencies',
      (name) => named.has(normaliseName(name)),
      (name) => `No image names the agency "${name}".`,
    ),
  ]
}
