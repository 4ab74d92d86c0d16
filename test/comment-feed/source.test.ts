import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { DomainError } from '../../src/base/errors.ts'
import { ArticleCommentFeed } from '../../src/comment-feed/article-feed.ts'
import type { Audience } from '../../src/comment-feed/audience.ts'
import type { CommentFeedEvent } from '../../src/comment-feed/event.ts'
import { Payload, type Sink } from '../../src/comment-feed/payload.ts'
import { ResultCache } from '../../src/comment-feed/result-cache.ts'
import { CommentFeedSource, type SourceDeps } from '../../src/comment-feed/source.ts'
import { SubscriberGroup } from '../../src/comment-feed/subscriber-group.ts'
import { Story } from './story.ts'

// A subscription from its admission to its end: what is counted is given back once, however it ends.

class Recorder implements Sink {
  readonly heard: unknown[] = []
  send(payloads: readonly Payload[]): void {
    for (const { json } of payloads) this.heard.push(JSON.parse(String(json)))
  }
  whenWritable(): null {
    return null
  }
  end(): void {
    this.heard.push('end')
  }
  cut(): void {
    this.heard.push('cut')
  }
}

class Expired extends DomainError {
  constructor() {
    super('TOKEN_EXPIRED', 'Expired.')
  }
}

let story: Story
let channel: ArticleCommentFeed
let release: ReturnType<typeof vi.fn<() => void>>
let uncount: ReturnType<typeof vi.fn<() => void>>

const audience: Audience = {
  key: 'key',
  execute: async (event) => new Payload({ at: event.cursor }, event.cursor),
  isCacheable: true,
  isUnshared: false,
}

function sourceOf(deps: Partial<SourceDeps> = {}): CommentFeedSource {
  return new CommentFeedSource({
    start: () => ({ position: 0, reset: null }),
    admit: () => uncount,
    group: (given) =>
      new SubscriberGroup(channel, {
        audience: given,
        resultCache: new ResultCache(1024),
        isVisible: () => true,
        cursorAt: String,
        onFailure: (error) => expect.unreachable(String(error)),
        onDelivered: () => {},
        onReplayed: () => {},
        onEmpty: () => {},
      }),
    retractedIds: channel.retractedIds,
    expiry: null,
    now: () => new Date(),
    release,
    ...deps,
  })
}

const calls = () => ({ released: release.mock.calls.length, uncounted: uncount.mock.calls.length })
const turn = () => new Promise(setImmediate)

beforeEach(async () => {
  story = new Story()
  channel = new ArticleCommentFeed(story.store, 'story')
  release = vi.fn()
  uncount = vi.fn()
  await channel.refresh()
})

describe('a subscription', () => {
  test.each<[string, (source: CommentFeedSource) => unknown]>([
    ['disposed of', (source) => source.dispose()],
    ['returned', (source) => source.return()],
    ['at the end of its block', (source) => source[Symbol.asyncDispose]()],
    ['left by its sink', (source) => source.deliver(audience, new Recorder())()],
  ])('that was admitted and is %s is counted out and released, once', async (_how, end) => {
    const source = sourceOf()
    expect(source.admit(audience)).toBe(true)
    expect(calls()).toEqual({ released: 0, uncounted: 0 })
    await end(source)
    expect(calls()).toEqual({ released: 1, uncounted: 1 })
    source.dispose()
    await source.return()
    expect(calls()).toEqual({ released: 1, uncounted: 1 })
  })

  test('that is one too many is released', () => {
    const source = sourceOf({ admit: () => null })
    expect(source.admit(audience)).toBe(false)
    expect(calls()).toEqual({ released: 1, uncounted: 0 })
  })

  test('whose feed is being read anew is sent back, after the call', async () => {
    const source = sourceOf({ start: () => null })
    source.admit(audience)
    const sink = new Recorder()
    const leave = source.deliver(audience, sink)
    expect(sink.heard).toEqual([])
    await turn()
    expect(sink.heard).toEqual(['cut'])
    leave()
    expect(calls()).toEqual({ released: 1, uncounted: 1 })
  })

  test('begins where it was told, with the reset where there is one', async () => {
    story.add(3)
    await channel.refresh()
    const reset: CommentFeedEvent = { kind: 'RESET', reason: 'TOO_OLD', cursor: 'reset' }
    const sink = new Recorder()
    sourceOf({ start: () => ({ position: 2, reset }) }).deliver(audience, sink)
    await vi.waitUntil(() => sink.heard.length === 2)
    expect(sink.heard).toEqual([{ at: 'reset' }, { at: '3' }])
  })
})

describe('rights that end', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    return () => void vi.useRealTimers()
  })

  const expiry = () => ({ at: new Date(Date.now() + 5_000), failure: new Expired() })

  test('end the subscription with the reason, at their moment', async () => {
    const sink = new Recorder()
    sourceOf({ expiry: expiry() }).deliver(audience, sink)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(sink.heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(sink.heard).toEqual([
      { errors: [{ message: 'Expired.', extensions: { code: 'TOKEN_EXPIRED' } }] },
      'end',
    ])
    expect(calls().released).toBe(1)
  })

  test('are no matter to a subscription that has left: no timer stays', async () => {
    const sink = new Recorder()
    const leave = sourceOf({ expiry: expiry() }).deliver(audience, sink)
    leave()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sink.heard).toEqual([])
  })

  test('are thrown where it is iterated', async () => {
    const source = sourceOf({ expiry: expiry() })
    const next = source.next()
    const failed = expect(next).rejects.toThrow('Expired.')
    await vi.advanceTimersByTimeAsync(5_000)
    await failed
    expect(await source.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a subscription that is iterated', () => {
  test('yields the events themselves, and not those that were taken back since', async () => {
    const source = sourceOf()
    onTestFinished(() => void source.return())
    story.add(3)
    await channel.refresh()
    const first = await source.next()
    expect(first).toMatchObject({ done: false, value: { kind: 'APPROVED', cursor: '1' } })
    await turn()
    story.retract('c2')
    await channel.refresh()
    const cursors: string[] = []
    for (let i = 0; i < 2; i++) cursors.push((await source.next()).value?.cursor as string)
    expect(cursors).toEqual(['3', '4'])
  })

  test('is over when it is returned, read before or not', async () => {
    const read = sourceOf()
    const next = read.next()
    await read.return()
    expect(await next).toEqual({ done: true, value: undefined })
    const unread = sourceOf()
    expect(unread[Symbol.asyncIterator]()).toBe(unread)
    await unread.return()
    expect(await unread.next()).toEqual({ done: true, value: undefined })
    expect(calls().released).toBe(2)
  })

  test('shares its group with nobody', async () => {
    const keys: string[] = []
    const group = (given: Audience) => {
      keys.push(given.key)
      expect(given).toMatchObject({ isUnshared: true, isCacheable: true })
      throw new Error('enough')
    }
    for (let i = 0; i < 3; i++) await expect(sourceOf({ group }).next()).rejects.toThrow('enough')
    expect(new Set(keys).size).toBe(3)
  })
})
