import { describe, expect, test, vi } from 'vitest'
import { SignInLimit } from '../../src/auth/sign-in-limit.ts'
import { NotSignedIn, RateLimited, TemporarilyUnavailable } from '../../src/base/errors.ts'
import { RateLimit } from '../../src/rate-limits/limit.ts'

// How attempts are counted, with a table of counts in place of the database's.

/** The start of an hour, and so of a minute. */
const HOUR = Date.UTC(2026, 2, 1, 12)

function counting(...rates: [seconds: number, max: number][]) {
  const world = {
    at: HOUR,
    /** The counts that all gateways share, by key and start. */
    counts: new Map<string, number>(),
    /** The batches that were written: key and count of each. */
    written: [] as [key: string, count: number][][],
    isAway: false,
    failures: 0,
    /** Held back until this settles. */
    gate: Promise.resolve() as Promise<unknown>,
  }
  const prisma = {
    // The statement's parameters, as `addAttempts` hands them over.
    async $queryRaw(_sql: TemplateStringsArray, keys: string[], starts: string[], counts: number[]) {
      world.written.push(keys.map((key, i) => [key, counts[i] as number]))
      await world.gate
      if (world.isAway) throw new Error('away')
      const rows = keys.map((key, i) => {
        const place = `${starts[i]} ${key}`
        const count = (world.counts.get(place) ?? 0) + (counts[i] as number)
        world.counts.set(place, count)
        return { key, start: new Date(starts[i] as string), count }
      })
      // In any order, as the database may answer.
      return rows.reverse()
    },
  }
  const gateway = () =>
    new RateLimit(
      'test',
      rates.map(([seconds, max]) => ({ seconds, max })),
      {
        prisma: prisma as never,
        now: () => new Date(world.at),
        onFailure: () => {
          world.failures += 1
        },
      },
    )
  return { world, gateway, limit: gateway() }
}

const many = (limit: RateLimit, client: string, times: number) =>
  Promise.all(Array.from({ length: times }, () => limit.count(client)))

describe('attempts', () => {
  test('are allowed up to the number, and one more is told how long to wait', async () => {
    const { world, limit } = counting([60, 3])
    world.at = HOUR + 20_500
    for (let n = 0; n < 3; n++) {
      expect(limit.retryAfterOf('Ada')).toBe(null)
      expect(await limit.count('Ada')).toBe(null)
    }
    expect(limit.retryAfterOf('Ada')).toBe(40)
    expect(await limit.count('Ada')).toBe(40)
    expect(limit.retryAfterOf('Grace')).toBe(null)
    expect(await limit.count('Grace')).toBe(null)
  })

  test('wait at least a second, and begin anew exactly when the span is over', async () => {
    const { world, limit } = counting([60, 1])
    await many(limit, 'Ada', 2)
    world.at = HOUR + 59_999
    expect(limit.retryAfterOf('Ada')).toBe(1)
    world.at = HOUR + 60_000
    expect(limit.retryAfterOf('Ada')).toBe(null)
    expect(await limit.count('Ada')).toBe(null)
  })

  test('wait for the longest of the spans that are used up', async () => {
    const { world, limit } = counting([60, 2], [3_600, 4])
    await many(limit, 'Ada', 3)
    expect(limit.retryAfterOf('Ada')).toBe(60)
    world.at = HOUR + 60_000
    expect(await many(limit, 'Ada', 2)).toEqual([null, 3_540])
    expect(limit.retryAfterOf('Ada')).toBe(3_540)
  })

  test('that come together have each the place at which they came', async () => {
    const { limit } = counting([60, 3])
    expect(await many(limit, 'Ada', 5)).toEqual([null, null, null, 60, 60])
  })

  test('that come while a statement is under way share the next', async () => {
    const { world, limit } = counting([60, 100])
    const held = Promise.withResolvers<void>()
    world.gate = held.promise
    const first = limit.count('Ada')
    await Promise.resolve()
    const later = [...Array.from({ length: 5 }, () => limit.count('Ada')), limit.count('Grace')]
    held.resolve()
    await Promise.all([first, ...later])
    expect(world.written).toEqual([
      [['test 60 Ada', 1]],
      [
        ['test 60 Ada', 5],
        ['test 60 Grace', 1],
      ],
    ])
  })

  test('are counted here after 2 s without an answer, at once while it is missing, and there again after it', async () => {
    vi.useFakeTimers()
    try {
      const { world, limit } = counting([60, 3])
      const held = Promise.withResolvers<void>()
      world.gate = held.promise
      const first = limit.count('Ada')
      await vi.advanceTimersByTimeAsync(2_000)
      expect(await first).toBe(null)
      expect(await many(limit, 'Ada', 3)).toEqual([null, null, 60])
      expect(world.written).toHaveLength(1)
      held.resolve()
      await vi.advanceTimersByTimeAsync(0)
      await limit.count('Grace')
      expect(world.written).toHaveLength(2)
    } finally {
      vi.useRealTimers()
    }
  })

  test('at other gateways count too', async () => {
    const { limit, gateway } = counting([60, 4])
    const other = gateway()
    await many(other, 'Ada', 3)
    expect(await many(limit, 'Ada', 2)).toEqual([null, 60])
    // Reads nothing: the other has not heard yet.
    expect(other.retryAfterOf('Ada')).toBe(null)
  })

  test('are counted by this gateway alone while the database is away', async () => {
    const { world, limit } = counting([60, 3])
    await limit.count('Ada')
    world.isAway = true
    expect(await limit.count('Ada')).toBe(null)
    expect(await limit.count('Ada')).toBe(null)
    expect(await limit.count('Ada')).toBe(60)
    expect(world.failures).toBe(3)
    expect(limit.retryAfterOf('Ada')).toBe(60)
    world.isAway = false
    world.at = HOUR + 60_000
    expect(await limit.count('Ada')).toBe(null)
    expect(world.failures).toBe(3)
  })

  test('of the last 20,000 clients are remembered', async () => {
    const { limit } = counting([60, 1])
    const counted = (from: number, to: number) =>
      Promise.all(Array.from({ length: to - from }, (_, i) => limit.count(`client ${from + i}`)))
    await counted(0, 20_000)
    expect([limit.retryAfterOf('client 0'), limit.retryAfterOf('client 19999')]).toEqual([60, 60])
    // Whoever comes again is among the last.
    await limit.count('client 0')
    await counted(20_000, 20_001)
    expect([
      limit.retryAfterOf('client 0'),
      limit.retryAfterOf('client 1'),
      limit.retryAfterOf('client 2'),
    ]).toEqual([60, null, 60])
  })
})

describe('a sign-in', () => {
  const KEY = `dlk_00000001_${'x'.repeat(43)}`
  const FEED_KEY = `dlf_00000001_${'x'.repeat(43)}`
  const FEED_TOKEN = `f00000001${'x'.repeat(43)}`

  function door(most = 1) {
    const { world, limit } = counting([60, most])
    const signIns = new SignInLimit(limit)
    let looked = 0
    const attempt = (secret: string, outcome: Error | 'good', network = 'home') =>
      signIns
        .guard(network, secret, async () => {
          looked += 1
          if (outcome !== 'good') throw outcome
          return 'welcome'
        })
        .catch((error: Error) => error)
    return { world, attempt, lookups: () => looked }
  }
  const wrong = () => new NotSignedIn('Wrong.')
  const limited = expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: 60 })

  test('with a valid token is let in after any number of failures', async () => {
    const { attempt } = door()
    for (let n = 0; n < 5; n++) await attempt('token', wrong())
    expect(await attempt('token', 'good')).toBe('welcome')
    expect(await attempt('token', wrong())).toEqual(limited)
    expect(await attempt('token', wrong(), 'elsewhere')).toMatchObject({ code: 'NOT_SIGNED_IN' })
  })

  test('that fails for another reason is not counted, and told as it is', async () => {
    const { world, attempt } = door()
    const away = new TemporarilyUnavailable('Away.')
    const expired = new NotSignedIn('Expired.', true)
    for (let n = 0; n < 3; n++) {
      expect(await attempt('token', away)).toBe(away)
      expect(await attempt('token', expired)).toBe(expired)
    }
    expect(world.written).toEqual([])
  })

  test('costs no statement once the address has failed too often', async () => {
    const { world, attempt } = door()
    await attempt('token', wrong())
    expect(await attempt('token', wrong())).toEqual(limited)
    expect(world.written).toHaveLength(1)
  })

  test.each([KEY, FEED_KEY, FEED_TOKEN])('with the unknown key %s is not looked up then', async (key) => {
    const { attempt, lookups } = door()
    expect(await attempt(key, wrong())).toMatchObject({ code: 'NOT_SIGNED_IN' })
    expect(await attempt(key, 'good')).toEqual(limited)
    expect(lookups()).toBe(1)
    expect(await attempt(key, 'good', 'elsewhere')).toBe('welcome')
    // Accepted once, it is known everywhere.
    expect(await attempt(key, 'good')).toBe('welcome')
  })

  test('with a key that was accepted before, and is not any more, makes it unknown', async () => {
    const { attempt, lookups } = door()
    expect(await attempt(KEY, 'good')).toBe('welcome')
    expect(await attempt(KEY, wrong())).toMatchObject({ code: 'NOT_SIGNED_IN' })
    expect(await attempt(KEY, wrong())).toEqual(limited)
    expect(lookups()).toBe(2)
  })

  test('with a key that was accepted stays known when the database is away', async () => {
    const { attempt } = door()
    await attempt(KEY, 'good')
    await attempt('token', wrong())
    expect(await attempt(KEY, new TemporarilyUnavailable('Away.'))).toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    })
    expect(await attempt(KEY, 'good')).toBe('welcome')
  })

  test('with one of the 10,000 keys that were accepted last is known', async () => {
    const { attempt } = door()
    const key = (n: number) => `dlk_${n.toString(16).padStart(8, '0')}_${'x'.repeat(43)}`
    for (let n = 0; n < 10_000; n++) await attempt(key(n), 'good')
    await attempt(key(0), 'good')
    await attempt(key(10_000), 'good')
    await attempt('token', wrong())
    expect(await attempt(key(0), 'good')).toBe('welcome')
    expect(await attempt(key(2), 'good')).toBe('welcome')
    expect(await attempt(key(1), 'good')).toEqual(limited)
  })

  test('that is limited is a RateLimited', async () => {
    const { attempt } = door()
    await attempt('token', wrong())
    const error = await attempt('token', wrong())
    expect(error).toBeInstanceOf(RateLimited)
    expect((error as Error).message).toBe('Too many failed sign-ins from your address. Try again in 60 s.')
  })
})
