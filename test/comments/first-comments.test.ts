import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'

let app: TestApp
const comments: Record<string, string> = {}

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  const { key } = await addArticle(prisma, { slug: 'story' })
  const add = async (name: string, parent?: string) => {
    const parentId = parent && comments[parent]
    comments[name] = (await addComment(prisma, key, { body: name, by: name, parentId })).id
  }
  const approved = async (name: string, parent?: string) => {
    await add(name, parent)
    await approve(prisma, [comments[name]!])
  }
  for (const name of ['one', 'two', 'three', 'gone']) await approved(name)
  await approved('reply', 'one')
  await approved('deep', 'reply')
  await approved('orphan', 'gone')
  await approved('four')
  await add('pending')
  await reject(prisma, [comments.gone!])
})
afterAll(() => app.close())

const threads = async (variables: object): Promise<Json> => {
  const { article } = await app.ask(operationText('CommentThreads'), { slug: 'story', ...variables })
  return article.comments
}
const bodies = ({ edges }: Json) => edges.map(({ node }: Json) => node.body)

test('only comments that are not replies are listed and counted, in both orders', async () => {
  const newest = await threads({})
  expect(bodies(newest)).toEqual(['four', 'three', 'two', 'one'])
  expect(newest.totalCount).toBe(4)
  expect(bodies(await threads({ orderBy: 'OLDEST_FIRST' }))).toEqual(['one', 'two', 'three', 'four'])
  const one = newest.edges.at(-1).node
  expect([one.replyCount, bodies(one.replies)]).toEqual([1, ['reply']])
})

test('all comments are still listed with replies, and with their number', async () => {
  const { article } = await app.ask(
    '{ article(slug: "story") { comments { totalCount edges { node { body } } } } }',
  )
  expect(article.comments.totalCount).toBe(7)
  expect(bodies(article.comments)).toEqual(['four', 'orphan', 'deep', 'reply', 'three', 'two', 'one'])
})

test('the pages of first comments follow each other', async () => {
  const first = await threads({ first: 3 })
  expect(first.pageInfo.hasNextPage).toBe(true)
  const second = await threads({ first: 3, after: first.pageInfo.endCursor })
  expect([bodies(second), second.pageInfo.hasNextPage]).toEqual([['one'], false])
})

test('a linked comment is shown with its neighbours by its cursor', async () => {
  const linked = async (name: string) =>
    (await app.ask(operationText('LinkedComment'), { id: globalId('Comment', comments[name]!) })).node
  const { cursor } = await linked('two')
  expect(bodies(await threads({ after: cursor, first: 1 }))).toEqual(['one'])
  expect(bodies(await threads({ before: cursor, last: 1 }))).toEqual(['three'])
  const edge = (await threads({})).edges.find(({ node }: Json) => node.body === 'two')
  expect(cursor).toBe(edge.cursor)
  const [start] = (await linked('deep')).thread.edges
  expect(start.node.body).toBe('one')
  expect(await linked('gone')).toBeNull()
})

test('a comment that is not approved has no cursor', async () => {
  const { moderationQueue } = await app.ask(
    '{ moderationQueue { edges { node { body cursor } } } }',
    {},
    await app.token('moderator'),
  )
  expect(moderationQueue.edges).toEqual([{ node: { body: 'pending', cursor: null } }])
})
