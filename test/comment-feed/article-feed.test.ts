import { expect, onTestFinished, test, vi } from 'vitest'
import { FeedChannel } from '../../src/comment-feed/article-feed.ts'
import type { FeedStore, Stretch } from '../../src/comment-feed/store.ts'

const article = {
  id: 'story',
  feedPosition: 0,
  status: 'USABLE' as const,
  publishedAt: new Date('2026-01-01'),
  embargoedUntil: null,
  version: 1,
}

/** A store whose answers the test gives by hand. */
function storeByHand() {
  const asked: PromiseWithResolvers<Stretch | null>[] = []
  const stretch = () => {
    const answer = Promise.withResolvers<Stretch | null>()
    asked.push(answer)
    return answer.promise
  }
  const store: Pick<FeedStore, 'article' | 'stretch'> = { article: async () => article, stretch }
  return { store: store as FeedStore, asked }
}

const retracted = (position: number) => ({
  article: { ...article, feedPosition: position },
  rows: [
    { kind: 'RETRACTED' as const, cursor: `${position}`, at: new Date(0), commentId: `comment ${position}` },
  ],
})

test('calls made while a read is under way share one read that begins after it', async () => {
  const { store, asked } = storeByHand()
  const channel = new FeedChannel(store, 'story')
  await channel.refresh()
  const first = channel.refresh()
  const settled: string[] = []
  const later = [channel.refresh(), channel.refresh(), channel.refresh()].map((read) =>
    read.then(() => settled.push(`at ${channel.head}`)),
  )
  asked[0]?.resolve(retracted(1))
  await first
  expect(settled).toEqual([])
  await vi.waitUntil(() => asked.length === 2)
  asked[1]?.resolve(retracted(2))
  await Promise.all(later)
  expect(settled).toEqual(['at 2', 'at 2', 'at 2'])
  expect(asked).toHaveLength(2)
})

test('a crowd that comes in one moment waits for one read that begins after all of it', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { store, asked } = storeByHand()
  const channel = new FeedChannel(store, 'story')
  await channel.arrive()
  const crowd = [channel.arrive()]
  await vi.advanceTimersByTimeAsync(30)
  crowd.push(channel.arrive(), channel.arrive())
  expect(asked).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(20)
  expect(asked).toHaveLength(1)
  const late = channel.arrive()
  asked[0]?.resolve(retracted(1))
  await Promise.all(crowd)
  expect(channel.head).toBe(1)
  await vi.advanceTimersByTimeAsync(50)
  asked[1]?.resolve(retracted(2))
  await late
  expect(channel.head).toBe(2)
  await vi.advanceTimersByTimeAsync(50)
  const alone = channel.arrive()
  expect(asked).toHaveLength(3)
  asked[2]?.resolve(retracted(3))
  await alone
})

test('a read that fails is not the end: the next one goes on from the same place', async () => {
  const { store, asked } = storeByHand()
  const channel = new FeedChannel(store, 'story')
  await channel.refresh()
  const failing = channel.refresh()
  const next = channel.refresh()
  asked[0]?.reject(new Error('the database is away'))
  await expect(failing).rejects.toThrow('the database is away')
  await vi.waitUntil(() => asked.length === 2)
  asked[1]?.resolve(retracted(1))
  await next
  expect(channel.head).toBe(1)
  expect(await channel.after(0)).toMatchObject([{ cursor: '1' }])
})

test('a look that began before the last read changes nothing, and a later one does', async () => {
  const { store, asked } = storeByHand()
  const channel = new FeedChannel(store, 'story')
  await channel.refresh()
  const earlier = performance.now()
  const wakes: string[] = []
  channel.watchers.add({ wake: () => wakes.push('woken'), recall: () => {} })
  await vi.waitUntil(() => performance.now() > earlier)
  const read = channel.refresh()
  asked[0]?.resolve({ article: { ...article, feedPosition: 0 }, rows: [] })
  await read
  wakes.length = 0
  const withheld = { ...article, status: 'WITHHELD' as const, feedPosition: 5 }
  expect(channel.learn(withheld, earlier)).toBe(false)
  expect({ status: channel.article?.status, wakes }).toEqual({ status: 'USABLE', wakes: [] })
  expect(channel.learn(withheld, performance.now())).toBe(true)
  expect({ status: channel.article?.status, wakes }).toEqual({ status: 'WITHHELD', wakes: ['woken'] })
})
