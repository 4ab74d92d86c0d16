import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCommentFeedCursor } from '../../src/comment-feed/cursor.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { connect, listen } from '../support/socket.ts'
import { statementsOfRequests } from '../support/statements.ts'
import { until } from '../support/until.ts'
import { addPending, fillFeed } from './fill.ts'

const query = operationText('CommentEvents')
const feed = operationText('CommentFeed')
let app: TestApp
const statements: string[] = []
/** The parameters of the statements that read entries: the article, the position and the number of entries. */
const pages: unknown[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: (sql, values) => {
      statementsOfRequests((each) => statements.push(each))(sql)
      if (sql.includes('FROM "FeedEntry"')) pages.push(values)
    },
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
})
afterAll(() => app.close())

const cursorOf = (key: string, position: number) => app.services.commentFeeds.cursorAt(key, position)

async function page(articleId: string, variables: object = {}, token?: string): Promise<Json> {
  return (await app.ask(query, { articleId, ...variables }, token)).commentEvents
}

const nodesOf = ({ edges }: Json): Json[] => edges.map(({ node }: Json) => node)

/** All events after a cursor, page by page. */
async function catchUp(articleId: string, after: string | null, first: number): Promise<Json[]> {
  const events: Json[] = []
  for (let cursor = after, more = true; more; ) {
    const found: Json = await page(articleId, { after: cursor, first })
    expect(found.edges.length).toBeLessThanOrEqual(first)
    events.push(...nodesOf(found))
    cursor = found.pageInfo.endCursor
    more = found.pageInfo.hasNextPage
  }
  return events
}

/** All events that a subscription replays after a cursor, up to the newest position. */
async function replay(articleId: string, after: string, last: string): Promise<Json[]> {
  await using window = listen(connect(app.wsUrl), feed, { articleId, after })
  const events: Json[] = []
  while (events.at(-1)?.cursor !== last) events.push((await window.take(1))[0]?.commentFeed)
  return events
}

/** Decisions on the comments of an article, by index, one after another. */
const decisions = fc.array(
  fc.record({ verdict: fc.constantFrom('approve', 'approve', 'reject'), who: fc.nat(5) }),
  {
    minLength: 1,
    maxLength: 12,
  },
)

test('a client that catches up by query gets what a subscription replays, after any cursor and in pages of any size', {
  timeout: 300_000,
}, async () => {
  const { prisma } = app.database
  const property = fc.asyncProperty(decisions, fc.integer({ min: 1, max: 5 }), async (steps, first) => {
    const article = await addArticle(prisma)
    const ids = await addPending(prisma, article.key, 6)
    for (const { verdict, who } of steps) {
      await (verdict === 'approve' ? approve : reject)(prisma, [ids[who] as string])
    }
    const { feedPosition, commentCount } = await prisma.article.findUniqueOrThrow({
      where: { id: article.key },
    })
    const all = await catchUp(article.id, null, first)
    expect(all).toEqual(await catchUp(article.id, cursorOf(article.key, 0), 100))
    expect(all.at(-1)?.commentCount ?? 0).toBe(commentCount)
    for (let position = 0; position < feedPosition; position++) {
      const after = cursorOf(article.key, position)
      const replayed = await replay(article.id, after, cursorOf(article.key, feedPosition))
      expect(await catchUp(article.id, after, first)).toEqual(replayed)
    }
  })
  await fc.assert(property, { numRuns: 12 })
})

describe('commentCount', () => {
  test('falls with a retraction, and is the same live, replayed and by query', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const start = cursorOf(article.key, 0)
    await using window = listen(connect(app.wsUrl), feed, { articleId: article.id, after: start })
    const ids = await addPending(prisma, article.key, 3)
    const live: Json[] = []
    for (const [decide, id] of [
      [approve, ids[0]],
      [approve, ids[1]],
      [reject, ids[0]],
      [approve, ids[2]],
      [reject, ids[1]],
    ] as const) {
      await decide(prisma, [id as string])
      live.push((await window.take(1))[0]?.commentFeed)
    }
    expect(live.map(({ commentCount }) => commentCount)).toEqual([1, 2, 1, 2, 1])
    const replayed = await replay(article.id, start, live.at(-1)?.cursor)
    expect(replayed.map(({ cursor, commentCount }) => [cursor, commentCount])).toEqual(
      live.slice(2).map(({ cursor, commentCount }) => [cursor, commentCount]),
    )
    expect(await catchUp(article.id, start, 100)).toEqual(replayed)
  })
})

describe('a page', () => {
  test('has an exact hasNextPage, and an endCursor also when it is empty', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    expect(await page(article.id)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: cursorOf(article.key, 0) },
    })
    const ids = await fillFeed(prisma, article.key, 3)
    await reject(prisma, [ids[2] as string])
    // The third entry is not sent: two approvals, and the retraction at the fourth.
    const two = await page(article.id, { first: 2 })
    expect(two.pageInfo).toEqual({ hasNextPage: true, endCursor: cursorOf(article.key, 2) })
    const rest = await page(article.id, { first: 1, after: two.pageInfo.endCursor })
    expect(nodesOf(rest)).toMatchObject([{ __typename: 'CommentRetracted', commentCount: 2 }])
    expect(rest.pageInfo).toEqual({ hasNextPage: false, endCursor: cursorOf(article.key, 4) })
    const none = { edges: [], pageInfo: { hasNextPage: false, endCursor: cursorOf(article.key, 4) } }
    expect(await page(article.id, { after: rest.pageInfo.endCursor })).toEqual(none)
    expect(await page(article.id, { after: cursorOf(article.key, 1), first: 0 })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, endCursor: cursorOf(article.key, 1) },
    })
    const edges = `query ($id: ID!) { commentEvents(articleId: $id) { edges { cursor node { __typename
      ... on CommentApproved { cursor } ... on CommentRetracted { cursor } } } pageInfo { startCursor hasPreviousPage } } }`
    const { commentEvents } = await app.ask(edges, { id: article.id })
    for (const { cursor, node } of commentEvents.edges) expect(cursor).toBe(node.cursor)
    expect(commentEvents.pageInfo).toEqual({ startCursor: cursorOf(article.key, 1), hasPreviousPage: false })
  })

  test('ends where a subscription continues', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    await fillFeed(prisma, article.key, 2)
    const { pageInfo } = await page(article.id)
    await using window = listen(connect(app.wsUrl), feed, {
      articleId: article.id,
      after: pageInfo.endCursor,
    })
    const [id] = (await fillFeed(prisma, article.key, 1)) as [string]
    expect(await window.take(1)).toMatchObject([
      { commentFeed: { comment: { id: globalId('Comment', id) } } },
    ])
  })

  test('costs few statements, however many events and whatever is selected of their comments', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const { id: parentId } = await addComment(prisma, article.key, { body: 'Parent' })
    await approve(prisma, [parentId])
    for (let i = 0; i < 30; i++) {
      await approve(prisma, [
        (await addComment(prisma, article.key, { body: `Child ${i}`, by: `${i}`, parentId })).id,
      ])
    }
    statements.length = 0
    const { edges } = await page(article.id)
    expect(edges).toHaveLength(31)
    expect(edges.at(-1).node.comment.parent).toEqual({ id: globalId('Comment', parentId) })
    // The end of the feed, the entries, and the parents.
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(3)
    const twice = `query ($id: ID!) { commentEvents(articleId: $id, first: 1) { edges { node { ... on CommentApproved {
      one: comment { replies(first: 1) { edges { node { body } } } }
      two: comment { replies(first: 2) { edges { node { body } } } } } } } } }`
    const { commentEvents } = await app.ask(twice, { id: article.id })
    const bodies = ({ replies }: Json) => replies.edges.map(({ node }: Json) => node.body)
    const { one, two } = commentEvents.edges[0].node
    expect([bodies(one), bodies(two)]).toEqual([['Child 0'], ['Child 0', 'Child 1']])
  })

  test('reads as many entries as it has events, unless others read the feed', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    await fillFeed(prisma, article.key, 6)
    pages.length = 0
    await page(article.id, { first: 2 })
    expect(pages).toEqual([[article.key, 0, 2]])
    await using _other = listen(connect(app.wsUrl), feed, { articleId: article.id })
    await until(() => app.services.commentFeeds.size.subscriptions, 1)
    pages.length = 0
    await page(article.id, { first: 2 })
    expect(pages).toContainEqual([article.key, 0, 200])
  })

  test('has at most 100 events', async () => {
    const { id } = await addArticle(app.database.prisma)
    for (const first of [-1, 101]) {
      const { errors } = await app.post(query, { articleId: id, first })
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
    }
  })
})

describe('a cursor from which the feed cannot continue', () => {
  const otherHistory = '00000000-0000-4000-8000-000000000000'

  test.each<[string, (key: string, otherKey: string) => string]>([
    ['UNKNOWN_CURSOR', () => 'garbage'],
    ['UNKNOWN_CURSOR', () => ''],
    ['UNKNOWN_CURSOR', (_key, other) => cursorOf(other, 1)],
    [
      'OTHER_HISTORY',
      (key) => encodeCommentFeedCursor({ history: otherHistory, articleId: key, position: 1 }),
    ],
    ['AHEAD_OF_FEED', (key) => cursorOf(key, 3)],
  ])('gives one reset that can be continued after: %s', async (reason, cursor) => {
    const { prisma } = app.database
    const [article, other] = [await addArticle(prisma), await addArticle(prisma)]
    await fillFeed(prisma, article.key, 2)
    await fillFeed(prisma, other.key, 2)
    const end = cursorOf(article.key, 2)
    expect(await page(article.id, { after: cursor(article.key, other.key) })).toEqual({
      edges: [{ node: { __typename: 'FeedReset', cursor: end, reason } }],
      pageInfo: { hasNextPage: false, endCursor: end },
    })
    const [id] = (await fillFeed(prisma, article.key, 1)) as [string]
    expect(nodesOf(await page(article.id, { after: end }))).toMatchObject([
      { __typename: 'CommentApproved', comment: { id: globalId('Comment', id) } },
    ])
  })

  test('one more entry than can be replayed is too old; without a cursor, the oldest that can be comes first', {
    timeout: 120_000,
  }, async () => {
    const article = await addArticle(app.database.prisma)
    await fillFeed(app.database.prisma, article.key, 1_000 + 1)
    expect(nodesOf(await page(article.id, { after: cursorOf(article.key, 0) }))).toMatchObject([
      { __typename: 'FeedReset', reason: 'TOO_OLD' },
    ])
    const events = await catchUp(article.id, null, 100)
    expect(events.map(({ cursor }) => cursor)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => cursorOf(article.key, index + 2)),
    )
    expect(events.at(-1)?.commentCount).toBe(1_001)
  })
})

describe('an article that the viewer may not see', () => {
  test('is answered as by the subscription: like one that does not exist; editors see it', async () => {
    const { prisma } = app.database
    const hidden = await addArticle(prisma)
    await fillFeed(prisma, hidden.key, 1)
    await prisma.article.update({ where: { id: hidden.key }, data: { status: 'WITHHELD' } })
    const moderator = await app.token('moderator')
    for (const token of [undefined, await app.token('reader'), moderator]) {
      const answer = await app.post(query, { articleId: hidden.id }, token)
      expect(answer.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      const nobody = globalId('Article', '01900000-0000-7000-8000-000000000000')
      expect(answer).toEqual(await app.post(query, { articleId: nobody }, token))
    }
    expect((await page(hidden.id, {}, await app.token('editor'))).edges).toHaveLength(1)
    expect(app.services.commentFeeds.size.feeds).toBe(0)
  })

  test('and every article, for partners', async () => {
    const article = await addArticle(app.database.prisma)
    const { key } = await addPartner(app.database.prisma)
    const { errors } = await app.post(query, { articleId: article.id }, key)
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

test('a page of events together with a feed cursor is refused at once, on both databases', async () => {
  await using app = await freshApp()
  const { id } = await addArticle(app.database.prisma)
  const { data, errors } = await app.post(
    'query ($id: ID!) { commentEvents(articleId: $id) { edges { cursor } } article(id: $id) { feedCursor } }',
    { id },
  )
  expect(data ?? null).toBeNull()
  expect(errors).toMatchObject([
    { extensions: { code: 'INVALID_INPUT' }, message: expect.stringContaining('send two operations') },
  ])
})
