import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HistoryChanged } from '../../src/db/history-watch.ts'
import { cursors, observedFeed } from './story.ts'

// What a channel keeps in memory of a story's feed, and when it reads the database.

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

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

describe('a read', () => {
  test('begins with where the feed is, and not with its entries', async () => {
    story.add(7)
    expect(channel.head).toBe(-1)
    await channel.refresh()
    expect(story.reads).toEqual(['article'])
    expect(channel.head).toBe(7)
    expect(channel.article).toMatchObject({ feedPosition: 7 })
  })

  test('goes on in stretches of 200 until the end, and then wakes who watches, once', async () => {
    await begin()
    story.add(401)
    await channel.refresh()
    expect(story.reads).toEqual(['after 0', 'after 200', 'after 400'])
    expect(channel.head).toBe(401)
    expect(noted).toEqual(['wake'])
  })

  test('of as many entries as one stretch has is one', async () => {
    await begin()
    story.add(200)
    await channel.refresh()
    expect(story.reads).toEqual(['after 0'])
  })

  test('that fails half-way keeps what came before it, and wakes who watches', async () => {
    await begin()
    story.add(300)
    story.onRead = () => {
      if (story.reads.length === 2) throw new Error('away')
    }
    await expect(channel.refresh()).rejects.toThrow('away')
    expect(channel.head).toBe(200)
    expect(noted).toEqual(['wake'])
    story.onRead = () => {}
    await channel.refresh()
    expect(cursors(await channel.after(100))).toEqual(range(101, 300))
  })

  test('of a story that is gone keeps its place', async () => {
    story.add(3)
    await begin()
    story.remove()
    await channel.refresh()
    expect(channel.article).toBeNull()
    expect(channel.head).toBe(3)
    expect(noted).toEqual(['discardResults', 'wake'])
  })

  test('of a story that never was has no place', async () => {
    story.remove()
    await channel.refresh()
    expect(channel.head).toBe(-1)
    expect(channel.article).toBeNull()
  })

  test('of a feed that has become shorter ends the history', async () => {
    story.add(3)
    await begin()
    story.rows.pop()
    await expect(channel.refresh()).rejects.toThrow(HistoryChanged)
    expect(story.rewinds).toBe(1)
  })

  test('of a feed that has not grown does not', async () => {
    story.add(3)
    await begin()
    await channel.refresh()
    expect({ rewinds: story.rewinds, head: channel.head }).toEqual({ rewinds: 0, head: 3 })
  })
})

describe('entries', () => {
  test('are taken from memory, 200 at once, down to the first that it has read', async () => {
    story.add(5)
    await begin()
    story.add(300)
    await channel.refresh()
    story.reads.length = 0
    expect(cursors(await channel.after(5))).toEqual(range(6, 205))
    expect(cursors(await channel.after(300))).toEqual(range(301, 305))
    expect(await channel.after(305)).toEqual([])
    expect(story.reads).toEqual([])
    expect(cursors(await channel.after(4))).toEqual(range(5, 200))
    expect(story.reads).toEqual(['after 0'])
  })

  test('are kept to the number of 512, and of more the last 256', async () => {
    await begin()
    story.add(512)
    await channel.refresh()
    story.reads.length = 0
    expect(cursors(await channel.after(0))).toEqual(range(1, 200))
    expect(story.reads).toEqual([])
    story.add(1)
    await channel.refresh()
    story.reads.length = 0
    expect(cursors(await channel.after(513 - 256))).toEqual(range(258, 457))
    expect(story.reads).toEqual([])
    expect(cursors(await channel.after(513 - 257))).toEqual(range(257, 400))
    expect(story.reads).toEqual(['after 200'])
  })

  test('of the past are read in windows of 200, which all who come within a second share', async () => {
    story.add(450)
    await begin()
    const reads = [0, 1, 199, 200, 399, 400].map((position) => channel.after(position))
    const firsts = (await Promise.all(reads)).map((rows) => [cursors(rows).at(0), cursors(rows).at(-1)])
    expect(firsts).toEqual([
      [1, 200],
      [2, 200],
      [200, 200],
      [201, 400],
      [400, 400],
      [401, 450],
    ])
    expect(story.reads).toEqual(['after 0', 'after 200', 'after 400'])
    await vi.advanceTimersByTimeAsync(999)
    await channel.after(7)
    expect(story.reads).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(1)
    await channel.after(7)
    expect(story.reads.slice(3)).toEqual(['after 0'])
  })

  test('of the past are read again at once after a failure', async () => {
    story.add(10)
    await begin()
    story.onRead = () => {
      throw new Error('away')
    }
    await expect(channel.after(0)).rejects.toThrow('away')
    story.onRead = () => {}
    expect(cursors(await channel.after(0))).toEqual(range(1, 10))
  })

  test('that a window does not have yet are looked for again', async () => {
    story.add(10)
    await begin()
    expect(await channel.after(5)).toHaveLength(5)
    story.add(2)
    channel.head = 12
    expect(cursors(await channel.after(10))).toEqual([])
    expect(cursors(await channel.after(10))).toEqual([11, 12])
  })

  test('of a story that is gone are none', async () => {
    story.add(10)
    await begin()
    story.remove()
    expect(await channel.after(0)).toEqual([])
  })
})

describe('a comment that is taken back', () => {
  test('is no entry any more, in memory and in windows, and who watches is told', async () => {
    story.add(10)
    await begin()
    story.add(2)
    await channel.refresh()
    expect(cursors(await channel.after(0))).toEqual(range(1, 12))
    noted.length = 0
    story.retract('c3')
    story.retract('c11')
    await channel.refresh()
    expect(channel.retractions).toBe(2)
    expect([...channel.retractedIds]).toEqual(['c3', 'c11'])
    expect(noted).toEqual(['discardResults', 'discardResults', 'wake'])
    expect(cursors(await channel.after(10))).toEqual([null, 12, 13, 14])
    expect(cursors(await channel.after(0))).toEqual([1, 2, null, ...range(4, 10), null, 12, 13, 14])
  })

  test('leaves the others as they are', async () => {
    await begin()
    story.add(3)
    await channel.refresh()
    story.retract('c2')
    story.add(1)
    await channel.refresh()
    expect(cursors(await channel.after(0))).toEqual([1, null, 3, 4, 5])
    expect(await channel.after(3)).toMatchObject([
      { kind: 'RETRACTED', commentId: 'c2' },
      { kind: 'APPROVED' },
    ])
  })
})
