import { expect, test } from 'vitest'
import { nextAttempt, STANDARD_BACKOFF } from '../../src/jobs/backoff.ts'

const at = new Date('2026-03-01T12:00:00Z')
const wait = (attempts: number, more: { retryAfter?: string; random?: number } = {}) =>
  (nextAttempt(STANDARD_BACKOFF, { attempts, at, random: 0.5, ...more }).getTime() - at.getTime()) / 1000

test('attempts are made after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, and every 10 h from then on', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((attempts) => wait(attempts))
  expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000])
  expect(STANDARD_BACKOFF[0]).toBe(0)
})

test('each is up to a tenth earlier or later, so that those who failed together do not return together', () => {
  expect(wait(2, { random: 0 })).toBeCloseTo(270)
  expect(wait(2, { random: 1 })).toBeCloseTo(330)
})

test('Retry-After is honoured in seconds and as a date, for a day at most, and never makes it earlier', () => {
  expect(wait(1, { retryAfter: '120' })).toBe(120)
  expect(wait(1, { retryAfter: 'Sun, 01 Mar 2026 12:10:00 GMT' })).toBe(600)
  expect(wait(1, { retryAfter: '999999999' })).toBe(86_400)
  expect(wait(2, { retryAfter: '1' })).toBe(300)
  expect(wait(2, { retryAfter: 'Sun, 01 Mar 2026 11:00:00 GMT' })).toBe(300)
  expect(wait(2, { retryAfter: 'soon' })).toBe(300)
})
