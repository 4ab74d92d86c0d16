import { beforeEach, expect, test, vi } from 'vitest'
import { retryUntilCancelled } from '../../src/comment-feed/retry.ts'

const pauses = vi.hoisted(() => [] as number[])

vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void pauses.push(ms),
}))

beforeEach(() => void pauses.splice(0))

test('what succeeds is done once, without a pause', async () => {
  const failures: unknown[] = []
  expect(
    await retryUntilCancelled(
      async () => 'done',
      failures.push,
      () => false,
    ),
  ).toBe('done')
  expect({ failures, pauses }).toEqual({ failures: [], pauses: [] })
})

test('what fails is done again after 50, 200, 500, 1,000 and then every 2,000 ms, and each failure is told', async () => {
  const failures: string[] = []
  let attempts = 0
  const work = async () => {
    attempts += 1
    if (attempts <= 7) throw new Error(`failure ${attempts}`)
    return attempts
  }
  const onFailure = (error: unknown) => failures.push((error as Error).message)
  expect(await retryUntilCancelled(work, onFailure, () => false)).toBe(8)
  expect(pauses).toEqual([50, 200, 500, 1_000, 2_000, 2_000, 2_000])
  expect(failures).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `failure ${n}`))
})

test('what nobody wants is not even begun', async () => {
  const work = vi.fn()
  expect(
    await retryUntilCancelled(
      work,
      () => {},
      () => true,
    ),
  ).toBeNull()
  expect(work).not.toHaveBeenCalled()
})

test('what nobody wants any more after a failure is not done again', async () => {
  let wanted = true
  const work = vi.fn(async () => {
    wanted = false
    throw new Error('failed')
  })
  expect(
    await retryUntilCancelled(
      work,
      () => {},
      () => !wanted,
    ),
  ).toBeNull()
  expect(work).toHaveBeenCalledTimes(1)
})

test('what succeeds although nobody wants it any more is handed over', async () => {
  let wanted = true
  const work = async () => {
    wanted = false
    return 'done'
  }
  expect(
    await retryUntilCancelled(
      work,
      () => {},
      () => !wanted,
    ),
  ).toBe('done')
})
