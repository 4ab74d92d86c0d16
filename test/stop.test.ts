import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { stop } from '../src/stop.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A gateway whose parts are slow or hang as the test says, and what was asked of it, in order. */
function gateway(hanging: 'drain' | 'close' | 'database' | null = null) {
  const asked: string[] = []
  const part = (name: string, said: string) => {
    asked.push(said)
    return name === hanging ? new Promise<void>(() => {}) : Promise.resolve()
  }
  const app = {
    drain: (ms: number) => part('drain', `drain ${ms}`),
    close: (ms?: number) => part('close', `close within ${ms}`),
  }
  const database = { close: () => part('database', 'close the database') }
  return { asked, stop: (ms: number) => stop(app, database, ms, (code) => void asked.push(`exit ${code}`)) }
}

test('a stop drains, lets requests finish for 10 s, closes the database last, and ends with 0', async () => {
  const { asked, stop } = gateway()
  await stop(5_000)
  expect(asked).toEqual(['drain 5000', 'close within 10000', 'close the database', 'exit 0'])
})

test.each([
  ['drain', 0, ['drain 0']],
  ['close', 5_000, ['drain 5000', 'close within 10000']],
  ['database', 30_000, ['drain 30000', 'close within 10000', 'close the database']],
  ['database', 3_600_000, ['drain 3600000', 'close within 10000', 'close the database']],
] as const)(
  'a stop whose %s hangs is cut short with 1, 14 s after a drain of %i ms',
  async (part, ms, begun) => {
    const { asked, stop } = gateway(part)
    void stop(ms)
    await vi.advanceTimersByTimeAsync(ms + 13_999)
    expect(asked).toEqual(begun)
    await vi.advanceTimersByTimeAsync(1)
    expect(asked).toEqual([...begun, 'exit 1'])
  },
)
