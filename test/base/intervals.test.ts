import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runEvery } from '../../src/base/clock.ts'
import { parseDurationSeconds } from '../../src/base/duration.ts'

const unexpected = (error: unknown) => {
  throw error
}

describe('work at intervals', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is done once in each, and not at once', async () => {
    const work = vi.fn(async () => {})
    const stop = runEvery(1_000, work, unexpected)
    await vi.advanceTimersByTimeAsync(999)
    expect(work).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2_001)
    expect(work).toHaveBeenCalledTimes(3)
    await stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(work).toHaveBeenCalledTimes(3)
  })

  test('that takes longer is never done twice at once, and goes on at the next interval', async () => {
    let running = 0
    let most = 0
    let done = 0
    const stop = runEvery(
      1_000,
      async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 2_500))
        running--
        done++
      },
      unexpected,
    )
    await vi.advanceTimersByTimeAsync(3_500)
    expect({ done, running }).toEqual({ done: 1, running: 0 })
    await vi.advanceTimersByTimeAsync(500)
    expect({ running, most }).toEqual({ running: 1, most: 1 })
    const stopped = stop()
    await vi.advanceTimersByTimeAsync(2_500)
    await stopped
  })

  test('that fails is told of, and tried again', async () => {
    const failures: unknown[] = []
    const fault = new Error('no database')
    const work = vi.fn(() => Promise.reject(fault))
    const stop = runEvery(1_000, work, (error) => failures.push(error))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(failures).toEqual([fault, fault])
    await stop()
  })

  test('without a promise is done in each interval, also when timers fire late, and its errors are told of', async () => {
    const failures: unknown[] = []
    const fault = new Error('broken')
    let turns = 0
    const stop = runEvery(
      1_000,
      () => {
        turns += 1
        if (turns === 2) throw fault
      },
      (error) => failures.push(error),
    )
    vi.advanceTimersByTime(3_000)
    expect({ turns, failures }).toEqual({ turns: 3, failures: [fault] })
    await stop()
  })

  test('is stopped when what is under way has ended', async () => {
    const gate = Promise.withResolvers<void>()
    const stop = runEvery(1_000, () => gate.promise, unexpected)
    await vi.advanceTimersByTimeAsync(1_000)
    const seen: string[] = []
    const stopped = stop().then(() => seen.push('stopped'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(seen).toEqual([])
    gate.resolve()
    await stopped
    expect(seen).toEqual(['stopped'])
  })
})

test.each([
  ['1s', 1],
  ['30s', 30],
  ['15m', 900],
  ['1h', 3_600],
  ['7d', 604_800],
  ['999999s', 999_999],
  ['1000000s', null],
  ['0s', null],
  ['01s', null],
  ['-1s', null],
  ['1.5h', null],
  ['5', null],
  ['s', null],
  ['5w', null],
  ['5S', null],
  ['5s ', null],
  ['1h30m', null],
  ['', null],
])('the time %j is %s seconds', (text, seconds) => {
  expect(parseDurationSeconds(text)).toBe(seconds)
})
