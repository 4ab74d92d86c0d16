import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { runAt } from '../../src/base/clock.ts'
import { clockForCommand, DatabaseClock } from '../../src/db/clock.ts'
import { openDatabase } from '../../src/db/open.ts'
import { operationText } from '../../src/graphql/operations.ts'
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

  test('is asked for three times at the start, and the answer that came fastest counts', async () => {
    for (const fastest of [1, 2, 3]) {
      const { state, deps } = distantDatabase()
      const rows = async () => {
        Object.assign(state, state.asked + 1 === fastest ? { there: 10, back: 10 } : { there: 10, back: 500 })
        return deps.database.rows()
      }
      const clock = await DatabaseClock.open({ ...deps, database: { rows } })
      expect(state.asked).toBe(3)
      expect(clock.now().getTime()).toBe(state.database)
      await clock.close()
    }
  })

  test('is believed by a slower answer after a minute, or when it differs by more than a second', async () => {
    // The first answer took 20 ms. Half of what the slower one took does not count as a difference.
    for (const [passed, moved, isBelieved] of [
      [MINUTE - 101, 300, false],
      [MINUTE, 300, true],
      [0, 1_039, false],
      [0, -1_039, false],
      [0, 1_041, true],
      [0, -1_041, true],
    ] as const) {
      const { state, pass, deps } = distantDatabase()
      const clock = await DatabaseClock.open(deps)
      pass(passed)
      state.database += moved
      state.there = state.back = 40
      await clock.measure()
      expect([passed, moved, clock.now().getTime() === state.database]).toEqual([passed, moved, isBelieved])
      await clock.close()
    }
  })

  test('is followed by an answer as fast as the last one, however little it differs', async () => {
    const { state, deps } = distantDatabase()
    const clock = await DatabaseClock.open(deps)
    state.database += 7
    await clock.measure()
    expect(clock.now().getTime()).toBe(state.database)
    await clock.close()
  })

  test('is asked for at intervals until it is closed, and what fails is told of', async () => {
    vi.useFakeTimers()
    try {
      const { state, deps } = distantDatabase()
      const failures: unknown[] = []
      const onFailure = (error: unknown) => failures.push(error)
      const clock = await DatabaseClock.open({ ...deps, measureMs: 1_000, onFailure })
      await vi.advanceTimersByTimeAsync(2_000)
      expect(state.asked).toBe(5)
      state.away = true
      await vi.advanceTimersByTimeAsync(1_000)
      expect(failures).toMatchObject([{ message: 'the database is away' }])
      await clock.close()
      await vi.advanceTimersByTimeAsync(5_000)
      expect(state.asked).toBe(6)
      state.away = false
      const once = await clockForCommand(deps.database)
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect([state.asked, typeof once.now().getTime()]).toEqual([9, 'number'])
    } finally {
      vi.useRealTimers()
    }
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

describe('a timer', () => {
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
    runAt(new Date(START + days * DAY), work, now)
    vi.advanceTimersByTime(days * DAY - 1)
    expect(work).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(work).toHaveBeenCalledOnce()
  })

  test('for a moment that is over goes off at once, but not within the call', () => {
    const work = vi.fn()
    runAt(new Date(START - DAY), work, now)
    expect(work).not.toHaveBeenCalled()
    vi.advanceTimersByTime(0)
    expect(work).toHaveBeenCalledOnce()
  })

  test.each([1, 60])('%i days ahead that is cancelled never goes off', (days) => {
    const work = vi.fn()
    const timer = runAt(new Date(START + days * DAY), work, now)
    vi.advanceTimersByTime((days / 2) * DAY)
    timer.cancel()
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
      const licensed = 'query ($id: ID!) { licensedArticle(id: $id) { id } }'
      expect(await gateway.ask(licensed, { id: open.id }, key)).toEqual({ licensedArticle: null })
    }
    expect(await prisma.articleChange.count({ where: { articleId: embargoed.key, kind: 'PUBLISHED' } })).toBe(
      0,
    )
  })
})
