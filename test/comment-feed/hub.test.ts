import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'
import { NotFound } from '../../src/base/errors.ts'
import { CommentFeedHub, TokenExpired } from '../../src/comment-feed/hub.ts'
import type { CommentFeedSource } from '../../src/comment-feed/source.ts'
import { HistoryWatch } from '../../src/db/history-watch.ts'
import { CommentFeedCounters } from '../../src/http/metrics.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle, reject, someone } from '../support/newsroom.ts'
import { addPending, fillFeed } from './fill.ts'

/** A hub whose hints the test hands out itself; the poll is switched off unless asked for. */
async function openHub(database: TestDatabase, { live = false, pollMs = 2 ** 30 } = {}) {
  let hear: (payload: string) => void = () => {}
  let comeBack = () => {}
  const failures: unknown[] = []
  const history = await HistoryWatch.open({
    database,
    listen: async () => async () => {},
    pollMs,
    onFailure: (error) => failures.push(error),
  })
  const hub = await CommentFeedHub.open({
    database,
    history,
    listen: (channel, onPayload, onReconnect) => {
      hear = onPayload
      comeBack = onReconnect
      return live ? database.listen(channel, onPayload, onReconnect) : Promise.resolve(async () => {})
    },
    now: () => new Date(),
    pollMs,
    onFailure: (error) => failures.push(error),
    metrics: new CommentFeedCounters(() => new Date()),
  })
  return {
    hub,
    history,
    hear: (payload: unknown) => hear(typeof payload === 'string' ? payload : JSON.stringify(payload)),
    comeBack: () => comeBack(),
    failures,
    async [Symbol.asyncDispose]() {
      await hub.close()
      await history.close()
    },
  }
}

/** Takes what waits for a subscriber that was let go. */
async function takeAll(subscription: CommentFeedSource): Promise<{ id: string; cursor: string }[]> {
  const events: { id: string; cursor: string }[] = []
  for await (const event of subscription) {
    if (event.kind === 'APPROVED') events.push({ id: event.comment.id, cursor: event.cursor })
  }
  return events
}

/** Takes events as the keys of their comments, with a minus before those taken down. */
async function take(subscription: CommentFeedSource, count: number): Promise<string[]> {
  const keys: string[] = []
  while (keys.length < count) {
    const { value } = await subscription.next()
    if (!value) throw new Error('the feed ended')
    if (value.kind === 'RESET') keys.push(value.reason)
    else keys.push(value.kind === 'APPROVED' ? value.comment.id : `-${value.commentId}`)
  }
  return keys
}

describe('a subscriber that stops reading', () => {
  test('is let go when too much waits for it, and its last cursor brings it back without loss', {
    timeout: 120_000,
  }, async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database, { live: true, pollMs: 50 })
    const { key } = await addArticle(database.prisma)
    const idle = await feed.hub.subscribe(key, null, anonymous)
    const busy = await feed.hub.subscribe(key, null, anonymous)
    const [first] = await fillFeed(database.prisma, key, 1)
    const begun = await idle.next()
    expect(begun.value).toMatchObject({ kind: 'APPROVED', comment: { id: first } })
    await take(busy, 1)

    const reading = take(busy, 900)
    const keys = await fillFeed(database.prisma, key, 900)
    expect(await reading).toEqual(keys)
    const held = await takeAll(idle)
    expect(held.length).toBeLessThan(400)
    const back = await feed.hub.subscribe(key, held.at(-1)?.cursor ?? null, anonymous)
    expect([...held.map(({ id }) => id), ...(await take(back, 900 - held.length))]).toEqual(keys)
  })

  test('hears of what was taken down meanwhile after all, in its order', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const subscription = await feed.hub.subscribe(key, null, anonymous)
    const keys = await fillFeed(database.prisma, key, 5)
    feed.hear({ articleId: key, position: 5 })
    expect(await take(subscription, 1)).toEqual([keys[0]])
    await reject(database.prisma, [keys[1] as string, keys[3] as string])
    await feed.hub.pollAll()
    const rest: string[] = []
    while (!rest.includes(`-${keys[3]}`)) rest.push(...(await take(subscription, 1)))
    expect(rest.filter((event) => !event.startsWith('-') && ![keys[1], keys[3]].includes(event))).toEqual([
      keys[2],
      keys[4],
    ])
    expect(rest.slice(-2)).toEqual([`-${keys[1]}`, `-${keys[3]}`])
  })
})

describe('somebody who comes right after somebody else', () => {
  test('without a cursor is shown nothing that was decided before', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const first = await feed.hub.subscribe(key, null, anonymous)
    const [before] = await fillFeed(database.prisma, key, 1)
    const second = await feed.hub.subscribe(key, null, anonymous)
    const [after] = await fillFeed(database.prisma, key, 1)
    feed.hear({ articleId: key, position: 2 })
    expect(await take(second, 1)).toEqual([after])
    expect(await take(first, 2)).toEqual([before, after])
  })

  test('with a cursor is not shown what was taken down before', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const first = await feed.hub.subscribe(key, null, anonymous)
    const [gone, kept] = (await fillFeed(database.prisma, key, 2)) as [string, string]
    feed.hear({ articleId: key, position: 2 })
    await take(first, 2)
    await reject(database.prisma, [gone])
    const second = await feed.hub.subscribe(key, feed.hub.cursorAt(key, 0), anonymous)
    expect(await take(second, 2)).toEqual([kept, `-${gone}`])
  })

  test('is refused when the story was taken from view before', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    await feed.hub.subscribe(key, null, anonymous)
    await database.prisma.article.update({ where: { id: key }, data: { status: 'WITHHELD' } })
    await expect(feed.hub.subscribe(key, null, anonymous)).rejects.toThrow(NotFound)
  })
})

describe('hints', () => {
  test('a thousand in one tick cost a few reads, and every entry arrives in order', {
    timeout: 120_000,
  }, async () => {
    const statements: string[] = []
    await using database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const subscription = await feed.hub.subscribe(key, null, anonymous)
    const keys = await fillFeed(database.prisma, key, 1_000)
    statements.length = 0
    for (let position = 1; position <= 1_000; position++) feed.hear({ articleId: key, position })
    expect(await take(subscription, 1_000)).toEqual(keys)
    expect(statements.length).toBeLessThan(15)
  })

  test('that are no hints are ignored, and true ones still wake', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const subscription = await feed.hub.subscribe(key, null, anonymous)
    const keys = await fillFeed(database.prisma, key, 1)
    const garbage = ['', 'null', '{', '[]', '7', '{"articleId":7,"position":1}', `{"articleId":"${key}"}`]
    for (const payload of [...garbage, { articleId: 'nobody', position: 1 }]) feed.hear(payload)
    feed.hear({ articleId: key, position: 1 })
    expect(await take(subscription, 1)).toEqual(keys)
  })

  test('that got lost are made up for when the bus comes back', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const subscription = await feed.hub.subscribe(key, null, anonymous)
    const keys = await fillFeed(database.prisma, key, 3)
    feed.comeBack()
    expect(await take(subscription, 3)).toEqual(keys)
  })

  test('that got lost are made up for by the poll', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database, { pollMs: 20 })
    const { key } = await addArticle(database.prisma)
    const subscription = await feed.hub.subscribe(key, null, anonymous)
    const keys = await fillFeed(database.prisma, key, 3)
    expect(await take(subscription, 3)).toEqual(keys)
  })
})

describe('unsubscribing', () => {
  test('frees everything, whatever the subscriber was doing', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const expiring: Viewer = { ...someone('reader', 'One'), expiresAt: new Date(Date.now() + 3_600_000) }
    const clear = vi.spyOn(globalThis, 'clearTimeout')
    const set = vi.spyOn(globalThis, 'setTimeout')
    const unread = await feed.hub.subscribe(key, null, expiring)
    void unread.next()
    const timers = set.mock.results.map(({ value }) => value)
    set.mockRestore()
    const waiting = await feed.hub.subscribe(key, null, anonymous)
    const end = waiting.next()
    const between = await feed.hub.subscribe(key, null, anonymous)
    await fillFeed(database.prisma, key, 2)
    feed.hear({ articleId: key, position: 2 })
    await take(between, 1)
    await end
    const asleep = waiting.next().then(() => waiting.next())
    expect(feed.hub.size).toMatchObject({ feeds: 1, subscriptions: 3 })

    await Promise.all([unread.return(), waiting.return(), between.return()])
    expect(await asleep).toEqual({ done: true, value: undefined })
    expect(feed.hub.size).toMatchObject({ feeds: 0, subscriptions: 0 })
    const cleared = clear.mock.calls.map(([timer]) => timer)
    expect(timers.length).toBeGreaterThan(0)
    expect(cleared).toEqual(expect.arrayContaining(timers))
    clear.mockRestore()
    for (const subscription of [unread, waiting, between]) {
      expect(await subscription.next()).toEqual({ done: true, value: undefined })
      await subscription.return()
    }
    expect(feed.hub.size).toMatchObject({ feeds: 0, subscriptions: 0 })
  })

  test('of the last while another subscribes never leaves that one alone', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const pending = await addPending(database.prisma, key, 1)
    let last = await feed.hub.subscribe(key, null, anonymous)
    for (let round = 0; round < 100; round++) {
      const order = [() => last.return(), () => feed.hub.subscribe(key, null, anonymous)]
      if (round % 2) order.reverse()
      const results = await Promise.all(order.map((act) => act()))
      last = results.find((result) => 'next' in result) as CommentFeedSource
      expect(feed.hub.size).toMatchObject({ feeds: 1, subscriptions: 1 })
    }
    const [id] = await fillFeed(database.prisma, key, 1)
    feed.hear({ articleId: key, position: 1 })
    expect(await take(last, 1)).toEqual([id])
    expect(pending).toHaveLength(1)
  })

  test('a feed that cannot be watched leaves nothing behind', async () => {
    await using database = await freshDatabase()
    await using feed = await openHub(database)
    const nobody = '00000000-0000-4000-8000-000000000000'
    const tries = Array.from({ length: 5 }, () => feed.hub.subscribe(nobody, null, anonymous))
    for (const result of await Promise.allSettled(tries)) expect(result.status).toBe('rejected')
    expect(feed.hub.size).toMatchObject({ feeds: 0, subscriptions: 0 })
  })

  test('by closing the hub ends every feed, and lets nobody in any more', async () => {
    await using database = await freshDatabase()
    const { hub } = await openHub(database)
    const { key } = await addArticle(database.prisma)
    const subscription = await hub.subscribe(key, null, anonymous)
    const waiting = subscription.next()
    const tooLate = hub.subscribe(key, null, anonymous)
    await Promise.all([hub.close(), expect(tooLate).rejects.toThrow('shutting down')])
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(hub.size).toMatchObject({ feeds: 0, subscriptions: 0 })
  })
})

test('a token that runs out ends the feed with TOKEN_EXPIRED, not before its time', async () => {
  await using database = await freshDatabase()
  await using feed = await openHub(database)
  const { key } = await addArticle(database.prisma)
  const expiresAt = new Date(Date.now() + 3_000)
  const subscription = await feed.hub.subscribe(key, null, { ...someone('reader', 'One'), expiresAt })
  const [id] = await fillFeed(database.prisma, key, 1)
  feed.hear({ articleId: key, position: 1 })
  expect(await take(subscription, 1)).toEqual([id])
  await expect(subscription.next()).rejects.toThrow(TokenExpired)
  // Timers may ring a millisecond early.
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime() - 1)
  expect(feed.hub.size).toMatchObject({ feeds: 0, subscriptions: 0 })
})

test('all connections to the server are cut, and the feed loses nothing', async ({ skip }) => {
  await using database = await freshDatabase()
  if (!database.url) return skip('only a server has connections to cut')
  await using feed = await openHub(database, { live: true, pollMs: 200 })
  const { key } = await addArticle(database.prisma)
  const subscription = await feed.hub.subscribe(key, null, anonymous)
  const expected: string[] = []
  const reading = take(subscription, 40)
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    for (let round = 0; round < 4; round++) {
      expected.push(...(await persist(() => fillFeed(database.prisma, key, 10))))
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      )
    }
  } finally {
    await client.end()
  }
  expect(await reading).toEqual(expected)
})

/** Tries again when a connection that was just cut is what it tried with. */
async function persist<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return persist(work)
  }
}
