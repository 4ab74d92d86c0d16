import type { TopicWithPath } from '../articles/topics/paths.ts'
import { Prisma } from '../db/client/client.ts'
import { isInForce, type Terms } from './terms.ts'

/** All topics by row id. */
export type TopicPaths = ReadonlyMap<string, TopicWithPath>

/**
 * The articles that terms cover at a time, in SQL with "Article" as `a`. This is only a prefilter: `mayHave`
 * decides.
 */
export function licensedSql(terms: Terms, topics: TopicPaths, now: Date): Prisma.Sql {
  if (!isInForce(terms, now)) return Prisma.sql`FALSE`
  return Prisma.sql`(a."status" = 'USABLE' AND a."publishedAt" <= ${now}
    AND (a."embargoedUntil" IS NULL OR a."embargoedUntil" <= ${now})
    AND ${withinTerm(terms, now)} AND ${coveredSql(terms, topics)})`
}

/** The articles that topics, sections and languages cover, in any state. */
export function coveredSql(
  terms: Pick<Terms, 'topics' | 'sections' | 'languages'>,
  topics: TopicPaths,
): Prisma.Sql {
  return Prisma.sql`(${filed(terms, topics)} AND ${inLanguages(terms.languages)})`
}

/** The articles in one of the languages; "en" includes "en-GB". */
export function inLanguages(languages: readonly string[]): Prisma.Sql {
  if (languages.includes('*')) return Prisma.sql`TRUE`
  return Prisma.sql`EXISTS (
    SELECT FROM unnest(${[...languages]}::text[]) tag
    WHERE lower(a."language") = lower(tag) OR starts_with(lower(a."language"), lower(tag) || '-'))`
}

export function withinTerm({ retentionDays }: Pick<Terms, 'retentionDays'>, now: Date): Prisma.Sql {
  if (retentionDays === null) return Prisma.sql`TRUE`
  return Prisma.sql`a."publishedAt" > ${new Date(now.getTime() - retentionDays * DAY_MS)}`
}

const DAY_MS = 24 * 60 * 60 * 1000

function filed({ topics, sections }: Pick<Terms, 'topics' | 'sections'>, paths: TopicPaths): Prisma.Sql {
  if (topics.includes('*') && sections.includes('*')) return Prisma.sql`TRUE`
  const covered = [...paths].filter(
    ([, { path }]) =>
      (topics.includes('*') || path.some((slug) => topics.includes(slug))) &&
      (sections.includes('*') || sections.includes(path[0] as string)),
  )
  return Prisma.sql`a."topicId" = ANY(${covered.map(([id]) => id)}::uuid[])`
}
