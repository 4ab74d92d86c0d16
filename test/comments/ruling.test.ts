import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Message, Publisher, TransactionOptions } from '../../src/bus/bus.ts'
import { type DecisionDeps, decide } from '../../src/comments/decide.ts'
import type { DecisionInput } from '../../src/comments/decision-input.ts'
import type { Outcome } from '../../src/comments/decision-outcome.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle, addComment, someone } from '../support/newsroom.ts'

// What a ruling writes and announces.

let database: TestDatabase
let story: string
const messages: Message[] = []
const options: (TransactionOptions | undefined)[] = []

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  story = (await addArticle(database.prisma)).key
  messages.length = 0
  options.length = 0
})

const now = new Date('2026-05-01T12:00:00Z')
const decidedAt = new Date('2026-05-01T12:00:03Z')

/** Writes down what is announced. */
const bus: Publisher = {
  transaction: (work, given) => {
    options.push(given)
    return database.prisma.$transaction(
      (tx) => work(tx, async (message) => void messages.push(message)),
      given,
    )
  },
}

function rule(
  ruling: Partial<DecisionInput> & { ids: string[] },
  more: Partial<DecisionDeps> = {},
): Promise<Outcome[]> {
  return decide(
    { verdict: 'APPROVED', ...ruling },
    {
      prisma: database.prisma,
      bus,
      viewer: someone('moderator', 'Grace'),
      now: () => now,
      timeIn: async () => decidedAt,
      receivedAt: decidedAt,
      ...more,
    },
  )
}
const reject = (ids: string[], more: Partial<DecisionInput> = {}) =>
  rule({ verdict: 'REJECTED', guidelines: ['RELEVANCE'], ids, ...more })

const hintsOf = () => messages.map(({ channel, payload }) => ({ channel, ...JSON.parse(payload) }))
const hint = (articleId: string, position: number) => ({ channel: 'dateline_feed', articleId, position })
const article = () =>
  database.prisma.article.findUniqueOrThrow({
    where: { id: story },
    select: {
      feedPosition: true,
      commentCount: true,
      feed: {
        select: { position: true, kind: true, commentId: true, at: true, commentCount: true },
        orderBy: { position: 'asc' },
      },
    },
  })
const commentOf = (id: string) =>
  database.prisma.comment.findUniqueOrThrow({
    where: { id },
    select: { status: true, approvedAt: true, position: true },
  })

describe('a ruling', () => {
  test('gives each comment that it approves the next place in the feed, at the time of the database', async () => {
    const [one, two] = (await addPending(database.prisma, story, 2)) as [string, string]
    await rule({ ids: [one] })
    await rule({ ids: [two] })
    expect(await commentOf(one)).toEqual({ status: 'APPROVED', approvedAt: decidedAt, position: 1 })
    expect(await commentOf(two)).toEqual({ status: 'APPROVED', approvedAt: decidedAt, position: 2 })
    expect(await article()).toEqual({
      feedPosition: 2,
      commentCount: 2,
      feed: [
        { position: 1, kind: 'APPROVED', commentId: one, at: decidedAt, commentCount: 1 },
        { position: 2, kind: 'APPROVED', commentId: two, at: decidedAt, commentCount: 2 },
      ],
    })
  })

  test('takes an approved comment down, with a place of its own in the feed', async () => {
    const ids = await addPending(database.prisma, story, 2)
    await rule({ ids })
    await reject(ids.slice(0, 1))
    expect(await commentOf(ids[0]!)).toEqual({ status: 'REJECTED', approvedAt: null, position: null })
    expect(await article()).toMatchObject({
      feedPosition: 3,
      commentCount: 1,
      feed: [{}, {}, { position: 3, kind: 'RETRACTED', commentId: ids[0], at: decidedAt, commentCount: 1 }],
    })
  })

  test('rejects what waits without a word to readers', async () => {
    const ids = await addPending(database.prisma, story, 1)
    expect(await reject(ids)).toMatchObject([{ changed: true, comment: { status: 'REJECTED' } }])
    expect(await commentOf(ids[0]!)).toEqual({ status: 'REJECTED', approvedAt: null, position: null })
    expect(await article()).toEqual({ feedPosition: 0, commentCount: 0, feed: [] })
    expect(messages).toEqual([])
  })

  test('writes down who decided, when and why', async () => {
    const ids = await addPending(database.prisma, story, 2)
    await rule({ ids: ids.slice(0, 1), note: ' Good\u202e \u200b point ', guidelines: ['RELEVANCE'] })
    await reject(ids.slice(1), { guidelines: ['RELEVANCE'], note: ' \n\u3164 ' })
    const decisions = await database.prisma.decision.findMany({
      where: { commentId: { in: ids } },
      include: { guidelines: true },
      orderBy: { verdict: 'asc' },
    })
    const by = { moderator: 'moderator-Grace', moderatorName: 'Grace', at: decidedAt }
    expect(decisions).toMatchObject([
      { ...by, verdict: 'APPROVED', commentId: ids[0], note: 'Good  point', guidelines: [] },
      {
        ...by,
        verdict: 'REJECTED',
        commentId: ids[1],
        note: null,
        guidelines: [{ guidelineCode: 'RELEVANCE' }],
      },
    ])
  })

  test('of a moderator without a name is by "A moderator"', async () => {
    const ids = await addPending(database.prisma, story, 1)
    const viewer = { ...someone('moderator', 'Grace'), displayName: null }
    expect(await rule({ ids }, { viewer })).toMatchObject([{ decision: { moderatorName: 'A moderator' } }])
  })

  test('waits ten seconds for a connection, and takes at most thirty', async () => {
    await rule({ ids: await addPending(database.prisma, story, 1) })
    expect(options).toEqual([{ maxWait: 10_000, timeout: 30_000 }])
  })
})

describe('the hint to readers', () => {
  test('is one for a story, with the place up to which its feed has grown', async () => {
    const ids = await addPending(database.prisma, story, 3)
    await rule({ ids })
    expect(hintsOf()).toEqual([hint(story, 3)])
    await reject(ids.slice(0, 2))
    expect(hintsOf()).toEqual([hint(story, 3), hint(story, 5)])
  })

  test('is none where a decision is repeated, or is a conflict', async () => {
    const ids = await addPending(database.prisma, story, 1)
    await rule({ ids })
    messages.length = 0
    await rule({ ids })
    await rule({ ids }, { viewer: someone('moderator', 'Ada') })
    expect(messages).toEqual([])
    expect(await article()).toMatchObject({ feedPosition: 1, commentCount: 1 })
  })

  test.each([0, 1, 2])(
    'is for every story whose feed has grown, whichever of three has not: %i',
    async (still) => {
      // In the order in which they are locked.
      const stories = [story]
      for (let n = 0; n < 2; n++) stories.push((await addArticle(database.prisma)).key)
      stories.sort()
      const ids: string[] = []
      for (const [n, key] of stories.entries()) {
        const pending = await addPending(database.prisma, key, 1)
        if (n !== still) await rule({ ids: pending })
        ids.push(...pending)
      }
      messages.length = 0
      // What waits is rejected without a word; what was approved is taken down.
      await reject(ids)
      const grown = stories.filter((_, n) => n !== still)
      expect(hintsOf()).toEqual(grown.map((key) => hint(key, 2)))
    },
  )
})

describe('a ruling is refused', () => {
  const refusal = (field: string, message: unknown = expect.anything()) =>
    expect.objectContaining({ code: 'INVALID_INPUT', field, message })

  test('without comments, and with more than a hundred', async () => {
    const [id] = (await addPending(database.prisma, story, 1)) as [string]
    await expect(rule({ ids: [] })).rejects.toEqual(refusal('ids', 'Give at least one comment id.'))
    await expect(rule({ ids: Array(101).fill(id) })).rejects.toEqual(
      refusal('ids', 'Decide on at most 100 comments at once.'),
    )
  })

  test('with a note of more than 1,000 characters', async () => {
    const ids = await addPending(database.prisma, story, 1)
    await expect(reject(ids, { note: 'x'.repeat(1_001) })).rejects.toEqual(
      refusal('note', 'A note may have at most 1000 characters. Shorten it.'),
    )
    await expect(rule({ ids, note: 'a\0' })).rejects.toEqual(refusal('note'))
    expect(await reject(ids, { note: 'x'.repeat(1_000) })).toMatchObject([{ changed: true }])
  })

  test('on the moderator’s own comment, found by the account and not by the name', async () => {
    const own = await addComment(database.prisma, story, { body: 'Mine', by: 'Ada' })
    const renamed = { ...someone('moderator', 'Renamed'), subject: someone('reader', 'Ada').subject }
    expect(await rule({ ids: [own.id] }, { viewer: renamed })).toMatchObject([
      { failure: { code: 'FORBIDDEN' } },
    ])
    expect(await commentOf(own.id)).toMatchObject({ status: 'PENDING' })
    const namesake = { ...someone('moderator', 'Ada'), subject: 'another account' }
    expect(await rule({ ids: [own.id] }, { viewer: namesake })).toMatchObject([{ changed: true }])
  })

  test('without a guideline, or by one that there is not, of which it repeats 80 characters', async () => {
    const ids = await addPending(database.prisma, story, 1)
    await expect(reject(ids, { guidelines: [] })).rejects.toEqual(
      refusal('guidelines', 'Give at least one guideline for a rejection.'),
    )
    await expect(reject(ids, { guidelines: undefined })).rejects.toEqual(refusal('guidelines'))
    await expect(reject(ids, { guidelines: ['RELEVANCE', 'x'.repeat(90)] })).rejects.toEqual(
      refusal('guidelines', `The guideline "${'x'.repeat(80)}" does not exist. See Query.guidelines.`),
    )
    expect(await commentOf(ids[0]!)).toMatchObject({ status: 'PENDING' })
  })
})

describe('how the moderator saw a comment', () => {
  test.each([
    ['pending', 'PENDING', false],
    ['approved', 'APPROVED', true],
    ['in no way that was said', null, true],
  ] as const)('%s: a rejection of an approved one is carried out: %j', async (_how, seen, isDone) => {
    const ids = await addPending(database.prisma, story, 1)
    await rule({ ids })
    const [outcome] = await reject(ids, { seen })
    expect('changed' in outcome!).toBe(isDone)
    expect(await commentOf(ids[0]!)).toMatchObject({ status: isDone ? 'REJECTED' : 'APPROVED' })
  })

  test('a conflict says who decided what, and when', async () => {
    const ids = await addPending(database.prisma, story, 2)
    await rule({ ids: ids.slice(0, 1) })
    await reject(ids.slice(1))
    const outcomes = await rule({ ids }, { viewer: someone('moderator', 'Ada') })
    const words = (verb: string) =>
      `Grace ${verb} this comment at 2026-05-01T12:00:03.000Z. Reload the comment before you decide.`
    expect(outcomes).toMatchObject([
      { failure: { code: 'CONFLICT', message: words('approved'), comment: { id: ids[0] } } },
      { failure: { code: 'CONFLICT', message: words('rejected'), decision: { verdict: 'REJECTED' } } },
    ])
  })
})

test('the comments of one ruling are decided in the order in which they were submitted', async () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 3, 1, 12, minute))
  const ids: string[] = []
  for (const minute of [3, 1, 2]) {
    const body = `At ${minute}`
    ids.push((await addComment(database.prisma, story, { body, by: body, at: at(minute) })).id)
  }
  const outcomes = await rule({ ids })
  expect(outcomes.map(({ commentId }) => commentId)).toEqual(ids)
  const { feed } = await article()
  expect(feed.map(({ commentId }) => commentId)).toEqual([ids[1], ids[2], ids[0]])
})
