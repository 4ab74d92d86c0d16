import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countPending } from '../../src/comments/moderation-counts.ts'
import { type ModerationConditions, moderatedWhere } from '../../src/comments/moderation-filter.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'

const BODIES = ['Water is dear', 'A DAM 50% full', 'under_score', 'ماء نهر', 'dam\\water']
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))
let app: TestApp
let moderator: string
let articles: { key: string; id: string }[]
let readers: { id: string; displayName: string }[]

beforeAll(async () => {
  app = await freshApp()
  moderator = await app.token('moderator')
  const { prisma } = app.database
  articles = [await addArticle(prisma, { headline: 'One' }), await addArticle(prisma, { headline: 'Two' })]
  const [one, two] = articles as [Json, Json]
  for (let i = 0; i < 20; i++) {
    const key = i % 3 === 0 ? two.key : one.key
    const body = `${BODIES[i % BODIES.length]} ${i}`
    const comment = await addComment(prisma, key, { body, by: `Reader${i % 4}`, at: at(i) })
    if (i % 4 === 1) {
      await approve(prisma, [comment.id])
      await addComment(prisma, key, { body: `Reply ${i}`, by: 'Replier', at: at(i), parentId: comment.id })
    }
    if (i % 7 === 2) await reject(prisma, [comment.id])
  }
  await prisma.$executeRaw`ALTER TABLE "Comment" DISABLE TRIGGER USER`
  await prisma.$executeRaw`UPDATE "Comment" SET "language" = CASE WHEN "body" LIKE '%ماء%' THEN 'ar' WHEN "body" LIKE '%dam%' THEN 'en' END`
  await prisma.$executeRaw`ALTER TABLE "Comment" ENABLE TRIGGER USER`
  readers = await prisma.reader.findMany()
})
afterAll(() => app.close())

const queue = async (filter: Json): Promise<Json[]> =>
  (
    await app.ask(operationText('ModerationQueue'), { first: 100, filter }, moderator)
  ).moderationQueue.edges.map(({ node }: Json) => node)

test('the counts are those of the queue, for any filter', async () => {
  const { prisma } = app.database
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const conditions = fc.record({
    articleId: optional(fc.constantFrom(...articles.map(({ key }) => key))),
    readerId: optional(fc.constantFrom(...readers.map(({ id }) => id))),
    language: optional(fc.constantFrom('ar', 'en', 'ckb')),
    words: optional(fc.array(fc.constantFrom('water', 'DAM', '%', '_', '\\', 'ماء', '5'), { maxLength: 2 })),
    submittedFrom: optional(fc.nat(20).map(at)),
    submittedBefore: optional(fc.nat(20).map(at)),
    isReply: optional(fc.boolean()),
  })
  const counted = async (each: Omit<ModerationConditions, 'status'>) => {
    const where = moderatedWhere({ ...each, status: 'PENDING' })
    const { total, byArticle, oldestSubmittedAt } = await countPending(each, { db: prisma })
    const rows = await prisma.comment.findMany({ where, orderBy: { submittedAt: 'asc' } })
    expect([total, oldestSubmittedAt]).toEqual([rows.length, rows[0]?.submittedAt ?? null])
    expect(byArticle.reduce((sum, { count }) => sum + count, 0)).toBe(total)
  }
  await fc.assert(fc.asyncProperty(conditions, counted), { numRuns: 100 })
})

describe('the queue by filter', () => {
  test('finds words and parts of words in the body, in any case, as plain text', async () => {
    const bodies = async (text: string) => (await queue({ text })).map(({ body }) => body)
    for (const body of await bodies('WATER dam')) expect(body).toMatch(/^dam\\water/)
    expect(await bodies('50%')).not.toEqual([])
    expect(await bodies('5%0')).toEqual([])
    for (const body of await bodies('r_s')) expect(body).toContain('under_score')
    expect((await bodies('نهر')).length).toBeGreaterThan(1)
  })

  test('finds the comments of a reader, replies, and those of a time', async () => {
    const { id } = readers.find(({ displayName }) => displayName === 'Reader3')!
    const own = await queue({ readerId: globalId('Reader', id) })
    expect(new Set(own.map(({ author }) => author.displayName))).toEqual(new Set(['Reader3']))
    const replies = await queue({ isReply: true })
    expect(replies).toHaveLength(5)
    expect(replies[0].parent.body).toBeTruthy()
    expect(await queue({ isReply: false })).not.toContainEqual(replies[0])
    const some = await queue({ submittedFrom: at(3), submittedBefore: at(5) })
    expect(some.map(({ submittedAt }) => submittedAt)).toEqual(
      [at(3), at(4)].map((time) => time.toISOString()),
    )
  })

  test('refuses words alone in decided comments, and too many words', async () => {
    const codes = async (filter: string) =>
      (await app.post(`{ moderationQueue(filter: { ${filter} }) { edges { cursor } } }`, {}, moderator))
        .errors
    const invalid = [{ extensions: { code: 'INVALID_INPUT' } }]
    expect(await codes('status: APPROVED, text: "dam"')).toMatchObject(invalid)
    expect(await codes(`status: APPROVED, text: "dam", articleId: "${articles[0]!.id}"`)).toBeUndefined()
    expect(await codes(`text: "${'a '.repeat(11)}"`)).toMatchObject(invalid)
    expect(await codes('text: "  "')).toMatchObject(invalid)
  })
})

test('the counts name the articles and languages with most pending comments first', async () => {
  const { moderationCounts } = await app.ask(operationText('ModerationCounts'), {}, moderator)
  const pending = await queue({})
  expect(moderationCounts.total).toBe(pending.length)
  expect(moderationCounts.oldestSubmittedAt).toBe(pending[0].submittedAt)
  const [one, two] = moderationCounts.byArticle
  expect([one.article.headline, two.article.headline]).toEqual(['One', 'Two'])
  expect(one.count).toBe(pending.filter(({ article }) => article.headline === 'One').length)
  expect(one.articleId).toBe(articles[0]!.id)
  const languages = moderationCounts.byLanguage.map(({ language }: Json) => language)
  expect(new Set(languages)).toEqual(new Set([null, 'ar', 'en']))
  const counts = moderationCounts.byLanguage.map(({ count }: Json) => count)
  expect(counts).toEqual(counts.toSorted((a: number, b: number) => b - a))
})

test('only pending comments are counted', async () => {
  const { errors } = await app.post(
    '{ moderationCounts(filter: { status: REJECTED }) { total } }',
    {},
    moderator,
  )
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
})

test('a withheld article is counted, but shown to editors only', async () => {
  const { prisma } = app.database
  await prisma.article.update({ where: { id: articles[1]!.key }, data: { status: 'WITHHELD' } })
  const query = '{ moderationCounts { byArticle { articleId count article { headline } } } }'
  const of = (data: Json) =>
    data.moderationCounts.byArticle.find(({ articleId }: Json) => articleId === articles[1]!.id)
  expect(of(await app.ask(query, {}, moderator))).toMatchObject({ article: null })
  expect(of(await app.ask(query, {}, await app.token('editor')))).toMatchObject({
    article: { headline: 'Two' },
  })
})
