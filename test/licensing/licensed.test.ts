import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { matches, toSql } from '../../src/articles/condition.ts'
import type { TopicPaths } from '../../src/articles/topics/paths.ts'
import type { Prisma } from '../../src/db/client/client.ts'
import { coveredArticles, licensedArticles, withinRetention } from '../../src/licensing/licensed.ts'
import { lapsesAt, publicTerms, type Terms } from '../../src/licensing/terms.ts'
import { mayHave } from '../../src/syndication/project.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addPartner, relicense } from '../support/partner.ts'
import {
  addTopics,
  anyMoment,
  anyRow,
  anyRows,
  languages,
  replaceArticles,
  topicSlugs,
} from '../support/random-rows.ts'

let database: TestDatabase
let topics: TopicPaths

beforeAll(async () => {
  database = await freshDatabase()
  topics = await addTopics(database.prisma)
})
afterAll(() => database.close())

/** Lists in which "*" stands often, and also beside other entries. */
const listOf = (entries: readonly string[]) =>
  fc.oneof(fc.constant<string[]>(['*']), fc.subarray([...entries, '*']), fc.subarray([...entries]))

const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    topics: listOf(topicSlugs),
    sections: listOf(topicSlugs),
    languages: listOf(languages),
    validFrom: fc.option(anyMoment, { freq: 2 }),
    validUntil: fc.option(anyMoment, { freq: 2 }),
    retentionDays: fc.option(fc.integer({ min: 1, max: 3 })),
  })
  .map((terms) => ({ ...publicTerms, agencies: [], ...terms }))

test('what a licence covers is the same as a predicate and as SQL', { timeout: 30_000 }, async () => {
  const { prisma } = database
  const licences = fc.array(fc.tuple(anyTerms, anyMoment), { minLength: 8, maxLength: 8 })
  const agree = fc.asyncProperty(anyRows, licences, async (rows, licences) => {
    const articles = await replaceArticles(prisma, topics, rows)
    for (const [terms, at] of licences) {
      const audience = { kind: 'partner', id: '', slug: 'wire', terms } as const
      const may = articles.filter((article) => mayHave(article, audience, at))
      expect(await select(toSql(licensedArticles(terms, at), topics))).toEqual(may.map(({ id }) => id))
      for (const condition of [coveredArticles(terms), withinRetention(terms, at)]) {
        const meeting = articles.filter((article) => matches(condition, article))
        expect(await select(toSql(condition, topics))).toEqual(meeting.map(({ id }) => id))
      }
    }
  })
  await fc.assert(agree, { numRuns: 20 })
})

async function select(condition: Prisma.Sql): Promise<string[]> {
  const rows = await database.prisma.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a WHERE ${condition} ORDER BY a."id"`
  return rows.map(({ id }) => id)
}

test('an article is within its retention until the moment at which it lapses', () => {
  fc.assert(
    fc.property(anyRow, anyTerms, anyMoment, (row, terms, at) => {
      const end = lapsesAt(row, terms)
      expect(matches(withinRetention(terms, at), row)).toBe(end === null || at < end)
    }),
    { numRuns: 2_000 },
  )
})

test('a change of the retention sets the end of it for all held articles, over changes of the clock too', async () => {
  const { prisma } = database
  const { id: partnerId, slug } = await addPartner(prisma)
  const published = ['1999-12-31T23:59:59.999Z', '2026-03-29T00:30:00.001Z', '2026-10-25T00:59:59.000Z']
  const articles = await replaceArticles(
    prisma,
    topics,
    published.map((at) => ({
      status: 'USABLE',
      publishedAt: new Date(at),
      embargoedUntil: null,
      language: 'en',
      topic: null,
    })),
  )
  await prisma.holding.createMany({
    data: articles.map(({ id, version }) => ({ partnerId, articleId: id, version, since: new Date() })),
  })
  for (const retentionDays of [1, 30, 36_500, null]) {
    await relicense(prisma, slug, { retentionDays }, () => new Date('1990-01-01T00:00:00Z'))
    const held = await prisma.holding.findMany({ where: { partnerId }, orderBy: { articleId: 'asc' } })
    expect(held.map((row) => row.lapsesAt)).toEqual(articles.map((row) => lapsesAt(row, { retentionDays })))
  }
})
