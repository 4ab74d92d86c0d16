import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeCommentFeedCursor } from '../../src/comment-feed/cursor.ts'
import { type CachedResult, ResultCache } from '../../src/comment-feed/result-cache.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'
import { type Subscriber, subscribeMany } from './crowd.ts'

/** A feed with so much of each approved comment, from a cursor on. */
function selecting(fields: string): string {
  return `subscription ($articleId: ID!, $after: String) {
    commentFeed(articleId: $articleId, after: $after) {
      __typename
      ... on CommentApproved { comment { ${fields} } }
      ... on FeedReset { reason }
    }
  }`
}

/** Somebody who watches a story from a position on. */
async function watch(app: TestApp, article: { id: string; key: string }, query: string, position: number) {
  const after = app.services.commentFeeds.cursorAt(article.key, position)
  const [subscriber] = await subscribeMany(app, [{ query, variables: { articleId: article.id, after } }])
  return subscriber as Subscriber
}

async function events(subscriber: Subscriber, count: number): Promise<Json[]> {
  const payloads = await subscriber.until(count)
  return payloads.map((text) => JSON.parse(text).data.commentFeed)
}

describe('who catches up on what others were sent before', () => {
  test('is not shown the words of a comment that was taken down since, in an answer to it', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const parent = await addComment(prisma, article.key, { body: 'Taken down later' })
    await approve(prisma, [parent.id])
    const answer = await addComment(prisma, article.key, { body: 'An answer', parentId: parent.id })
    await approve(prisma, [answer.id])
    const query = selecting('body parent { body }')
    const early = await watch(app, article, query, 1)
    expect(await events(early, 1)).toMatchObject([{ comment: { parent: { body: 'Taken down later' } } }])
    await reject(prisma, [parent.id])
    const late = await watch(app, article, query, 1)
    expect(await events(late, 2)).toEqual([
      { __typename: 'CommentApproved', comment: { body: 'An answer', parent: null } },
      { __typename: 'CommentRetracted' },
    ])
  })

  test('is shown the story as it was edited since', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const article = await addArticle(prisma, { headline: 'Wrong' })
    await approve(prisma, [(await addComment(prisma, article.key, { body: 'A comment' })).id])
    const query = selecting('article { headline }')
    const early = await watch(app, article, query, 0)
    expect(await events(early, 1)).toMatchObject([{ comment: { article: { headline: 'Wrong' } } }])
    await prisma.article.update({
      where: { id: article.key },
      data: { headline: 'Right', version: { increment: 1 } },
    })
    const late = await watch(app, article, query, 0)
    expect(await events(late, 1)).toMatchObject([{ comment: { article: { headline: 'Right' } } }])
  })

  test('is not shown another story that was withheld since', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const topic = { slug: 'floods', label: 'Floods' }
    const article = await addArticle(prisma, { topic })
    const other = await addArticle(prisma)
    await prisma.article.update({
      where: { id: other.key },
      data: { topic: { connect: { slug: topic.slug } } },
    })
    await approve(prisma, [(await addComment(prisma, article.key, { body: 'A comment' })).id])
    const query = selecting('article { topic { articles { edges { node { slug } } } } }')
    const slugs = ([event]: Json[]) =>
      event.comment.article.topic.articles.edges.map(({ node }: Json) => node.slug).sort()
    const early = await watch(app, article, query, 0)
    expect(slugs(await events(early, 1))).toEqual([article.slug, other.slug].sort())
    await prisma.article.update({ where: { id: other.key }, data: { status: 'WITHHELD' } })
    const late = await watch(app, article, query, 0)
    expect(slugs(await events(late, 1))).toEqual([article.slug])
  })
})

test('each is told its own reason to load the page again, from one group', async () => {
  await using app = await freshApp({ pollMs: 50 })
  const article = await addArticle(app.database.prisma)
  const query = selecting('id')
  const history = '00000000-0000-4000-8000-000000000000'
  const cursors = {
    OTHER_HISTORY: encodeCommentFeedCursor({ history, articleId: article.key, position: 0 }),
    AHEAD_OF_FEED: app.services.commentFeeds.cursorAt(article.key, 7),
    UNKNOWN_CURSOR: 'garbage',
  }
  const crowd = await subscribeMany(
    app,
    Object.values(cursors).map((after) => ({ query, variables: { articleId: article.id, after } })),
  )
  const reasons = async (count: number) =>
    Promise.all(
      crowd.map(async (one) => (await events(one, count)).map(({ reason }: { reason: string }) => reason)),
    )
  expect(await reasons(1)).toEqual(Object.keys(cursors).map((reason) => [reason]))
  expect(app.services.commentFeeds.size).toMatchObject({ groups: 1 })
  await app.database.prisma.article.update({ where: { id: article.key }, data: { status: 'WITHHELD' } })
  expect(await reasons(2)).toEqual(Object.keys(cursors).map((reason) => [reason, 'ARTICLE_UNAVAILABLE']))
})

test('a cache never holds more than it has room for, and evicts the oldest result first', () => {
  const step = fc.oneof(
    fc.record({ set: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ delete: fc.nat({ max: 30 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new ResultCache(100)
      let expected: CachedResult[] = []
      const evicted = new Set<CachedResult>()
      const deleted = new Set<CachedResult>()
      const all: CachedResult[] = []
      for (const each of steps) {
        if ('set' in each) {
          const result: CachedResult = { bytes: each.set, onEvict: () => evicted.add(result) }
          all.push(result)
          cache.set(result)
          expected.push(result)
          while (sum(expected) > 100) expected = expected.slice(1)
        } else {
          const result = all[each.delete]
          if (!result) continue
          cache.delete(result)
          if (expected.includes(result)) deleted.add(result)
          expected = expected.filter((other) => other !== result)
        }
        expect(cache.bytes).toBe(sum(expected))
        expect(all.filter((result) => !evicted.has(result) && !deleted.has(result))).toEqual(expected)
      }
    }),
  )
})

function sum(results: CachedResult[]): number {
  return results.reduce((bytes, result) => bytes + result.bytes, 0)
}
