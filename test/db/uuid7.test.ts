import { afterEach, expect, test, vi } from 'vitest'
import { uuid7 } from '../../src/db/uuid7.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('an id is a UUID of version 7 that begins with the milliseconds of its making', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0x0199_0123_4567 })
  for (let i = 0; i < 200; i++) {
    expect(uuid7()).toMatch(/^01990123-4567-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('a later id sorts after an earlier one, and no two are the same', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1 })
  const ids = Array.from({ length: 300 }, () => {
    vi.setSystemTime(Date.now() * 2 ** 0.1 + 1)
    return uuid7()
  })
  expect(ids.toSorted()).toEqual(ids)
  vi.setSystemTime(5)
  expect(new Set(Array.from({ length: 1_000 }, uuid7)).size).toBe(1_000)
})
