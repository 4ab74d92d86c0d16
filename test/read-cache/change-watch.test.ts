import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Publish, Publisher } from '../../src/bus/bus.ts'
import { COMMENT_FEED_CHANNEL } from '../../src/changelog/comment-feed-hint.ts'
import { CHANGE_CHANNEL } from '../../src/changelog/record.ts'
import { POLL_MS, ReadCacheWatch } from '../../src/read-cache/change-watch.ts'
import { Reads } from '../../src/read-cache/reads.ts'
import { ResponseCache } from '../../src/read-cache/response-cache.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** What a poll finds. */
interface Found {
  history: string
  head: number
  nextDue: Date | null
  articles: { articleId: string | null; kind: string }[]
  feeds: { articleId: string; position: number }[]
  references: { id: string; kind: 'NAMES' | 'DETAILS'; articleId: string | null }[]
}

/** A watch over a database and a bus of which the test plays the other side. */
async function watched() {
  const state: Found & { polls: number; positions: unknown[]; answer: () => Promise<void> } = {
    history: 'one',
    head: 0,
    nextDue: null,
    articles: [],
    feeds: [],
    references: [],
    polls: 0,
    positions: [],
    answer: async () => {},
  }
  const now = () => new Date(Date.now())
  const cache = new ResponseCache({ capacity: 1_000_000, now })
  const listeners = new Map<string, (payload: string) => void>()
  let comeBack = () => {}
  let changeHistory = () => {}
  const failures: unknown[] = []
  const watch = await ReadCacheWatch.open(cache, {
    database: {
      async rows(_statement, [, position]) {
        state.polls += 1
        state.positions.push(position)
        const { history, head, nextDue, articles, feeds, references } = state
        const row = [history, head, nextDue, articles, feeds, references].map((each) =>
          Array.isArray(each) ? JSON.stringify(each) : each,
        )
        await state.answer()
        return [row]
      },
    },
    history: {
      onChange(listener: () => void) {
        changeHistory = listener
        return () => {}
      },
    } as never,
    listen: async (channel, onPayload, onReconnect) => {
      listeners.set(channel, onPayload)
      comeBack = onReconnect
      return async () => void listeners.delete(channel)
    },
    now,
    onFailure: (error) => failures.push(error),
  })
  await watch.poll()
  const bus: Publisher = { transaction: async (work) => work(null as never, async () => {}) }
  const publisher = watch.publisher(bus)
  return {
    state,
    cache,
    watch,
    failures,
    listeners,
    publisher,
    hint: (channel: string, payload: unknown) => listeners.get(channel)?.(JSON.stringify(payload)),
    comeBack: () => comeBack(),
    changeHistory: () => changeHistory(),
    /** Makes a write that publishes these messages. */
    write: (...messages: Parameters<Publish>) =>
      publisher.transaction(async (_tx, publish) => {
        for (const message of messages) await publish(message)
      }),
  }
}

const comment = (articleId: string, position: number) => ({
  channel: COMMENT_FEED_CHANNEL,
  payload: JSON.stringify({ articleId, position }),
})
const change = { channel: CHANGE_CHANNEL, payload: '1' }

/** Keeps a response for each dependency, under its name. */
function keep(cache: ResponseCache, ...dependencies: string[]): void {
  for (const dependency of dependencies) {
    const reads = new Reads()
    reads.add(dependency)
    const filling = cache.begin()
    cache.put({ scope: '', text: dependency }, { type: '', body: Buffer.from(dependency) }, reads, filling)
    cache.end(filling)
  }
}

/** Which of the responses are still answered. */
const left = (cache: ResponseCache, ...names: string[]) => names.filter((name) => cache.get('', name))

const EACH = [
  'a',
  'comments:a',
  'b',
  'comments:b',
  'articles',
  'article changes',
  'comments',
  'reference details',
  'reference names',
]

test.each([
  ['UPDATED', ['b', 'comments:b', 'reference details', 'reference names']],
  ['WITHHELD', ['b', 'comments:b', 'reference details', 'reference names']],
  ['PUBLISHED', ['b', 'comments:b', 'reference details', 'reference names']],
  ['RIGHTS_CHANGED', ['b', 'comments:b', 'articles', 'comments', 'reference details', 'reference names']],
  ['COMMENTING_CHANGED', ['b', 'comments:b', 'articles', 'comments', 'reference details', 'reference names']],
])(
  'a poll that finds %s drops what depends on that article, and on lists if they change',
  async (kind, kept) => {
    const { state, cache, watch } = await watched()
    keep(cache, ...EACH)
    Object.assign(state, { head: 1, articles: [{ articleId: 'a', kind }] })
    await watch.poll()
    expect(left(cache, ...EACH)).toEqual(kept)
  },
)

test('a poll that finds a licence of a partner drops nothing', async () => {
  const { state, cache, watch } = await watched()
  keep(cache, ...EACH)
  Object.assign(state, { head: 1, articles: [{ articleId: null, kind: 'RIGHTS_CHANGED' }] })
  await watch.poll()
  expect(left(cache, ...EACH)).toEqual(EACH)
})

test('a poll reads on from the head that it found last', async () => {
  const { state, watch } = await watched()
  state.head = 7
  await watch.poll()
  await watch.poll()
  expect(state.positions).toEqual([0, 0, 7])
})

test('a poll that finds a longer comment feed drops what depends on these comments, once', async () => {
  const { state, cache, watch } = await watched()
  state.feeds = [{ articleId: 'a', position: 3 }]
  await watch.poll()
  keep(cache, ...EACH)
  await watch.poll()
  expect(left(cache, ...EACH)).toEqual(EACH)
  state.feeds = [{ articleId: 'a', position: 4 }]
  await watch.poll()
  const rest = EACH.filter((each) => each !== 'comments:a' && each !== 'comments')
  expect(left(cache, ...EACH)).toEqual(rest)
  expect(cache.counters.drops.comment).toBe(2)
})

test.each([
  ['NAMES', 'reference names'],
  ['DETAILS', 'reference details'],
] as const)(
  'a poll that finds changed %s of reference data drops what depends on them, once',
  async (kind, dropped) => {
    const { state, cache, watch } = await watched()
    keep(cache, ...EACH)
    state.references = [{ id: '1', kind, articleId: null }]
    await watch.poll()
    expect(left(cache, ...EACH)).toEqual(EACH.filter((each) => each !== dropped))
    keep(cache, dropped)
    await watch.poll()
    expect(left(cache, dropped)).toEqual([dropped])
    state.references.push({ id: '2', kind, articleId: null })
    await watch.poll()
    expect(left(cache, dropped)).toEqual([])
  },
)

test('a hint of comments drops at once what depends on them, and a late one drops nothing', async () => {
  const { state, cache, hint } = await watched()
  const { polls } = state
  keep(cache, 'comments:a', 'comments:b')
  hint(COMMENT_FEED_CHANNEL, { articleId: 'a', position: 2 })
  expect(left(cache, 'comments:a', 'comments:b')).toEqual(['comments:b'])
  keep(cache, 'comments:a')
  hint(COMMENT_FEED_CHANNEL, { articleId: 'a', position: 2 })
  hint(COMMENT_FEED_CHANNEL, { articleId: 'a', position: 1 })
  hint(COMMENT_FEED_CHANNEL, 'not a hint')
  expect(left(cache, 'comments:a')).toEqual(['comments:a'])
  expect(state.polls).toBe(polls)
})

test('a hint of a change, and a connection that is back, make it poll', async () => {
  const { state, cache, hint, comeBack } = await watched()
  for (const [index, tell] of [() => hint(CHANGE_CHANNEL, 1), comeBack].entries()) {
    keep(cache, 'a')
    Object.assign(state, { head: index + 1, articles: [{ articleId: 'a', kind: 'UPDATED' }] })
    tell()
    await vi.advanceTimersByTimeAsync(0)
    expect(left(cache, 'a')).toEqual([])
  }
})

test('an own write of comments is dropped when it is done, also if its position is lower than a known one', async () => {
  const { cache, write, hint } = await watched()
  keep(cache, 'comments:a', 'b')
  await write(comment('a', 9))
  expect(left(cache, 'comments:a', 'b')).toEqual(['b'])
  keep(cache, 'comments:a')
  // As after a failover to a database that lacks the last comments.
  await write(comment('a', 5))
  expect(left(cache, 'comments:a')).toEqual([])
  keep(cache, 'comments:a')
  hint(COMMENT_FEED_CHANNEL, { articleId: 'a', position: 5 })
  expect(left(cache, 'comments:a')).toEqual(['comments:a'])
})

test('an own change of an article is known when the write is done', async () => {
  const { state, cache, write } = await watched()
  keep(cache, 'a', 'b')
  Object.assign(state, { head: 1, articles: [{ articleId: 'a', kind: 'UPDATED' }] })
  await write(change)
  expect(left(cache, 'a', 'b')).toEqual(['b'])
})

test('when the poll after an own change fails, everything is dropped, also if an earlier poll ends well meanwhile', async () => {
  const { state, cache, watch, write, failures } = await watched()
  keep(cache, 'a')
  const early = Promise.withResolvers<void>()
  state.answer = () => early.promise
  const polled = watch.poll()
  await vi.advanceTimersByTimeAsync(0)
  state.answer = () => Promise.reject(new Error('the database is away'))
  const written = write(change)
  early.resolve()
  await Promise.all([polled, written])
  expect(failures).toHaveLength(1)
  expect(left(cache, 'a')).toEqual([])
  expect(cache.isFresh).toBe(true)
})

test('a transaction that fails after it has published is looked for: it may have been committed', async () => {
  const { state, cache, watch } = await watched()
  keep(cache, 'a', 'comments:a', 'b')
  const lost: Publisher = {
    async transaction(work) {
      await work(null as never, async () => {})
      throw new Error('the connection was lost')
    },
  }
  Object.assign(state, { head: 1, articles: [{ articleId: 'a', kind: 'UPDATED' }] })
  const write = watch.publisher(lost).transaction((_tx, publish) => publish(change))
  await expect(write).rejects.toThrow('the connection was lost')
  expect(left(cache, 'a', 'comments:a', 'b')).toEqual(['b'])
})

test('another history, a lower head, or too many changes to read drop everything', async () => {
  const { state, cache, watch, changeHistory } = await watched()
  state.head = 5
  await watch.poll()
  const many = Array.from({ length: 1_001 }, () => ({ articleId: 'b', kind: 'UPDATED' }))
  for (const found of [{ history: 'two' }, { head: 4 }, { head: 2_000, articles: many }]) {
    keep(cache, 'a')
    Object.assign(state, found)
    await watch.poll()
    expect(left(cache, 'a')).toEqual([])
  }
  keep(cache, 'a')
  changeHistory()
  expect(left(cache, 'a')).toEqual([])
})

test('after a pause in which entries may have been missed, everything is dropped', async () => {
  const { cache, watch } = await watched()
  keep(cache, 'a')
  await vi.advanceTimersByTimeAsync(29_000)
  await watch.poll()
  expect(left(cache, 'a')).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(31_000)
  await watch.poll()
  expect(left(cache, 'a')).toEqual([])
})

test('responses are answered for a second after the begin of a poll, and polled for while they are used', async () => {
  const { state, cache, watch } = await watched()
  keep(cache, 'a')
  await vi.advanceTimersByTimeAsync(999)
  expect([cache.isFresh, left(cache, 'a')]).toEqual([true, ['a']])
  await vi.advanceTimersByTimeAsync(1)
  expect([cache.isFresh, left(cache, 'a')]).toEqual([false, []])
  const { polls } = state
  watch.use()
  await vi.advanceTimersByTimeAsync(0)
  expect([state.polls, cache.isFresh, left(cache, 'a')]).toEqual([polls + 1, true, ['a']])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(state.polls).toBeGreaterThanOrEqual(polls + 1 + Math.floor(5_000 / POLL_MS))
  await vi.advanceTimersByTimeAsync(10_000)
  const { polls: idle } = state
  await vi.advanceTimersByTimeAsync(10_000)
  expect(state.polls).toBe(idle)
})

test('a slow poll makes the responses valid for a second from its begin', async () => {
  const { state, cache, watch } = await watched()
  const gate = Promise.withResolvers<void>()
  state.answer = () => gate.promise
  const polled = watch.poll()
  await vi.advanceTimersByTimeAsync(900)
  gate.resolve()
  await polled
  await vi.advanceTimersByTimeAsync(100)
  expect(cache.isFresh).toBe(false)
})

test('a poll that fails is told of, and after the end nothing is answered', async () => {
  const { state, cache, watch, failures, listeners } = await watched()
  keep(cache, 'a')
  const fault = new Error('the database is away')
  state.answer = () => Promise.reject(fault)
  await watch.poll()
  expect(failures).toEqual([fault])
  await watch.close()
  expect([left(cache, 'a'), listeners.size]).toEqual([[], 0])
})
