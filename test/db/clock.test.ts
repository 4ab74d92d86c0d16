import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { atMoment } from '../../src/clock.ts'
import { DatabaseClock } from '../../src/db/clock.ts'
import { openDatabase } from '../../src/db/open.ts'
import { operationText } from '../../src/http/operations.ts'
import { freshApp } from '../support/app.ts'
import { freshDatabase, freshSettings } from '../support/database.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

const MINUTE = 60_000
const START = Date.parse('2026-05-01T12:00:00Z')

describe("the database's clock", () => {
  /** A database whose answers take some milliseconds on the way there and back. */
  function distantDatabase() {
    const state = { local: 1_000, database: START, there: 10, back: 10, asked: 0, away: false }
    const pass = (ms: number) => {
      state.local += ms
      state.database += ms
    }
    const deps = {
      measureMs: 3_600_000,
      onFailure: () => {},
      monotonic: () => state.local,
      database: {
        async rows() {
          state.asked += 1
          if (state.away) throw new Error('the database is away')
          pass(state.there)
          const answer = new Date(state.database)
          pass(state.back)
          return [[answer]]
        },
      },
    }
    return { state, pass, deps }
  }

  test('is read in the middle of the round trip, and goes on without questions', async () => {
    const { state, pass, deps } = distantDatabase()
    const clock = await DatabaseClock.open(deps)
    const { asked } = state
    expect(clock.now().getTime()).toBe(state.database)
    pass(MINUTE)
    expect(clock.now().getTime()).toBe(state.database)
    expect(state.asked).toBe(asked)
    await clock.close()
  })

  test('is not spoilt by an answer that was slow in one direction', async () => {
    const { state, deps } = distantDatabase()
    const clock = await DatabaseClock.open(deps)
    state.back = 900
    await clock.measure()
    expect(clock.now().getTime()).toBe(state.database)
    await clock.close()
  })

  test('is followed at once when it is set, as by a standby that took over', async () => {
    const { state, deps } = distantDatabase()
    const clock = await DatabaseClock.open(deps)
    state.database -= 5 * MINUTE
    state.there = state.back = 40
    await clock.measure()
    expect(clock.now().getTime()).toBe(state.database)
    await clock.close()
  })

  test('is measured anew after a minute although the answer is slower', async () => {
    const { state, pass, deps } = distantDatabase()
    const clock = await DatabaseClock.open(deps)
    pass(MINUTE)
    state.database += 300
    state.there = state.back = 40
    await clock.measure()
    expect(clock.now().getTime()).toBe(state.database)
    await clock.close()
  })

  test('goes on while the database is away', async () => {
    const { state, pass, deps } = distantDatabase()
    const clock = await DatabaseClock.open(deps)
    state.away = true
    await expect(clock.measure()).rejects.toThrow('away')
    pass(10 * MINUTE)
    expect(clock.now().getTime()).toBe(state.database)
    await clock.close()
  })

  test("is a gateway's clock, whatever becomes of the machine's", async () => {
    await using database = await freshDatabase()
    await using app = await freshApp({ database })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * MINUTE })
    try {
      expect(Date.now() - app.services.now().getTime()).toBeGreaterThan(4 * MINUTE)
    } finally {
      vi.useRealTimers()
    }
    const before = app.services.now().getTime()
    const inTransaction = await database.prisma.$transaction((tx) => app.services.timeIn(tx))
    expect(Math.abs(inTransaction.getTime() - before)).toBeLessThan(MINUTE)
  })
})

describe('an alarm', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const now = () => new Date()
  const DAY = 24 * 60 * MINUTE

  test.each([1, 24, 25, 60, 400])('%i days ahead goes off then, and not before', (days) => {
    const work = vi.fn()
    atMoment(new Date(START + days * DAY), work, now)
    vi.advanceTimersByTime(days * DAY - 1)
    expect(work).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(work).toHaveBeenCalledOnce()
  })

  test('for a moment that is over goes off at once, but not within the call', () => {
    const work = vi.fn()
    atMoment(new Date(START - DAY), work, now)
    expect(work).not.toHaveBeenCalled()
    vi.advanceTimersByTime(0)
    expect(work).toHaveBeenCalledOnce()
  })

  test.each([1, 60])('%i days ahead that is cancelled never goes off', (days) => {
    const work = vi.fn()
    const alarm = atMoment(new Date(START + days * DAY), work, now)
    vi.advanceTimersByTime((days / 2) * DAY)
    alarm.cancel()
    vi.advanceTimersByTime(2 * days * DAY)
    expect(work).not.toHaveBeenCalled()
  })
})

// The embedded database has its process's clock, and no second gateway.
describe.runIf(process.env.DATABASE_URL)('two gateways, one five minutes fast and one right,', () => {
  async function startBoth(env: Record<string, string | undefined>): Promise<[Gateway, Gateway]> {
    const setClock = join(import.meta.dirname, '../support/set-clock.ts')
    const settings = { SAMPLE: 'off', LOG_LEVEL: 'error', ...env }
    // One after the other: the first one makes the development key.
    const right = await startGateway(settings)
    const ahead = { NODE_OPTIONS: `--import=${setClock}`, CLOCK_AHEAD_MS: String(5 * MINUTE) }
    return [await startGateway({ ...settings, ...ahead }), right]
  }

  test('agree on decisions, embargoes, comment windows and licences', async () => {
    await using settings = await freshSettings()
    const { DATA_DIR: dataDir, DATABASE_URL: url } = settings.env
    await using database = Object.assign(await openDatabase({ url, dataDir }), {
      [Symbol.asyncDispose]: () => database.close(),
    })
    const { prisma } = database
    const soon = new Date(Date.now() + 3 * MINUTE)
    const open = await addArticle(prisma)
    const closesSoon = await addArticle(prisma)
    await prisma.article.update({ where: { id: closesSoon.key }, data: { commentingClosesAt: soon } })
    const embargoed = await addArticle(prisma, { embargoedUntil: soon })
    const { key } = await addPartner(prisma, { licence: { validFrom: soon } })
    const comment = await addComment(prisma, open.key, { body: 'Decided by both' })
    const ids = [globalId('Comment', comment.id)]

    const [fast, right] = await startBoth(settings.env)
    await using _fast = fast
    await using _right = right
    const tokenOf = (role: 'reader' | 'moderator') =>
      signToken({ auth: { kind: 'development' }, dataDir, role, ttlSeconds: 3_600 })
    const moderator = await tokenOf('moderator')

    const { approveComments } = await fast.ask(operationText('ApproveComments'), { ids }, moderator)
    expect(approveComments.results).toMatchObject([{ __typename: 'CommentDecided' }])
    const { rejectComments } = await right.ask(
      operationText('RejectComments'),
      { ids, guidelines: ['RELEVANCE'] },
      moderator,
    )
    expect(rejectComments.results).toMatchObject([
      { __typename: 'CommentDecided', comment: { status: 'REJECTED' } },
    ])
    const [approval, rejection] = await prisma.decision.findMany({ orderBy: { at: 'asc' } })
    expect(approval).toMatchObject({ verdict: 'APPROVED' })
    expect(rejection!.at.getTime() - approval!.at.getTime()).toBeLessThan(MINUTE)

    for (const gateway of [fast, right]) {
      const story = 'query ($slug: String!) { article(slug: $slug) { slug } }'
      expect(await gateway.ask(story, { slug: embargoed.slug })).toEqual({ article: null })
      expect(await gateway.ask(story, { slug: open.slug })).toMatchObject({ article: { slug: open.slug } })
      const submitted = await gateway.ask(
        operationText('SubmitComment'),
        { input: { articleId: closesSoon.id, body: `In time for ${gateway.pid}` } },
        await tokenOf('reader'),
      )
      expect(submitted.submitComment).toHaveProperty('comment')
      const licensed = 'query ($id: ID!) { licensedStory(id: $id) { id } }'
      expect(await gateway.ask(licensed, { id: open.id }, key)).toEqual({ licensedStory: null })
    }
    expect(await prisma.articleChange.count({ where: { articleId: embargoed.key, kind: 'PUBLISHED' } })).toBe(
      0,
    )
  })
})
