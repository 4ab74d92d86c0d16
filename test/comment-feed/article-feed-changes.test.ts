import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CommentFeedArticle } from '../../src/comment-feed/feed-page.ts'
import type { SubscriberGroup } from '../../src/comment-feed/subscriber-group.ts'
import { WatchedFeed } from '../../src/comment-feed/watched-feed.ts'
import { HistoryChanged } from '../../src/db/history-watch.ts'
import { cursors, observedFeed } from './story.ts'

// What a channel makes of a look at its story, and of a database that has another history.

let observed: ReturnType<typeof observedFeed>
let story: typeof observed.story
let channel: typeof observed.channel
let noted: typeof observed.noted
let begin: typeof observed.begin

beforeEach(() => {
  vi.useFakeTimers()
  observed = observedFeed()
  ;({ story, channel, noted, begin } = observed)
})
afterEach(() => void vi.useRealTimers())

describe('a look at the story', () => {
  const later = () => performance.now() + 1_000

  test.each<[string, Partial<CommentFeedArticle>, string[]]>([
    ['nothing', {}, []],
    ['its status', { status: 'WITHHELD' }, ['wake']],
    ['its date of publication', { publishedAt: new Date('2030-01-01') }, ['wake']],
    ['its embargo', { embargoedUntil: new Date('2030-01-01') }, ['wake']],
    ['its text', { version: 2 }, ['discardResults']],
    ['its text and its status', { version: 2, status: 'CANCELED' }, ['discardResults', 'wake']],
  ])('that finds changed: %s', async (_what, changes, expected) => {
    await begin()
    story.change(changes)
    expect(channel.applyPoll(story.article, later())).toBe(false)
    expect(noted).toEqual(expected)
    expect(channel.article).toMatchObject(changes)
    noted.length = 0
    expect(channel.applyPoll(story.article, later())).toBe(false)
    expect(noted).toEqual([])
  })

  test.each([
    ['has grown', 4, true],
    ['has become shorter', 2, true],
    ['is as long as before', 3, false],
  ])('at a feed that %s: whether it is read is %j', async (_what, feedPosition, due) => {
    story.add(3)
    await begin()
    story.change({ feedPosition })
    expect(channel.applyPoll(story.article, later())).toBe(due)
    expect(channel.head).toBe(3)
  })

  test('that finds it gone wakes who watches, and reads nothing', async () => {
    await begin()
    expect(channel.applyPoll(null, later())).toBe(false)
    expect(noted).toEqual(['discardResults', 'wake'])
    expect(channel.article).toBeNull()
  })
})

describe('a restart', () => {
  test('forgets all that was read, and retires the groups', async () => {
    story.add(3)
    await begin()
    story.retract('c1')
    story.add(3)
    await channel.refresh()
    await channel.after(0)
    const group = { retire: vi.fn() } as unknown as SubscriberGroup
    const watched = new WatchedFeed(channel)
    watched.groups.set('key', group)
    const { generation, retractions } = channel
    watched.restart()
    expect(channel.generation).toBe(generation + 1)
    expect(channel.retractions).toBe(retractions + 1)
    expect({ head: channel.head, article: channel.article }).toEqual({ head: -1, article: null })
    expect([...channel.retractedIds]).toEqual([])
    expect(watched.groups.size).toBe(0)
    expect(watched.retired).toEqual([group])
    expect(group.retire).toHaveBeenCalledTimes(1)
    story.reads.length = 0
    story.rows.length = 2
    await channel.refresh()
    expect(story.reads).toEqual(['article'])
    expect(channel.head).toBe(2)
    expect(await channel.after(2)).toEqual([])
    expect(cursors(await channel.after(0))).toEqual([null, 2])
    expect(story.reads).toEqual(['article', 'after 0'])
  })

  test.each([
    ['of its place', () => {}],
    ['of its entries', () => channel.refresh()],
  ])('drops a read %s that is under way', async (_what, before) => {
    story.add(3)
    await before()
    story.onRead = () => channel.restart()
    await expect(channel.refresh()).rejects.toThrow(HistoryChanged)
    expect({ head: channel.head, article: channel.article }).toEqual({ head: -1, article: null })
  })

  test('lets a look that began before it count: nothing of it is older', async () => {
    await begin()
    const began = performance.now()
    await vi.advanceTimersByTimeAsync(10)
    await channel.refresh()
    expect(channel.applyPoll({ ...(story.article as CommentFeedArticle), version: 2 }, began)).toBe(false)
    expect(channel.article?.version).toBe(1)
    channel.restart()
    channel.applyPoll({ ...(story.article as CommentFeedArticle), version: 2 }, began)
    expect(channel.article?.version).toBe(2)
  })
})
