import { type Article, Prisma } from '../db/client/client.ts'
import { includesLanguage } from '../text/language.ts'
import type { TopicPaths } from './topics/paths.ts'

// A rule is written once, as a condition, and compiled to a predicate, a Prisma filter and SQL, which must agree on
// every article: test/articles/condition.test.ts.

/** A condition on an article, as data. `{ all: [] }` matches every article, `{ any: [] }` none. */
export type Condition<T extends Test = Test> =
  | { all: readonly Condition<T>[] }
  | { any: readonly Condition<T>[] }
  | T

export type Test = StateTest | LanguageTest | TopicTest

/** A test of a column that decides whether an article is public. */
export type StateTest =
  | { column: 'status'; op: 'equals'; value: Article['status'] }
  | { column: 'embargoedUntil'; op: 'isNull' }
  | { column: DateColumn; op: 'lte' | 'gt'; value: Date }

type DateColumn = 'publishedAt' | 'embargoedUntil'

export interface LanguageTest {
  column: 'language'
  op: 'inRanges'
  /** BCP 47 tags, or "*". "en" includes "en-GB". */
  ranges: readonly string[]
}

export interface TopicTest {
  column: 'topic'
  op: 'path'
  /** @param path the slugs from the section to the topic; empty for an article without a topic */
  matches: (path: readonly string[]) => boolean
}

/** An article as the predicate needs it. */
interface Facts extends Pick<Article, StateTest['column'] | 'language'> {
  topic: { path: readonly string[] } | null
}

/** Whether a loaded article meets a condition. */
export function matches<T extends Test>(condition: Condition<T>, article: Pick<Facts, T['column']>): boolean {
  return holds(condition, article as Facts)
}

function holds(condition: Condition, article: Facts): boolean {
  if ('all' in condition) return condition.all.every((each) => holds(each, article))
  if ('any' in condition) return condition.any.some((each) => holds(each, article))
  switch (condition.op) {
    case 'equals':
      return article[condition.column] === condition.value
    case 'isNull':
      return article[condition.column] === null
    case 'lte':
    case 'gt': {
      const date = article[condition.column]
      return date !== null && (condition.op === 'lte' ? date <= condition.value : date > condition.value)
    }
    case 'inRanges':
      return includesLanguage(condition.ranges, article.language)
    case 'path':
      return condition.matches(article.topic?.path ?? [])
  }
}

/** The condition as a Prisma filter. */
export function toWhere(condition: Condition<StateTest>): Prisma.ArticleWhereInput {
  // Prisma ignores empty lists within lists: an empty OR would match every article.
  if ('all' in condition) return { AND: orElse(condition.all.map(toWhere), { id: { notIn: [] } }) }
  if ('any' in condition) return { OR: orElse(condition.any.map(toWhere), { id: { in: [] } }) }
  switch (condition.op) {
    case 'equals':
      return { [condition.column]: condition.value }
    case 'isNull':
      return { [condition.column]: null }
    case 'lte':
    case 'gt':
      return { [condition.column]: { [condition.op]: condition.value } }
  }
}

function orElse<E>(list: E[], neutral: E): E[] {
  return list.length === 0 ? [neutral] : list
}

/**
 * The condition in SQL with "Article" as `a`. It may be NULL where the predicate is false.
 * @param topics all topics; required for tests of the topic
 */
export function toSql(condition: Condition<Exclude<Test, TopicTest>>): Prisma.Sql
export function toSql(condition: Condition, topics: TopicPaths): Prisma.Sql
export function toSql(condition: Condition, topics: TopicPaths = new Map()): Prisma.Sql {
  const parts = (list: readonly Condition[]) => list.map((each) => toSql(each, topics))
  if ('all' in condition)
    return Prisma.join(orElse(parts(condition.all), Prisma.sql`TRUE`), ' AND ', '(', ')')
  if ('any' in condition)
    return Prisma.join(orElse(parts(condition.any), Prisma.sql`FALSE`), ' OR ', '(', ')')
  switch (condition.op) {
    case 'equals':
      // A literal: the planner does not see the values of parameters.
      return Prisma.raw(`a."${condition.column}" = '${condition.value}'`)
    case 'isNull':
      return Prisma.raw(`a."${condition.column}" IS NULL`)
    case 'lte':
      return Prisma.sql`${Prisma.raw(`a."${condition.column}"`)} <= ${condition.value}`
    case 'gt':
      return Prisma.sql`${Prisma.raw(`a."${condition.column}"`)} > ${condition.value}`
    case 'inRanges':
      return inRanges(condition.ranges)
    case 'path':
      return onPath(condition, topics)
  }
}

/** The same as `includesLanguage`. */
function inRanges(ranges: readonly string[]): Prisma.Sql {
  if (ranges.includes('*')) return Prisma.sql`TRUE`
  return Prisma.sql`EXISTS (
    SELECT FROM unnest(${[...ranges]}::text[]) tag
    WHERE lower(a."language") = lower(tag) OR starts_with(lower(a."language"), lower(tag) || '-'))`
}

function onPath({ matches }: TopicTest, topics: TopicPaths): Prisma.Sql {
  const ids = [...topics].filter(([, { path }]) => matches(path)).map(([id]) => id)
  const inTopics = Prisma.sql`a."topicId" = ANY(${ids}::uuid[])`
  return matches([]) ? Prisma.sql`(${inTopics} OR a."topicId" IS NULL)` : inTopics
}

/** The first moment after `now` at which an article begins to meet a rule; null if it does now, or never will. */
export function firstMoment(
  rule: (at: Date) => Condition<StateTest>,
  article: Pick<Facts, StateTest['column']>,
  now: Date,
): Date | null {
  if (matches(rule(now), article)) return null
  const moments = datesIn(rule(now)).flatMap((column) => article[column] ?? [])
  const ahead = moments.filter((moment) => moment > now).sort((a, b) => a.getTime() - b.getTime())
  return ahead.find((moment) => matches(rule(moment), article)) ?? null
}

/** The columns that a condition requires to be reached. */
function datesIn(condition: Condition<StateTest>): DateColumn[] {
  if ('all' in condition) return condition.all.flatMap(datesIn)
  if ('any' in condition) return condition.any.flatMap(datesIn)
  return condition.op === 'lte' ? [condition.column] : []
}
