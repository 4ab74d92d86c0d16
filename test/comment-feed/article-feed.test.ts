import { expect, onTestFinished, test, vi } from 'vitest'
import { ArticleCommentFeed } from '../../src/comment-feed/article-feed.ts'
import type { CommentFeedStore, FeedPage } from '../../src/comment-feed/store.ts'

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
  const asked: PromiseWithResolvers<FeedPage | null>[] = []
  const readPage = () => {
    const answer = Promise.withResolvers<FeedPage | null>()
    asked.push(answer)
    return answer.promise
  }
  const store: Pick<CommentFeedStore, 'article' | 'readPage'> = { article: async () => article, readPage }
  return { store: store as CommentFeedStore, asked }
}

const retracted = (position: number) => ({
  article: { ...article, feedPosition: position },
  rows: [
    {
      kind: 'RETRACTED' as const,
      cursor: `${position}`,
      at: new Date(0),
      commentCount: 0,
      commentId: `comment ${position}`,
    },
  ],
})

test('calls made while a read is under way share one read that begins after it', async () => {
  const { store, asked } = storeByHand()
  const feed = new ArticleCommentFeed(store, 'story')
  await feed.refresh()
  const first = feed.refresh()
  const settled: string[] = []
  const later = [feed.refresh(), feed.refresh(), feed.refresh()].map((read) =>
    read.then(() => settled.push(`at ${feed.head}`)),
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
  const feed = new ArticleCommentFeed(store, 'story')
  await feed.refreshForSubscriber()
  const crowd = [feed.refreshForSubscriber()]
  await vi.advanceTimersByTimeAsync(30)
  crowd.push(feed.refreshForSubscriber(), feed.refreshForSubscriber())
  expect(asked).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(20)
  expect(asked).toHaveLength(1)
  const late = feed.refreshForSubscriber()
  asked[0]?.resolve(retracted(1))
  await Promise.all(crowd)
  expect(feed.head).toBe(1)
  await vi.advanceTimersByTimeAsync(50)
  asked[1]?.resolve(retracted(2))
  await late
  expect(feed.head).toBe(2)
  await vi.advanceTimersByTimeAsync(50)
  const alone = feed.refreshForSubscriber()
  expect(asked).toHaveLength(3)
  asked[2]?.resolve(retracted(3))
  await alone
})

test('a read that fails is not the end: the next one goes on from the same place', async () => {
  const { store, asked } = storeByHand()
  const feed = new ArticleCommentFeed(store, 'story')
  await feed.refresh()
  const failing = feed.refresh()
  const next = feed.refresh()
  asked[0]?.reject(new Error('the database is away'))
  await expect(failing).rejects.toThrow('the database is away')
  await vi.waitUntil(() => asked.length === 2)
  asked[1]?.resolve(retracted(1))
  await next
  expect(feed.head).toBe(1)
  expect(await feed.after(0)).toMatchObject([{ cursor: '1' }])
})

test('a look that began before the last read changes nothing, and a later one does', async () => {
  const { store, asked } = storeByHand()
  const feed = new ArticleCommentFeed(store, 'story')
  await feed.refresh()
  const earlier = performance.now()
  const wakes: string[] = []
  feed.listeners.add({ wake: () => wakes.push('woken'), discardResults: () => {} })
  await vi.waitUntil(() => performance.now() > earlier)
  const read = feed.refresh()
  asked[0]?.resolve({ article: { ...article, feedPosition: 0 }, rows: [] })
  await read
  wakes.length = 0
  const withheld = { ...article, status: 'WITHHELD' as const, feedPosition: 5 }
  expect(feed.applyPoll(withheld, earlier)).toBe(false)
  expect({ status: feed.article?.status, wakes }).toEqual({ status: 'USABLE', wakes: [] })
  expect(feed.applyPoll(withheld, performance.now())).toBe(true)
  expect({ status: feed.article?.status, wakes }).toEqual({ status: 'WITHHELD', wakes: ['woken'] })
})
