import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { openStream, takeEvents } from '../support/event-stream.ts'
import { addArticle } from '../support/newsroom.ts'
import { metric, type Subscriber, subscribed, subscribeMany } from './crowd.ts'
import { fillFeed } from './fill.ts'

/** A document with two feeds, of which each has a name of its own for the cursor. */
const query = `
  subscription Short($articleId: ID!, $after: String) {
    commentFeed(articleId: $articleId, after: $after) { ... on CommentApproved { comment { id } } }
  }
  subscription Long($articleId: ID!, $since: String) {
    commentFeed(articleId: $articleId, after: $since) { ... on CommentApproved { comment { id body } } }
  }`

const SHORT = ['id']
const LONG = ['id', 'body']

test('of a document with several subscriptions, each brings its own fields to all who chose it', async () => {
  await using app = await freshApp()
  const article = await addArticle(app.database.prisma)
  const articleId = article.id
  const start = app.services.commentFeeds.cursorAt(article.key, 0)
  const short = { query, operationName: 'Short' }
  const long = { query, operationName: 'Long' }
  await fillFeed(app.database.prisma, article.key, 1)

  const before = await metric(app, 'dateline_feed_executions_total')
  const [returning, returningLong, newcomer, newcomerLong] = (await subscribeMany(app, [
    { ...short, variables: { articleId, after: start } },
    { ...long, variables: { articleId, since: start } },
    { ...short, variables: { articleId } },
    { ...long, variables: { articleId } },
  ])) as [Subscriber, Subscriber, Subscriber, Subscriber]
  await using stream = await openStream(app.url, short, { articleId, after: start })
  await using streamLong = await openStream(app.url, long, { articleId, since: start })
  await subscribed(app, 6)
  await fillFeed(app.database.prisma, article.key, 1)

  expect(await fields(returning, 2)).toEqual([SHORT, SHORT])
  expect(await fields(returningLong, 2)).toEqual([LONG, LONG])
  expect(await fields(newcomer, 1)).toEqual([SHORT])
  expect(await fields(newcomerLong, 1)).toEqual([LONG])
  expect((await takeEvents(stream, 2)).map(fieldsOf)).toEqual([SHORT, SHORT])
  expect((await takeEvents(streamLong, 2)).map(fieldsOf)).toEqual([LONG, LONG])
  // Two events, for two operations.
  expect((await metric(app, 'dateline_feed_executions_total')) - before).toBe(4)
})

async function fields(subscriber: Subscriber, count: number): Promise<string[][]> {
  return (await subscriber.until(count)).map((text) => fieldsOf(JSON.parse(text).data))
}

function fieldsOf({ commentFeed }: { commentFeed: { comment: object } }): string[] {
  return Object.keys(commentFeed.comment)
}
