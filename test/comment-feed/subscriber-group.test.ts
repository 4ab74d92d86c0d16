import { beforeEach, describe, expect, test } from 'vitest'
import { ArticleCommentFeed } from '../../src/comment-feed/article-feed.ts'
import type { CommentFeedEvent } from '../../src/comment-feed/event.ts'
import { Payload } from '../../src/comment-feed/payload.ts'
import { ResultCache } from '../../src/comment-feed/result-cache.ts'
import { type GroupDeps, SubscriberGroup } from '../../src/comment-feed/subscriber-group.ts'
import { heard, isCarried, type Joined, join, nameOf, Recorder, until } from './members.ts'
import { Story } from './story.ts'

// The members of a group: what each is sent, in which order, and how each leaves.

let story: Story
let channel: ArticleCommentFeed
let isVisible: boolean
let executed: string[]
/** What is executed for an event; a test may let it wait or fail. */
let execute: (event: CommentFeedEvent) => Promise<void> | void
let noted: string[]
let failures: string[]

function newGroup(changes: Partial<GroupDeps> = {}): SubscriberGroup {
  return new SubscriberGroup(channel, {
    audience: {
      key: 'key',
      async execute(event) {
        executed.push(nameOf(event))
        await execute(event)
        return new Payload({ said: nameOf(event) }, event.cursor)
      },
      isCacheable: true,
      isUnshared: false,
    },
    resultCache: new ResultCache(1024 * 1024),
    isVisible: () => isVisible,
    cursorAt: (position) => `at ${position}`,
    onFailure: (error) => failures.push((error as Error).message),
    onDelivered: (row, sockets) => noted.push(`${row.cursor} to ${sockets}`),
    onReplayed: (entries) => noted.push(`${entries} replayed`),
    onEmpty: () => noted.push('empty'),
    ...changes,
  })
}

beforeEach(async () => {
  story = new Story()
  channel = new ArticleCommentFeed(story.store, 'story')
  isVisible = true
  executed = []
  noted = []
  failures = []
  execute = () => {}
  await channel.refresh()
})

/** Adds entries to the feed and reads them. */
async function grow(count: number): Promise<void> {
  story.add(count)
  await channel.refresh()
}

describe('a member', () => {
  test('is first sent what it missed, then each new entry, executed once for all', async () => {
    const group = newGroup()
    await grow(3)
    const [late, punctual] = [join(group, 1), join(group, 3)]
    await heard(late, 2)
    await until(() => isCarried(late) && isCarried(punctual))
    await grow(2)
    await Promise.all([heard(late, 4), heard(punctual, 2)])
    expect(late.sink.heard).toEqual(['2', '3', '4', '5'])
    expect(punctual.sink.heard).toEqual(['4', '5'])
    expect(executed).toEqual(['2', '3', '4', '5'])
    await until(() => noted.length === 3)
    expect(noted).toEqual(['2 replayed', '4 to 2', '5 to 2'])
  })

  test('that begins with a reset is sent that before all else', async () => {
    const group = newGroup()
    await grow(2)
    const member = join(group, 1, { kind: 'RESET', reason: 'TOO_OLD', cursor: 'c' })
    await heard(member, 2)
    expect(member.sink.heard).toEqual(['TOO_OLD c', '2'])
  })

  test('is not sent what was taken back, and its place goes on', async () => {
    const group = newGroup()
    const live = join(group, 0)
    story.add(2)
    story.retract('c1')
    await channel.refresh()
    await heard(live, 2)
    expect(live.sink.heard).toEqual(['2', 'RETRACTED 3'])
    const late = join(group, 0)
    await heard(late, 2)
    expect(late.sink.heard).toEqual(['2', 'RETRACTED 3'])
    await grow(1)
    await Promise.all([heard(live, 3), heard(late, 3)])
    expect(late.sink.heard.at(-1)).toBe('4')
  })

  test('that leaves is sent nothing more, and its sink hears nothing of it', async () => {
    const group = newGroup()
    const [stays, leaves] = [join(group, 0), join(group, 0)]
    await until(() => isCarried(stays) && isCarried(leaves))
    leaves.member.leave()
    leaves.member.leave()
    await grow(1)
    await heard(stays, 1)
    expect(leaves.sink.heard).toEqual([])
    expect(leaves.left).toBe(1)
    expect(group.size).toBe(1)
    expect(noted.filter((note) => note === 'empty')).toEqual([])
  })

  test('that leaves while an entry goes out is not sent it, whoever sits behind it', async () => {
    const group = newGroup()
    const members = Array.from({ length: 5 }, () => join(group, 0))
    await until(() => members.every(isCarried))
    const [first, second] = members as [Joined, Joined]
    first.sink.onSend = () => second.member.leave()
    await grow(1)
    await heard(members[4] as Joined, 1)
    expect(members.map(({ sink }) => sink.heard)).toEqual([['1'], [], ['1'], ['1'], ['1']])
    first.sink.onSend = () => {}
    await grow(1)
    await heard(members[4] as Joined, 2)
    expect(members.map(({ sink }) => sink.heard.at(-1))).toEqual(['2', undefined, '2', '2', '2'])
    await until(() => noted.length === 2)
    expect(noted).toEqual(['1 to 4', '2 to 4'])
  })

  test('that comes while an entry goes out is sent it once', async () => {
    const group = newGroup()
    const first = join(group, 0)
    await until(() => isCarried(first))
    const late: Joined[] = []
    first.sink.onSend = () => {
      first.sink.onSend = () => {}
      late.push(join(group, 0), join(group, 1))
    }
    await grow(1)
    await until(() => late.length === 2 && late.every(isCarried))
    await grow(1)
    await Promise.all([first, ...late].map((each, i) => heard(each, i === 2 ? 1 : 2)))
    expect([first, ...late].map(({ sink }) => sink.heard)).toEqual([['1', '2'], ['1', '2'], ['2']])
  })

  test('without room is waited for while it catches up, and nobody else waits', async () => {
    const group = newGroup()
    await grow(250)
    const [slow, other] = [new Recorder(), new Recorder()]
    slow.stopReading()
    const held = join(group, 0, null, slow)
    const free = join(group, 0, null, other)
    await heard(free, 250)
    expect(slow.heard).toHaveLength(200)
    slow.readOn()
    await heard(held, 250)
    expect(slow.heard).toEqual(other.heard)
  })
})

describe('a group', () => {
  test('that its last member has left is empty, once, and watches no more', async () => {
    const group = newGroup()
    const [one, two] = [join(group, 0), join(group, 0)]
    expect(channel.listeners.has(group)).toBe(true)
    one.member.leave()
    expect(noted).toEqual([])
    two.member.leave()
    expect(noted).toEqual(['empty'])
    expect(channel.listeners.has(group)).toBe(false)
    expect(group.size).toBe(0)
  })

  test('whose story may not be seen any more says so to each, and ends', async () => {
    const group = newGroup()
    await grow(2)
    const [live, late] = [join(group, 2), join(group, 2)]
    await until(() => isCarried(live) && isCarried(late))
    isVisible = false
    group.wake()
    await until(() => live.sink.heard.length === 2 && late.sink.heard.length === 2)
    expect(live.sink.heard).toEqual(['ARTICLE_UNAVAILABLE at 2', 'end'])
    expect(late.sink.heard).toEqual(['ARTICLE_UNAVAILABLE at 2', 'end'])
    expect([live.left, late.left]).toEqual([1, 1])
    expect(executed).toEqual(['ARTICLE_UNAVAILABLE at 2'])
  })

  test('whose story may not be seen any more sends no entry that comes with it', async () => {
    const group = newGroup()
    const live = join(group, 0)
    await until(() => isCarried(live))
    execute = (event) => {
      if (event.kind === 'APPROVED') isVisible = false
    }
    await grow(1)
    await heard(live, 2)
    expect(live.sink.heard).toEqual(['ARTICLE_UNAVAILABLE at 1', 'end'])
  })

  test('whose story may not be seen any more replays nothing', async () => {
    const group = newGroup()
    await grow(3)
    isVisible = false
    const late = join(group, 0)
    await heard(late, 2)
    expect(late.sink.heard).toEqual(['ARTICLE_UNAVAILABLE at 3', 'end'])
  })

  test('whose event can not be executed cuts off who should get it, and they leave', async () => {
    const group = newGroup()
    const live = join(group, 0)
    await until(() => isCarried(live))
    execute = () => Promise.reject(new Error('not executed'))
    await grow(1)
    await heard(live, 1)
    const late = join(group, 0)
    await heard(late, 1)
    const reset = join(group, 1, { kind: 'RESET', reason: 'TOO_OLD', cursor: 'c' })
    await heard(reset, 1)
    for (const { sink, left } of [live, late, reset]) expect([sink.heard, left]).toEqual([['cut'], 1])
    expect(failures).toEqual(['not executed', 'not executed', 'not executed'])
    expect(group.size).toBe(0)
  })

  test('does not send an entry that is taken back while it is executed', async () => {
    const group = newGroup()
    const live = join(group, 0)
    await until(() => isCarried(live))
    const running = Promise.withResolvers<void>()
    execute = (event) => (event.cursor === '1' ? running.promise : undefined)
    await grow(1)
    await until(() => executed.length === 1)
    story.retract('c1')
    await channel.refresh()
    running.resolve()
    await heard(live, 1)
    expect(live.sink.heard).toEqual(['RETRACTED 2'])
  })

  test('ends every member when it is ended', async () => {
    const group = newGroup()
    await grow(1)
    const slow = new Recorder()
    slow.stopReading()
    const [live, late] = [join(group, 1), join(group, 0, null, slow)]
    await heard(late, 1)
    group.end()
    expect(live.sink.heard).toEqual(['end'])
    expect(late.sink.heard).toEqual(['1', 'end'])
    expect(noted.at(-1)).toBe('empty')
  })
})

describe('a group of an earlier history', () => {
  test('sends nothing more, and its members go on in another, behind a reset', async () => {
    const group = newGroup()
    const slow = new Recorder()
    await grow(2)
    slow.stopReading()
    const [live, late] = [join(group, 2), join(group, 0, null, slow)]
    await until(() => isCarried(live) && slow.heard.length === 2)
    group.retire()
    await grow(1)
    group.wake()
    const successor = group.successor()
    group.moveTo(successor, { kind: 'RESET', reason: 'OTHER_HISTORY', cursor: 'c' })
    slow.readOn()
    await Promise.all([heard(live, 1), heard(late, 3)])
    await grow(1)
    await Promise.all([heard(live, 2), heard(late, 4)])
    expect(live.sink.heard).toEqual(['OTHER_HISTORY c', '4'])
    expect(late.sink.heard).toEqual(['1', '2', 'OTHER_HISTORY c', '4'])
    expect([group.size, successor.size, live.left, late.left]).toEqual([0, 2, 0, 0])
    expect(channel.listeners.has(group)).toBe(false)
  })
})
