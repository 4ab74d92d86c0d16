import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

// The number of items of a list: exact for the viewer and the filter, and counted only when asked for.

let app: TestApp
let moderator: string
const statements: string[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  moderator = await app.token('moderator')
})
afterAll(() => app.close())
beforeEach(() => {
  statements.length = 0
})

const counts = () => statements.filter((sql) => /\bcount\(/i.test(sql))

/** An article with so many approved comments, and one that waits. */
async function discussed(approved: number) {
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const ids: string[] = []
  for (let i = 0; i < approved; i++) {
    ids.push((await addComment(prisma, article.key, { body: `Comment ${i}`, by: `${i}` })).id)
  }
  await approve(prisma, ids)
  const waiting = await addComment(prisma, article.key, { body: 'Waiting', by: 'author' })
  return { prisma, article, ids, waiting }
}

/** A comment with so many approved replies, and one that waits. */
async function answered(replies: number) {
  const { prisma, article, ids } = await discussed(1)
  const [parentId] = ids as [string]
  const replyIds: string[] = []
  for (let i = 0; i < replies; i++) {
    replyIds.push((await addComment(prisma, article.key, { body: `Reply ${i}`, parentId })).id)
  }
  await approve(prisma, replyIds)
  await addComment(prisma, article.key, { body: 'A waiting reply', by: 'author', parentId })
  return { prisma, article, parentId, replyIds }
}

test("an article's comments: the approved ones, for every viewer and page, without a count", async () => {
  const { prisma, article, ids } = await discussed(3)
  const query = `query ($id: ID!) { article(id: $id) { commentCount
    all: comments { totalCount } one: comments(first: 1) { totalCount edges { node { id } } } } }`
  const expected = (total: number) => ({
    commentCount: total,
    all: { totalCount: total },
    one: { totalCount: total, edges: [{ node: { id: expect.any(String) } }] },
  })
  const author = await app.token('reader', { name: 'author' })
  for (const token of [undefined, author, moderator]) {
    statements.length = 0
    const { article: found } = await app.ask(query, { id: article.id }, token)
    expect(found).toEqual(expected(3))
    expect(counts()).toEqual([])
  }
  await reject(prisma, [ids[1] as string])
  expect((await app.ask(query, { id: article.id })).article).toEqual(expected(2))
})

test('the moderation queue: what the filter matches, on all pages', async () => {
  const { prisma, article, waiting } = await discussed(4)
  const total = async (filter: string) =>
    (
      await app.ask(
        `query ($id: ID!) { moderationQueue(first: 1, filter: { articleId: $id, ${filter} }) { totalCount } }`,
        { id: article.id },
        moderator,
      )
    ).moderationQueue.totalCount
  expect(await total('status: PENDING')).toBe(1)
  expect(await total('status: APPROVED')).toBe(4)
  expect(await total('status: APPROVED, language: "en"')).toBe(0)
  await reject(prisma, [waiting.id])
  expect(await total('status: PENDING')).toBe(0)
  expect(await total('status: REJECTED')).toBe(1)
})

test("a reader's own comments: those of every status, and nobody else's", async () => {
  const { prisma, article, ids } = await discussed(2)
  const name = `author-of-${article.slug}`
  await addComment(prisma, article.key, { body: 'One', by: name })
  const { id } = await addComment(prisma, article.key, { body: 'Two', by: name })
  const query = '{ viewer { comments(first: 1) { totalCount } } }'
  const token = await app.token('reader', { name })
  expect(await app.ask(query, {}, token)).toEqual({ viewer: { comments: { totalCount: 2 } } })
  await approve(prisma, [id])
  await reject(prisma, [id, ...ids])
  expect(await app.ask(query, {}, token)).toEqual({ viewer: { comments: { totalCount: 2 } } })
})

const REPLIES = `query ($id: ID!) { node(id: $id) { ... on Comment { replyCount
  replies(first: 2) { totalCount edges { node { body } } pageInfo { hasNextPage } } } } }`

test('replies: the approved ones, oldest first, for every viewer, and fewer after a retraction', async () => {
  const { prisma, parentId, replyIds } = await answered(3)
  const below = await addComment(
    prisma,
    (await prisma.comment.findUniqueOrThrow({ where: { id: parentId } })).articleId,
    {
      body: 'A reply to a reply',
      parentId: replyIds[0],
    },
  )
  await approve(prisma, [below.id])
  const author = await app.token('reader', { name: 'author' })
  for (const token of [undefined, author, moderator]) {
    expect((await app.ask(REPLIES, { id: globalId('Comment', parentId) }, token)).node).toEqual({
      replyCount: 3,
      replies: {
        totalCount: 3,
        edges: [{ node: { body: 'Reply 0' } }, { node: { body: 'Reply 1' } }],
        pageInfo: { hasNextPage: true },
      },
    })
  }
  await reject(prisma, [replyIds[0] as string])
  expect((await app.ask(REPLIES, { id: globalId('Comment', parentId) })).node).toEqual({
    replyCount: 2,
    replies: {
      totalCount: 2,
      edges: [{ node: { body: 'Reply 1' } }, { node: { body: 'Reply 2' } }],
      pageInfo: { hasNextPage: false },
    },
  })
})

test('the author of a comment under a withheld article sees no replies to it, nor how many', async () => {
  const { prisma, article, parentId } = await answered(2)
  await prisma.article.update({ where: { id: article.key }, data: { status: 'WITHHELD' } })
  const { node } = await app.ask(
    REPLIES,
    { id: globalId('Comment', parentId) },
    await app.token('reader', { name: '0' }),
  )
  expect(node).toEqual({
    replyCount: 0,
    replies: { totalCount: 0, edges: [], pageInfo: { hasNextPage: false } },
  })
  expect((await app.ask(REPLIES, { id: globalId('Comment', parentId) })).node).toBeNull()
})

test('a list of comments reads its replies and their numbers in one statement, and counts only what is asked for', async () => {
  const { article } = await answered(2)
  const query = (fields: string) =>
    `query ($id: ID!) { article(id: $id) { comments { edges { node { ${fields} } } } } }`
  statements.length = 0
  await app.ask(query('replies { edges { node { body } } }'), { id: article.id })
  expect(statements).toHaveLength(1)
  expect(counts()).toEqual([])
  statements.length = 0
  const { article: found } = await app.ask(
    query('body replyCount replies(first: 1) { ...Total edges { node { body } } }') +
      ' fragment Total on CommentConnection { total: totalCount }',
    { id: article.id },
  )
  expect(found.comments.edges.at(-1).node).toEqual({
    body: 'Comment 0',
    replyCount: 2,
    replies: { total: 2, edges: [{ node: { body: 'Reply 0' } }] },
  })
  expect(statements).toHaveLength(1)
  expect(counts()).toHaveLength(1)
})
