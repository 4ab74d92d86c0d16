import fc from 'fast-check'
import { readTopicPaths, type TopicPaths } from '../../src/articles/topics/paths.ts'
import type { ArticleStatus, PrismaClient } from '../../src/db/client/client.ts'

// Random articles as rows, for tests which compare a rule in TypeScript and in SQL.

/** Moments in order, 1 ms or 1 day apart, so that limits are often met exactly. */
export const moments: readonly Date[] = [10, 11, 12, 13].flatMap((day) =>
  [0, 1, 2].map((ms) => new Date(Date.UTC(2026, 2, day, 0, 0, 0, ms))),
)

export const anyMoment = fc.constantFrom(...moments)

export const languages = ['en', 'en-GB', 'EN-gb', 'eng', 'e', 'ckb', 'ckb-Arab-IQ']

/** A topic and its parent, parents first. */
const TREE: readonly [slug: string, parent: string | null][] = [
  ['world', null],
  ['asia', 'world'],
  ['iraq', 'asia'],
  ['sport', null],
  ['football', 'sport'],
]

export const topicSlugs = TREE.map(([slug]) => slug)

export interface RandomRow {
  status: ArticleStatus
  publishedAt: Date
  embargoedUntil: Date | null
  language: string
  /** The slug of the topic. */
  topic: string | null
}

export const anyRow: fc.Arbitrary<RandomRow> = fc.record({
  status: fc.constantFrom<ArticleStatus[]>('USABLE', 'USABLE', 'USABLE', 'WITHHELD', 'CANCELED'),
  publishedAt: anyMoment,
  embargoedUntil: fc.option(anyMoment),
  language: fc.constantFrom(...languages),
  topic: fc.option(fc.constantFrom(...topicSlugs)),
})

export const anyRows = fc.array(anyRow, { minLength: 1, maxLength: 30 })

export async function addTopics(prisma: PrismaClient): Promise<TopicPaths> {
  for (const [slug, parent] of TREE) {
    const parentId = parent && (await prisma.topic.findUniqueOrThrow({ where: { slug: parent } })).id
    await prisma.topic.create({ data: { slug, label: slug, parentId } })
  }
  return readTopicPaths(prisma)
}

let count = 0

/** Replaces all articles by others. Returns them in the order of their row ids, as a predicate needs them. */
export async function replaceArticles(prisma: PrismaClient, topics: TopicPaths, rows: readonly RandomRow[]) {
  const ids = new Map([...topics].map(([id, { slug }]) => [slug, id]))
  await prisma.article.deleteMany()
  await prisma.article.createMany({
    data: rows.map(({ topic, ...row }) => {
      count += 1
      const headline = `Article ${count}`
      const canonicalUrl = `https://dateline.example/${count}`
      const topicId = topic === null ? null : (ids.get(topic) as string)
      return { ...row, slug: `a${count}`, canonicalUrl, headline, topicId, updatedAt: row.publishedAt }
    }),
  })
  const stored = await prisma.article.findMany({ orderBy: { id: 'asc' } })
  return stored.map((row) => ({ ...row, topic: topics.get(row.topicId ?? '') ?? null }))
}
