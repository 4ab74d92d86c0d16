import { afterAll, beforeAll, expect, test } from 'vitest'
import { Prisma } from '../../src/db/client/client.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { indexPlan } from '../support/index-plan.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

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

const THREAD = `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Comment {
  thread(first: $first, after: $after) { totalCount
    edges { node { body isReply parentRemoved parent { body } } } pageInfo { hasNextPage endCursor } } } } }`

async function threadOf(id: string, variables: object = {}, token?: string): Promise<Json> {
  const { node } = await app.ask(THREAD, { id: globalId('Comment', id), ...variables }, token)
  return node.thread
}

const bodiesOf = ({ edges }: Json) => edges.map(({ node }: Json) => node.body)

/** Two threads on one article: "A" with A1, A2 and A1a below A1, and "B"; and in each something that waits. */
async function threads() {
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const ids: Record<string, string> = {}
  const say = async (body: string, parent?: string) => {
    const parentId = parent === undefined ? undefined : ids[parent]
    ids[body] = (await addComment(prisma, article.key, { body, by: body.toLowerCase(), parentId })).id
    await approve(prisma, [ids[body]])
  }
  await say('A')
  await say('B')
  await say('A1', 'A')
  await say('A1a', 'A1')
  await say('A2', 'A')
  for (const parent of ['A', 'A1a', 'B']) {
    const parentId = ids[parent]
    await addComment(prisma, article.key, { body: `Waiting below ${parent}`, by: 'waiting', parentId })
  }
  return { prisma, article, ids: ids as Record<'A' | 'B' | 'A1' | 'A1a' | 'A2', string> }
}

test('every comment of a thread leads to the same thread: its first comment and all below, oldest first', async () => {
  const { ids } = await threads()
  const waiting = await app.token('reader', { name: 'waiting' })
  for (const id of [ids.A, ids.A1, ids.A1a, ids.A2]) {
    for (const token of [undefined, waiting, moderator]) {
      const thread = await threadOf(id, {}, token)
      expect(bodiesOf(thread)).toEqual(['A', 'A1', 'A1a', 'A2'])
      expect(thread.totalCount).toBe(4)
    }
  }
  expect(bodiesOf(await threadOf(ids.B))).toEqual(['B'])
})

test('the thread of a comment that waits is that of its parent, without the comment', async () => {
  const { prisma, ids } = await threads()
  const { id } = await prisma.comment.findFirstOrThrow({
    where: { body: 'Waiting below A1a', parentId: ids.A1a },
  })
  const thread = await threadOf(id, {}, await app.token('reader', { name: 'waiting' }))
  expect(bodiesOf(thread)).toEqual(['A', 'A1', 'A1a', 'A2'])
})

test('page by page it is the same thread', async () => {
  const { ids } = await threads()
  const bodies: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const page: Json = await threadOf(ids.A2, { first: 3, after })
    expect(page.totalCount).toBe(4)
    bodies.push(...bodiesOf(page))
    after = page.pageInfo.endCursor
    more = page.pageInfo.hasNextPage
  }
  expect(bodies).toEqual(['A', 'A1', 'A1a', 'A2'])
})

test('what was below a retracted comment stays in the thread and says that its parent was removed', async () => {
  const { prisma, ids } = await threads()
  await reject(prisma, [ids.A, ids.A1])
  const thread = await threadOf(ids.A2)
  expect(thread.totalCount).toBe(2)
  expect(thread.edges.map(({ node }: Json) => node)).toEqual([
    { body: 'A1a', isReply: true, parentRemoved: true, parent: null },
    { body: 'A2', isReply: true, parentRemoved: true, parent: null },
  ])
})

test('the author of a comment under a withheld article sees no thread; moderators do', async () => {
  const { prisma, article, ids } = await threads()
  await prisma.article.update({ where: { id: article.key }, data: { status: 'WITHHELD' } })
  const hidden = await threadOf(ids.A1, {}, await app.token('reader', { name: 'a1' }))
  expect(hidden).toMatchObject({ totalCount: 0, edges: [], pageInfo: { hasNextPage: false } })
  expect(bodiesOf(await threadOf(ids.A1, {}, moderator))).toEqual(['A', 'A1', 'A1a', 'A2'])
})

test('the threads of a list of comments are read in one statement, by an index', async () => {
  const { prisma, article } = await threads()
  statements.length = 0
  const { article: found } = await app.ask(
    `query ($id: ID!) { article(id: $id) { comments(orderBy: OLDEST_FIRST) { edges { node {
      thread(first: 50) { totalCount edges { node { body } } } } } } } }`,
    { id: article.id },
  )
  expect(statements).toHaveLength(1)
  const sizes = found.comments.edges.map(({ node }: Json) => node.thread.totalCount)
  expect(sizes).toEqual([4, 1, 4, 4, 4])
  const plan = await indexPlan(
    prisma,
    Prisma.sql`SELECT "id" FROM "Comment" WHERE "threadId" = ${article.key}::uuid AND "status" = 'APPROVED'
      AND "position" IS NOT NULL AND "position" > 3 ORDER BY "position" LIMIT 21`,
  )
  expect(plan).toContain('Comment_threadId_position_idx')
  expect(plan).not.toContain('Sort')
})

const REJECTED_FOR = '{ viewer { comments { edges { node { status rejectedFor { code title } } } } } }'

test('authors see which guidelines a rejection named, and nothing of the moderator', async () => {
  const { prisma } = app.database
  const { key } = await addArticle(prisma)
  const by = `author-${key}`
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))
  const pending = await addComment(prisma, key, { body: 'Waits', by, at: at(4) })
  const kept = await addComment(prisma, key, { body: 'Stays', by, at: at(3) })
  const retracted = await addComment(prisma, key, { body: 'Was there', by, at: at(2) })
  const refused = await addComment(prisma, key, { body: 'Never was', by, at: at(1) })
  await approve(prisma, [kept.id, retracted.id])
  const mutation = `mutation ($ids: [ID!]!, $guidelines: [String!]!) {
    rejectComments(input: { ids: $ids, guidelines: $guidelines, note: "A secret note" }) { __typename } }`
  const rejecting = (id: string, guidelines: string[]) =>
    app.ask(mutation, { ids: [globalId('Comment', id)], guidelines }, moderator)
  await rejecting(refused.id, ['THREATS', 'PROFANITY'])
  await rejecting(retracted.id, ['RELEVANCE'])

  const author = await app.token('reader', { name: by })
  const own = await app.ask(REJECTED_FOR, {}, author)
  expect(own.viewer.comments.edges.map(({ node }: Json) => node)).toEqual([
    { status: 'PENDING', rejectedFor: null },
    { status: 'APPROVED', rejectedFor: null },
    { status: 'REJECTED', rejectedFor: [{ code: 'RELEVANCE', title: 'Keep to the story' }] },
    {
      status: 'REJECTED',
      rejectedFor: [
        expect.objectContaining({ code: 'PROFANITY' }),
        expect.objectContaining({ code: 'THREATS' }),
      ],
    },
  ])
  const everything = `query ($id: ID!) { node(id: $id) { ... on Comment {
    rejectedFor { code } decisions { moderatorName note guidelines { code } } } } }`
  const seenBy = async (token: string) =>
    await app.post(everything, { id: globalId('Comment', refused.id) }, token)
  const codes = [{ code: 'PROFANITY' }, { code: 'THREATS' }]
  expect((await seenBy(author)).data.node).toEqual({ rejectedFor: codes, decisions: null })
  expect(JSON.stringify(await seenBy(author))).not.toContain('secret')
  expect((await seenBy(moderator)).data.node).toMatchObject({
    rejectedFor: codes,
    decisions: [{ note: 'A secret note', guidelines: codes }],
  })
  // Lists with decisions and reasons stay one statement; the comment waits for nobody else.
  expect(pending.status).toBe('PENDING')
  statements.length = 0
  await app.ask(REJECTED_FOR, {}, author)
  expect(statements.filter((sql) => !sql.includes("'BANNED'"))).toHaveLength(1)
})

test('nobody but the author and moderators sees why a comment was rejected, not even through a reply', async () => {
  const { prisma, ids } = await threads()
  await reject(prisma, [ids.A1])
  const query = `query ($id: ID!) { node(id: $id) { ... on Comment { rejectedFor { code } parent { rejectedFor { code } } } } }`
  const ask = async (token?: string) =>
    (await app.ask(query, { id: globalId('Comment', ids.A1a) }, token)).node
  for (const token of [undefined, await app.token('reader', { name: 'a1a' })]) {
    expect(await ask(token)).toEqual({ rejectedFor: null, parent: null })
  }
  expect(await ask(moderator)).toEqual({
    rejectedFor: null,
    parent: { rejectedFor: [{ code: 'RELEVANCE' }] },
  })
})
