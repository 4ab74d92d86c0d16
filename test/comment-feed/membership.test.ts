import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { anonymous } from '../../src/auth/viewer.ts'
import { CommentFeedHub } from '../../src/comment-feed/hub.ts'
import { Payload, type Sink } from '../../src/comment-feed/payload.ts'
import { bodyDigestOf } from '../../src/comments/body.ts'
import type { Statement } from '../../src/db/database.ts'
import { HistoryWatch } from '../../src/db/history-watch.ts'
import { CommentFeedCounters } from '../../src/http/metrics.ts'
import { freshApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { openStream, takeEvents } from '../support/event-stream.ts'
import { holdNext } from '../support/held.ts'
import { addArticle, approve, reject } from '../support/newsroom.ts'
import { metric, type Subscriber, subscribed, subscribeMany } from './crowd.ts'
import { addPending, fillFeed } from './fill.ts'

const EXECUTIONS = 'dateline_feed_executions_total'

/** Who watches over one connection from one address. */
const requester = { connection: {}, address: null }

/** A subscriber that writes down the comments it is sent, and can be made to stop reading. */
class Watcher implements Sink {
  readonly received: string[] = []
  #full: PromiseWithResolvers<void> | null = null
  #arrived = Promise.withResolvers<void>()
  leave: () => void = () => {}

  send(payloads: readonly Payload[]): void {
    for (const { json } of payloads) this.received.push(JSON.parse(String(json)).said)
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers()
  }
  whenWritable(): Promise<void> | null {
    return this.#full?.promise ?? null
  }
  stopReading(): void {
    this.#full = Promise.withResolvers()
  }
  readOn(): void {
    this.#full?.resolve()
    this.#full = null
  }
  end(): void {}
  cut(): void {}

  /** Waits until it has been sent so many events. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await this.#arrived.promise
  }
}

async function openHub(database: TestDatabase) {
  const listen = async () => async () => {}
  const onFailure = (error: unknown) => expect.unreachable(String(error))
  const history = await HistoryWatch.open({ database, listen, pollMs: 2 ** 30, onFailure })
  const hub = await CommentFeedHub.open({
    database,
    history,
    listen,
    now: () => new Date(),
    pollMs: 2 ** 30,
    onFailure,
    metrics: new CommentFeedCounters(() => new Date()),
  })
  const watch = async (articleId: string, after: string | null, watcher: Watcher) => {
    const source = await hub.subscribe(articleId, after, anonymous, requester)
    watcher.leave = source.deliver(
      {
        key: 'everybody',
        execute: async (event) => {
          if (event.kind === 'APPROVED') return new Payload({ said: event.comment.body }, event.cursor)
          return new Payload({ said: `${event.kind}` }, event.cursor)
        },
        isCacheable: true,
        isUnshared: false,
      },
      watcher,
    )
    return watcher
  }
  return {
    hub,
    watch,
    async [Symbol.asyncDispose]() {
      await hub.close()
      await history.close()
    },
  }
}

test('in whatever order subscribers come and leave, each is sent what is approved while it is there', {
  timeout: 120_000,
}, async () => {
  await using database = await freshDatabase()
  await using feed = await openHub(database)
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant('come' as const) },
    { weight: 3, arbitrary: fc.nat(20) },
    { weight: 1, arbitrary: fc.constant('approve' as const) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const { key } = await addArticle(database.prisma)
      const here: { watcher: Watcher; expected: number }[] = []
      const gone: { watcher: Watcher; expected: number }[] = []
      const approve = async () => {
        await fillFeed(database.prisma, key, 1)
        await feed.hub.pollAll()
        for (const one of here) one.expected += 1
        for (const { watcher, expected } of here) await watcher.until(expected)
      }
      for (const [i, action] of [...steps, 'approve' as const].entries()) {
        if (action === 'come') {
          here.push({ watcher: await feed.watch(key, null, new Watcher()), expected: 0 })
        } else if (action === 'approve') await approve()
        else if (here.length > 0) {
          const [one] = here.splice((action + i) % here.length, 1)
          one?.watcher.leave()
          if (one) gone.push(one)
        }
      }
      for (const { watcher, expected } of [...here, ...gone]) expect(watcher.received).toHaveLength(expected)
      for (const { watcher } of here) watcher.leave()
      expect(feed.hub.size).toEqual({ feeds: 0, groups: 0, subscriptions: 0 })
    }),
    { numRuns: 40 },
  )
})

test('a subscriber that catches up is not sent words that were taken down while it was not reading', async () => {
  await using database = await freshDatabase()
  await using feed = await openHub(database)
  const { key } = await addArticle(database.prisma)
  const ids = await addPending(database.prisma, key, 120)
  // Long enough that they do not fit into one piece of what is sent at once.
  await database.prisma.$executeRawUnsafe('ALTER TABLE "Comment" DISABLE TRIGGER USER')
  for (const [i, id] of ids.entries()) {
    const body = `${i}: ${'word '.repeat(380)}`.trim()
    await database.prisma.comment.update({ where: { id }, data: { body, bodyDigest: bodyDigestOf(body) } })
  }
  await database.prisma.$executeRawUnsafe('ALTER TABLE "Comment" ENABLE TRIGGER USER')
  for (let i = 0; i < ids.length; i += 20) await approve(database.prisma, ids.slice(i, i + 20))

  const watcher = new Watcher()
  watcher.stopReading()
  await feed.watch(key, feed.hub.cursorAt(key, 0), watcher)
  await watcher.until(1)
  const before = watcher.received.length
  expect(before).toBeLessThan(100)
  // Shows when the hub has read the retraction.
  const caughtUp = new Watcher()
  await feed.watch(key, null, caughtUp)
  await reject(database.prisma, [ids[110] as string])
  await feed.hub.pollAll()
  await caughtUp.until(1)
  watcher.readOn()
  await watcher.until(120)
  expect(watcher.received.at(-1)).toBe('RETRACTED')
  expect(watcher.received.some((said) => said.startsWith('110:'))).toBe(false)
  expect(watcher.received.some((said) => said.startsWith('111:'))).toBe(true)
})

test('whoever comes while an event is being made gets what is behind their cursor, each entry once', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const query = `subscription ($articleId: ID!, $after: String) {
    commentFeed(articleId: $articleId, after: $after) { ... on CommentApproved { cursor comment { parent { id } } } }
  }`
  const cursorAt = (position: number) => app.services.commentFeeds.cursorAt(article.key, position)
  const watch = (after: (string | null)[]) =>
    subscribeMany(
      app,
      after.map((cursor) => ({ query, variables: { articleId: article.id, after: cursor } })),
    )
  const [first] = (await watch([null])) as [Subscriber]
  await subscribed(app, 1)
  await fillFeed(prisma, article.key, 2)
  await first.until(2)

  // The entry at position 3 is being made a result for the first; two more wait behind it.
  const held = holdNext(app.database, ({ text }: Statement) => /json_agg.*"parentId"/.test(text))
  await fillFeed(prisma, article.key, 3)
  await held.asked
  const late = await watch([...[0, 1, 2, 3, 4, 5].map(cursorAt), null])
  await subscribed(app, 8)
  held.release()
  await fillFeed(prisma, article.key, 1)

  const behind = (position: number) => [1, 2, 3, 4, 5, 6].slice(position).map(cursorAt)
  const expected = [0, 1, 2, 3, 4, 5, 5].map(behind)
  await Promise.all(late.map((subscriber, i) => subscriber.until((expected[i] as string[]).length)))
  expect(late.map(cursorsOf)).toEqual(expected)
  await first.until(6)
  expect(cursorsOf(first)).toEqual(behind(0))
})

function cursorsOf({ payloads }: Subscriber): string[] {
  return payloads.map((text) => JSON.parse(text).data.commentFeed.cursor)
}

test('a selection that nobody watches by any more costs nothing, whatever happens to the story', async () => {
  await using app = await freshApp({ pollMs: 50 })
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const watch = (name: string) =>
    openStream(
      app.url,
      `subscription ($articleId: ID!) {
        commentFeed(articleId: $articleId) {
          ... on CommentApproved { comment { ${name}: body } }
          ... on FeedReset { ${name}: reason }
        }
      }`,
      { articleId: article.id },
    )
  const passing = await Promise.all(['a', 'b', 'c', 'd'].map(watch))
  await using stays = await watch('stays')
  await fillFeed(prisma, article.key, 1)
  for (const stream of [...passing, stays]) await takeEvents(stream, 1)
  for (const stream of passing) stream.cut()
  await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions === 1, { timeout: 20_000 })
  await using back = await watch('a')
  expect(app.services.commentFeeds.size).toEqual({ feeds: 1, groups: 2, subscriptions: 2 })

  const before = await metric(app, EXECUTIONS)
  await fillFeed(prisma, article.key, 1)
  expect(await takeEvents(stays, 1)).toEqual([{ commentFeed: { comment: { stays: 'Comment 1' } } }])
  expect(await takeEvents(back, 1)).toEqual([{ commentFeed: { comment: { a: 'Comment 1' } } }])
  expect((await metric(app, EXECUTIONS)) - before).toBe(2)
  await prisma.article.update({ where: { id: article.key }, data: { status: 'WITHHELD' } })
  expect(await takeEvents(stays, 1)).toEqual([{ commentFeed: { stays: 'ARTICLE_UNAVAILABLE' } }])
  expect(await takeEvents(back, 1)).toEqual([{ commentFeed: { a: 'ARTICLE_UNAVAILABLE' } }])
  expect((await metric(app, EXECUTIONS)) - before).toBe(4)
})
