import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AsyncSignal } from '../../src/base/async-signal.ts'
import type { OperationCharge } from '../../src/graphql/operation-charge.ts'
import { QuotaWait } from '../../src/syndication/charged-changes.ts'

// What a subscription to changes waits for.

/** Whether a promise has settled by now. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  await Promise.resolve()
  const first = await Promise.race([promise.catch(() => {}), Promise.resolve(pending)])
  return first !== pending
}

describe('a bell', () => {
  test('is waited for until it rings, and was heard when it has rung before', async () => {
    const bell = new AsyncSignal()
    bell.reset()
    const waiting = bell.wait()
    expect(await isOver(waiting)).toBe(false)
    bell.notify()
    await waiting
    // What has rung stays until somebody listens anew.
    await bell.wait()
    bell.reset()
    expect(await isOver(bell.wait())).toBe(false)
  })

  test('that is stopped lets go who waits, and whoever waits later', async () => {
    const bell = new AsyncSignal()
    const waiting = bell.wait()
    expect(bell.isStopped).toBe(false)
    bell.stop()
    await waiting
    bell.reset()
    await bell.wait()
    expect(bell.isStopped).toBe(true)
  })

  test('that fails tells who waits, and whoever waits later', async () => {
    const bell = new AsyncSignal()
    const waiting = bell.wait()
    bell.fail(new Error('expired'))
    await expect(waiting).rejects.toThrow('expired')
    bell.reset()
    await expect(bell.wait()).rejects.toThrow('expired')
  })
})

describe('a subscription that began with a quota used up', () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-03-01T12:00:30Z') }))
  afterEach(() => void vi.useRealTimers())

  const now = () => new Date()
  const usedUp = (retryAfter: number, again: OperationCharge['again']) =>
    ({ left: null, exceeded: { retryAfter }, refund: async () => {}, again }) as unknown as OperationCharge
  const free = { left: {}, exceeded: null } as unknown as OperationCharge

  test('charges when the quota begins anew, and not before, and once', async () => {
    const again = vi.fn(async () => free)
    const wake = vi.fn()
    const quota = new QuotaWait(usedUp(30, again), now, wake)
    expect(await quota.isUsedUp()).toBe(true)
    await vi.advanceTimersByTimeAsync(29_999)
    expect(await quota.isUsedUp()).toBe(true)
    expect([wake.mock.calls.length, again.mock.calls.length]).toEqual([0, 0])
    await vi.advanceTimersByTimeAsync(1)
    expect(wake).toHaveBeenCalledOnce()
    expect(await quota.isUsedUp()).toBe(false)
    expect(await quota.isUsedUp()).toBe(false)
    expect(again).toHaveBeenCalledExactlyOnceWith(new Date('2026-03-01T12:01:00Z'))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(wake).toHaveBeenCalledOnce()
  })

  test('waits again where the quota is used up again by then', async () => {
    const again = vi.fn<OperationCharge['again']>()
    again.mockResolvedValueOnce(usedUp(60, again)).mockResolvedValueOnce(free)
    const wake = vi.fn()
    const quota = new QuotaWait(usedUp(30, again), now, wake)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await quota.isUsedUp()).toBe(true)
    await vi.advanceTimersByTimeAsync(59_999)
    expect(wake).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(wake).toHaveBeenCalledTimes(2)
    expect(await quota.isUsedUp()).toBe(false)
  })

  test('is not woken any more when it has ended', async () => {
    const wake = vi.fn()
    new QuotaWait(usedUp(30, vi.fn()), now, wake).stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(wake).not.toHaveBeenCalled()
  })

  test.each([
    ['of somebody who has no quota', null],
    ['that was counted', free],
  ])('one %s waits for nothing', async (_whose, charge) => {
    const wake = vi.fn()
    const quota = new QuotaWait(charge, now, wake)
    expect(await quota.isUsedUp()).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    quota.stop()
  })
})
