import { expect, test } from 'vitest'
import { RequestRate } from '../../src/websub/limits.ts'

// How often the hub is asked in one minute, by whom and about whom.

const NOON = new Date('2026-03-01T12:00:00.000Z')
const LAST = new Date('2026-03-01T12:00:59.999Z')
const NEXT = new Date('2026-03-01T12:01:00.000Z')

/** How many of so many requests pass. */
function passed(times: number, request: (i: number) => void): number {
  let count = 0
  for (let i = 0; i < times; i += 1) {
    try {
      request(i)
      count += 1
    } catch (error) {
      expect(error).toMatchObject({ code: 'RATE_LIMITED' })
    }
  }
  return count
}

test('a client asks 60 times, and another one is not held up by it', () => {
  const rate = new RequestRate()
  expect(passed(100, () => rate.count('192.0.2.1', NOON))).toBe(60)
  expect(passed(100, () => rate.count('192.0.2.2', LAST))).toBe(60)
  expect(passed(100, () => rate.count('192.0.2.1', NEXT))).toBe(60)
})

test('all clients together ask 3,000 times', () => {
  const rate = new RequestRate()
  expect(passed(5_000, (i) => rate.count(`client ${i}`, NOON))).toBe(3_000)
  expect(passed(5_000, (i) => rate.count(`client ${i}`, NEXT))).toBe(3_000)
})

test('a client asks 20 times about one host, and about another one again', () => {
  const rate = new RequestRate()
  expect(passed(50, () => rate.countHost('192.0.2.1', 'a.example', NOON))).toBe(20)
  expect(passed(50, () => rate.countHost('192.0.2.1', 'b.example', NOON))).toBe(20)
  expect(passed(50, () => rate.countHost('192.0.2.2', 'a.example', LAST))).toBe(20)
  expect(passed(50, () => rate.countHost('192.0.2.1', 'a.example', NEXT))).toBe(20)
})

test('all clients together ask 200 times about one host', () => {
  const rate = new RequestRate()
  expect(passed(500, (i) => rate.countHost(`client ${i}`, 'a.example', NOON))).toBe(200)
  expect(passed(500, (i) => rate.countHost(`client ${i}`, 'b.example', NOON))).toBe(200)
})

test('a client that was refused takes nothing from what all may ask', () => {
  const rate = new RequestRate()
  passed(10_000, () => rate.count('192.0.2.1', NOON))
  expect(passed(5_000, (i) => rate.count(`client ${i}`, NOON))).toBe(3_000 - 60)
})

test.each([
  [NOON, 60],
  [new Date('2026-03-01T12:00:00.001Z'), 60],
  [new Date('2026-03-01T12:00:45.000Z'), 15],
  [LAST, 1],
])('a refusal at %s says to come again in %i s', (at, retryAfter) => {
  const rate = new RequestRate()
  passed(60, () => rate.count('192.0.2.1', at))
  expect(() => rate.count('192.0.2.1', at)).toThrow(expect.objectContaining({ retryAfter }))
})
