import { beforeEach, describe, expect, test } from 'vitest'
import { ArticleCommentFeed } from '../../src/comment-feed/article-feed.ts'
import type { CommentFeedEvent } from '../../src/comment-feed/event.ts'
import { Payload } from '../../src/comment-feed/payload.ts'
import { ResultCache } from '../../src/comment-feed/result-cache.ts'
import { SubscriberGroup } from '../../src/comment-feed/subscriber-group.ts'
import { heard, isCarried, join, nameOf, Recorder, until } from './members.ts'
import { Story } from './story.ts'

// Members that come, leave and move while an entry of their group is being executed or sent.

let story: Story
let channel: ArticleCommentFeed
let resultCache: ResultCache
let isVisible: boolean
let executed: string[]
/** What stands in each result beside its name. */
let filling: string

beforeEach(async () => {
  story = new Story()
  channel = new ArticleCommentFeed(story.store, 'story')
  resultCache = new ResultCache(1024 * 1024)
  isVisible = true
  executed = []
  filling = ''
  held.clear()
  await channel.refresh()
})

const held = new Map<string, Promise<void>>()

/** Lets the execution of an event wait. */
function hold(name: string): { begun: Promise<void>; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  held.set(name, promise)
  return { begun: until(() => executed.includes(name)), release: resolve }
}

function newGroup({ isCacheable = true } = {}): SubscriberGroup {
  const execute = async (event: CommentFeedEvent) => {
    executed.push(nameOf(event))
    await held.get(nameOf(event))
    return new Payload({ said: nameOf(event), filling }, event.cursor)
  }
  return new SubscriberGroup(channel, {
    audience: { key: 'key', execute, isCacheable, isUnshared: false },
    resultCache,
    isVisible: () => isVisible,
    cursorAt: (position) => `at ${position}`,
    onFailure: (error) => expect.unreachable(String(error)),
    onDelivered: () => {},
    onReplayed: () => {},
    onEmpty: () => {},
  })
}

async function grow(count: number): Promise<void> {
  story.add(count)
  await channel.refresh()
}

const reset = (cursor: string): CommentFeedEvent => ({ kind: 'RESET', reason: 'OTHER_HISTORY', cursor })

describe('while the group has not come to the end of the feed', () => {
  test('who begins at the end is sent nothing from before, whichever place they get', async () => {
    const group = newGroup()
    const first = join(group, 0)
    const leaving = join(group, 0)
    await until(() => isCarried(first) && isCarried(leaving))
    const one = hold('1')
    await grow(1)
    await one.begun
    await grow(2)
    const [late, later] = [join(group, 3), join(group, 3)]
    await until(() => isCarried(late) && isCarried(later))
    // The last one gets the place of who leaves, with its own beginning.
    leaving.member.leave()
    one.release()
    await heard(first, 3)
    await grow(1)
    await Promise.all([heard(first, 4), heard(late, 1), heard(later, 1)])
    expect([first, leaving, late, later].map(({ sink }) => sink.heard)).toEqual([
      ['1', '2', '3', '4'],
      [],
      ['4'],
      ['4'],
    ])
  })

  test('places that were changed are left by those who have them', async () => {
    const group = newGroup()
    const [first, second, third] = [join(group, 0), join(group, 0), join(group, 0)]
    await until(() => [first, second, third].every(isCarried))
    first.member.leave()
    const fourth = join(group, 0)
    await until(() => isCarried(fourth))
    third.member.leave()
    await grow(1)
    await Promise.all([heard(second, 1), heard(fourth, 1)])
    expect([first, second, third, fourth].map(({ sink }) => sink.heard)).toEqual([[], ['1'], [], ['1']])
  })
})

describe('what is taken back while somebody catches up on it', () => {
  test('is not sent', async () => {
    await grow(2)
    const two = hold('2')
    const late = join(newGroup(), 0)
    await two.begun
    story.retract('c2')
    await channel.refresh()
    two.release()
    await heard(late, 2)
    expect(late.sink.heard).toEqual(['1', 'RETRACTED 3'])
  })
})

describe('results', () => {
  test('are kept for who catches up, until the last member has left', async () => {
    const group = newGroup()
    await grow(2)
    const [one, two] = [join(group, 0), join(group, 0)]
    await Promise.all([heard(one, 2), heard(two, 2)])
    expect(executed).toEqual(['1', '2'])
    expect(resultCache.bytes).toBeGreaterThan(1_000)
    one.member.leave()
    expect(resultCache.bytes).toBeGreaterThan(1_000)
    two.member.leave()
    expect(resultCache.bytes).toBe(0)
  })

  test('that may not be shown to who comes later are not kept', async () => {
    const group = newGroup({ isCacheable: false })
    await grow(1)
    const one = join(group, 0)
    await heard(one, 1)
    const two = join(group, 0)
    await heard(two, 1)
    expect(executed).toEqual(['1', '1'])
    expect(resultCache.bytes).toBe(0)
  })

  test('are sent in pieces of 64 KiB, or what one result exceeds it by', async () => {
    filling = 'x'.repeat(40 * 1024)
    await grow(5)
    const sink = new Recorder()
    const sizes: number[] = []
    sink.onSend = () => sizes.push(sink.heard.length)
    const late = join(newGroup(), 0, null, sink)
    await heard(late, 5)
    expect(sizes).toEqual([2, 4, 5])
  })
})

describe('a group that is retired', () => {
  test('does not send what is being executed, and says nothing of its story', async () => {
    const group = newGroup()
    const live = join(group, 0)
    await until(() => isCarried(live))
    const one = hold('1')
    await grow(1)
    await one.begun
    group.retire()
    one.release()
    isVisible = false
    group.wake()
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(live.sink.heard).toEqual([])
    expect(executed).toEqual(['1'])
  })

  test('in the middle of an entry sends it to nobody else', async () => {
    const group = newGroup()
    const [first, second] = [join(group, 0), join(group, 0)]
    await until(() => isCarried(first) && isCarried(second))
    first.sink.onSend = () => group.retire()
    await grow(1)
    await heard(first, 1)
    await new Promise(setImmediate)
    expect(second.sink.heard).toEqual([])
  })

  test('before a member has been sent its first event: that is replaced by the newer one', async () => {
    const group = newGroup()
    const first = hold('OTHER_HISTORY older')
    const member = join(group, 0, reset('older'))
    await first.begun
    group.retire()
    group.moveTo(group.successor(), reset('newer'))
    first.release()
    await heard(member, 1)
    await grow(1)
    await heard(member, 2)
    expect(member.sink.heard).toEqual(['OTHER_HISTORY newer', '1'])
  })
})

test('who leaves while the others are told that the story is gone hears nothing of it', async () => {
  const group = newGroup()
  const [stays, leaves] = [join(group, 0), join(group, 0)]
  await until(() => isCarried(stays) && isCarried(leaves))
  const goodbye = hold('ARTICLE_UNAVAILABLE at 0')
  isVisible = false
  group.wake()
  await goodbye.begun
  leaves.member.leave()
  goodbye.release()
  await heard(stays, 2)
  expect(leaves.sink.heard).toEqual([])
  expect([stays.left, leaves.left]).toEqual([1, 1])
})
