import { afterEach, describe, expect, test, vi } from 'vitest'
import { RevocationWatch } from '../../src/auth/revocation.ts'
import type { RevocationSource } from '../../src/auth/source-watch.ts'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'

/** A source whose list the test writes, and which records look-ups. */
function sourceOf(revoked: Set<string>) {
  const lookups: string[][] = []
  const database = { isAway: false, answers: Promise.resolve() as Promise<unknown> }
  const source: RevocationSource = {
    channel: 'standing',
    identityOf: ({ subject }) => subject,
    async findRevoked(names) {
      lookups.push([...names])
      const found = new Set(names.filter((name) => revoked.has(name)))
      await database.answers
      if (database.isAway) throw new Error('away')
      return found
    },
    message: 'Not you.',
  }
  return { source, lookups, database }
}

const NEVER = 3_600_000

async function watchOver(revoked = new Set<string>(), pollMs = NEVER) {
  const { source, lookups, database } = sourceOf(revoked)
  const failures: unknown[] = []
  const bus = { hint: (_name: string) => {}, returns: () => {}, isHeard: true }
  const watch = await RevocationWatch.open([source], {
    listen: async (_channel, onPayload, onReconnect) => {
      bus.hint = onPayload
      bus.returns = onReconnect
      return async () => {
        bus.isHeard = false
      }
    },
    pollMs,
    onFailure: (error) => void failures.push(error),
  })
  return { watch, bus, lookups, revoked, database, failures }
}

function viewer(subject: string): Viewer {
  return { ...anonymous, role: 'reader', subject }
}

/** Watches somebody, and settles with the message that they are told. */
function told(watch: RevocationWatch, subject: string): Promise<string> {
  return new Promise((resolve) => void watch.watch(viewer(subject), resolve))
}

describe('who is connected', () => {
  test('is looked up when a hint names them, and only they are', async () => {
    const { watch, bus, lookups, revoked } = await watchOver()
    const message = told(watch, 'Ada')
    revoked.add('Ada')
    bus.hint('somebody else')
    bus.hint('Ada')
    expect(await message).toBe('Not you.')
    expect(lookups).toEqual([['Ada']])
    await watch.close()
  })

  test('is looked up when the bus is back: a hint may have been lost', async () => {
    const { watch, bus, lookups, revoked } = await watchOver()
    const message = told(watch, 'Ada')
    revoked.add('Ada')
    bus.returns()
    expect(await message).toBe('Not you.')
    expect(lookups).toEqual([['Ada']])
    await watch.close()
  })

  test('is forgotten when the last of their connections is gone', async () => {
    const { watch, bus, lookups } = await watchOver()
    const leave = Array.from({ length: 1_000 }, (_, n) => watch.watch(viewer(`Reader ${n}`), () => {}))
    const again = watch.watch(viewer('Reader 0'), () => {})
    expect(watch.watched).toBe(1_000)
    for (const each of leave) each()
    expect(watch.watched).toBe(1)
    again()
    expect(watch.watched).toBe(0)
    bus.hint('Reader 0')
    bus.returns()
    expect(lookups).toEqual([])
    await watch.close()
  })
})

describe('who asks again and again', () => {
  test('is looked up once while they are good', async () => {
    const { watch, lookups } = await watchOver()
    for (let n = 0; n < 100; n++) expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    expect(lookups).toEqual([['Ada']])
    await watch.close()
  })

  test.each(['hint', 'returns'] as const)('is looked up anew after the bus said so: %s', async (how) => {
    const { watch, bus, revoked } = await watchOver()
    expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    revoked.add('Ada')
    expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    bus[how]('Ada')
    expect(await watch.isRevoked(viewer('Ada'))).toBe(true)
    await watch.close()
  })

  test('is served again at once when the revocation is lifted', async () => {
    const { watch, revoked } = await watchOver(new Set(['Ada']))
    expect(await watch.isRevoked(viewer('Ada'))).toBe(true)
    revoked.delete('Ada')
    expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    await watch.close()
  })
})

describe('everybody connected', () => {
  afterEach(() => vi.useRealTimers())

  test('is looked at now and then, also after the database was away', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { watch, lookups, revoked, database, failures } = await watchOver(new Set(), 1_000)
    const message = told(watch, 'Ada')
    database.isAway = true
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect([lookups, failures.length]).toEqual([[['Ada'], ['Ada']], 2])
    database.isAway = false
    revoked.add('Ada')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await message).toBe('Not you.')
    expect(failures).toHaveLength(2)
    await watch.close()
  })

  test('is looked at once at a time, however long that takes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { watch, bus, lookups, database } = await watchOver(new Set(), 1_000)
    watch.watch(viewer('Ada'), () => {})
    const held = Promise.withResolvers<void>()
    database.answers = held.promise
    await vi.advanceTimersByTimeAsync(3_000)
    bus.returns()
    expect(lookups).toHaveLength(1)
    held.resolve()
    // The look-up after the bus has returned sees what was announced while it was away.
    await vi.waitFor(() => expect(lookups).toHaveLength(2))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lookups).toHaveLength(3)
    await watch.close()
  })

  test('is looked at in queries of 5,000', async () => {
    const { watch, bus, lookups, revoked } = await watchOver()
    const last = told(watch, 'Reader 0')
    for (let n = 1; n <= 10_000; n++) watch.watch(viewer(`Reader ${n}`), () => {})
    const message = told(watch, 'Reader 10000')
    revoked.add('Reader 10000')
    bus.returns()
    expect(await message).toBe('Not you.')
    expect(lookups.map(({ length }) => length)).toEqual([5_000, 5_000, 1])
    revoked.add('Reader 0')
    bus.hint('Reader 0')
    await last
    await watch.close()
  })

  test('is not looked at any more when the gateway closes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { watch, bus, lookups } = await watchOver(new Set(), 1_000)
    watch.watch(viewer('Ada'), () => {})
    await watch.close()
    await vi.advanceTimersByTimeAsync(10_000)
    expect([lookups, bus.isHeard]).toEqual([[], false])
  })

  test('with several connections is told on each, but not on those that are gone', async () => {
    const { watch, bus, revoked } = await watchOver()
    const heard: number[] = []
    const leave = [1, 2, 3].map((n) => watch.watch(viewer('Ada'), () => heard.push(n)))
    leave[1]?.()
    leave[1]?.()
    const other = told(watch, 'Grace')
    revoked.add('Ada').add('Grace')
    bus.hint('Ada')
    bus.hint('Grace')
    await other
    expect(heard).toEqual([1, 3])
    await watch.close()
  })

  test('who comes back after they were gone is told too', async () => {
    const { watch, bus, revoked } = await watchOver()
    const first = watch.watch(viewer('Ada'), () => {})
    first()
    const message = told(watch, 'Ada')
    first()
    expect(watch.watched).toBe(1)
    revoked.add('Ada')
    bus.hint('Ada')
    expect(await message).toBe('Not you.')
    await watch.close()
  })

  test('a hint that can not be followed is written down', async () => {
    const { watch, bus, database, failures } = await watchOver()
    watch.watch(viewer('Ada'), () => {})
    database.isAway = true
    bus.hint('Ada')
    await vi.waitUntil(() => failures.length === 1)
    await watch.close()
  })
})

describe('who comes', () => {
  const unavailable = expect.objectContaining({ code: 'TEMPORARILY_UNAVAILABLE' })

  test('is let in unless revoked, and is told why not', async () => {
    const { watch } = await watchOver(new Set(['Ada']))
    await watch.check(viewer('Grace'))
    await watch.check(anonymous)
    await expect(watch.check(viewer('Ada'))).rejects.toMatchObject({ code: 'FORBIDDEN', message: 'Not you.' })
    await watch.close()
  })

  test('is looked up each time, whatever was found a moment ago', async () => {
    const { watch, revoked } = await watchOver()
    expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    revoked.add('Ada')
    await expect(watch.check(viewer('Ada'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await watch.close()
  })

  test('while the database is away is told to try again, and is not taken for good afterwards', async () => {
    const { watch, database, revoked } = await watchOver()
    database.isAway = true
    await expect(watch.check(viewer('Ada'))).rejects.toEqual(unavailable)
    await expect(watch.isRevoked(viewer('Ada'))).rejects.toEqual(unavailable)
    database.isAway = false
    revoked.add('Ada')
    expect(await watch.isRevoked(viewer('Ada'))).toBe(true)
    await watch.close()
  })

  test('in a crowd shares one read, and who comes during it the next', async () => {
    const { watch, lookups, revoked, database } = await watchOver(new Set(['B']))
    const held = Promise.withResolvers<void>()
    database.answers = held.promise
    const first = watch.isRevoked(viewer('A'))
    await vi.waitUntil(() => lookups.length === 1)
    const later = ['A', 'B', 'C', 'C'].map((name) => watch.isRevoked(viewer(name)))
    revoked.add('C')
    held.resolve()
    expect(await first).toBe(false)
    expect(await Promise.all(later)).toEqual([false, true, true, true])
    expect(lookups).toEqual([['A'], ['A', 'B', 'C']])
    await watch.close()
  })

  test('nobody anonymous is looked up or watched', async () => {
    const { watch, lookups } = await watchOver(new Set(['null']))
    expect(await watch.isRevoked(anonymous)).toBe(false)
    watch.watch(anonymous, () => {})()
    expect([watch.watched, lookups]).toEqual([0, []])
    await watch.close()
  })
})

describe('who was found good', () => {
  afterEach(() => vi.useRealTimers())

  test('is believed for two seconds from the beginning of that read', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { watch, lookups, revoked } = await watchOver()
    expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    revoked.add('Ada')
    vi.advanceTimersByTime(1_999)
    expect(await watch.isRevoked(viewer('Ada'))).toBe(false)
    expect(lookups).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(await watch.isRevoked(viewer('Ada'))).toBe(true)
    await watch.close()
  })

  test('is remembered among the last 20,000', async () => {
    const { watch, lookups } = await watchOver()
    const ask = (from: number, to: number) =>
      Promise.all(Array.from({ length: to - from }, (_, i) => watch.isRevoked(viewer(`Reader ${from + i}`))))
    vi.useFakeTimers({ toFake: ['performance'] })
    await ask(0, 20_000)
    await ask(20_000, 20_001)
    lookups.length = 0
    await ask(1, 20_001)
    expect(lookups).toEqual([])
    await ask(0, 1)
    expect(lookups).toEqual([['Reader 0']])
    await watch.close()
  })
})

test('whoever any of several sources concerns is kept out, in the message of that source', async () => {
  const sources = [sourceOf(new Set(['Ada'])), sourceOf(new Set(['Grace']))]
  const listen = async () => async () => {}
  const watch = await RevocationWatch.open(
    sources.map(({ source }, i) => ({ ...source, message: `By source ${i}.` })),
    { listen, pollMs: NEVER, onFailure: () => {} },
  )
  for (const [name, message] of [
    ['Ada', 'By source 0.'],
    ['Grace', 'By source 1.'],
  ] as const) {
    expect(await watch.isRevoked(viewer(name))).toBe(true)
    await expect(watch.check(viewer(name))).rejects.toThrow(message)
  }
  expect(await watch.isRevoked(viewer('Edsger'))).toBe(false)
  const leave = watch.watch(viewer('Ada'), () => {})
  expect(watch.watched).toBe(2)
  leave()
  expect(watch.watched).toBe(0)
  await watch.close()
})
