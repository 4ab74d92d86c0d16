import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import type { Json } from '../../support/json.ts'
import { addArticle, addComment, approve, reject } from '../../support/newsroom.ts'

let app: TestApp
let moderator: string
let articles: { key: string; id: string }[]
const names = ['Ada Lovelace', 'Grace Hopper', 'شيرين علي', '100% Ada', 'Lin']

beforeAll(async () => {
  app = await freshApp()
  moderator = await app.token('moderator')
  const { prisma } = app.database
  articles = [await addArticle(prisma), await addArticle(prisma)]
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))
  for (const [i, by] of names.entries()) {
    const ids: string[] = []
    for (let n = 0; n < 4; n++) {
      const { key } = articles[n % 2]!
      ids.push((await addComment(prisma, key, { body: `${by} ${n}`, by, at: at(10 * i + n) })).id)
    }
    await approve(prisma, [ids[0]!, ids[1]!])
    await reject(prisma, [ids[2]!])
  }
  const subject = 'reader-Grace Hopper'
  await app.ask(
    operationText('SetReaderStatus'),
    { input: { subject, status: 'BANNED', reason: 'Spam' } },
    await app.token('admin'),
  )
})
afterAll(() => app.close())

async function readers(variables: object): Promise<Json> {
  return (await app.ask(operationText('Readers'), variables, moderator)).readers
}
const namesIn = ({ edges }: Json) => edges.map(({ node }: Json) => node.displayName)

test('moderators see the readers, newest first, with the numbers of their comments', async () => {
  const all = await readers({})
  expect(namesIn(all)).toEqual(names.toReversed())
  for (const { node } of all.edges)
    expect(node.commentCounts).toEqual({ pending: 1, approved: 2, rejected: 1 })
})

test('readers are found by a part of the name or the subject, and by status', async () => {
  const found = async (filter: object) => namesIn(await readers({ filter }))
  expect(await found({ search: 'ada' })).toEqual(['100% Ada', 'Ada Lovelace'])
  expect(await found({ search: 'شيرين' })).toEqual(['شيرين علي'])
  expect(await found({ search: '0% A' })).toEqual(['100% Ada'])
  expect(await found({ search: 'reader-Lin' })).toEqual(['Lin'])
  expect(await found({ search: 'nobody' })).toEqual([])
  expect(await found({ status: 'BANNED' })).toEqual(['Grace Hopper'])
  expect(await found({ status: 'BANNED', search: 'ada' })).toEqual([])
  const { errors } = await app.post(
    '{ readers(filter: { search: "ad" }) { edges { cursor } } }',
    {},
    moderator,
  )
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
})

test('the pages of a search follow each other in both directions', async () => {
  const filter = { search: 'ada' }
  const first = await readers({ filter, first: 1 })
  expect([namesIn(first), first.pageInfo.hasNextPage]).toEqual([['100% Ada'], true])
  const second = await readers({ filter, first: 1, after: first.pageInfo.endCursor })
  expect([namesIn(second), second.pageInfo.hasNextPage]).toEqual([['Ada Lovelace'], false])
  const back = await app.ask(
    `{ readers(last: 1, before: "${second.pageInfo.endCursor}", filter: { search: "ada" }) { edges { node { displayName } } } }`,
    {},
    moderator,
  )
  expect(namesIn(back.readers)).toEqual(['100% Ada'])
})

test('a reader has the record of bans and the comments, by status', async () => {
  const page = async (variables: object) =>
    (await app.ask(operationText('ReaderPage'), { subject: 'reader-Grace Hopper', ...variables }, moderator))
      .reader
  const reader = await page({})
  expect(reader).toMatchObject({ status: 'BANNED', statusChanges: [{ status: 'BANNED', reason: 'Spam' }] })
  const bodies = ({ comments }: Json) => comments.edges.map(({ node }: Json) => node.body)
  expect(bodies(reader)).toEqual([3, 2, 1, 0].map((n) => `Grace Hopper ${n}`))
  expect(bodies(await page({ status: 'REJECTED' }))).toEqual(['Grace Hopper 2'])
  expect(bodies(await page({ first: 1 }))).toEqual(['Grace Hopper 3'])
  expect((await app.ask(operationText('ReaderPage'), { id: reader.id }, moderator)).reader.id).toBe(reader.id)
  expect((await app.ask(operationText('ReaderPage'), { subject: 'nobody' }, moderator)).reader).toBeNull()
})

test('authors see their own comments on an article, with the guidelines of a rejection in their language', async () => {
  const token = await app.token('reader', { name: 'Ada Lovelace' })
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
  await app.database.prisma.reader.updateMany({
    where: { displayName: 'Ada Lovelace' },
    data: { subject: sub },
  })
  const own = async (articleId: string) =>
    (
      await app.ask(operationText('OwnComments'), { articleId, language: 'tr' }, token)
    ).viewer.comments.edges.map(({ node }: Json) => [
      node.body,
      node.status,
      node.rejectedFor?.[0].title ?? null,
    ])
  expect(await own(articles[0]!.id)).toEqual([
    ['Ada Lovelace 2', 'REJECTED', 'Haberin konusunda kalın'],
    ['Ada Lovelace 0', 'APPROVED', null],
  ])
  expect(await own(articles[1]!.id)).toEqual([
    ['Ada Lovelace 3', 'PENDING', null],
    ['Ada Lovelace 1', 'APPROVED', null],
  ])
  const { viewer } = await app.ask(
    '{ viewer { comments(status: PENDING) { totalCount edges { node { body } } } } }',
    {},
    token,
  )
  expect(viewer.comments).toEqual({ totalCount: 1, edges: [{ node: { body: 'Ada Lovelace 3' } }] })
})
