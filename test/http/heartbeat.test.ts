import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { Heartbeat } from '../../src/http/heartbeat.ts'

/** Between two pings of a socket, in ms: each of its thirty turns is 100 ms. */
const EVERY = 3_000

/** A socket that answers pings for as long as it is alive. */
class FakeSocket extends EventEmitter {
  pings = 0
  isCut = false

  readonly #isAlive: boolean

  constructor(isAlive = true) {
    super()
    this.#isAlive = isAlive
  }

  ping(): void {
    this.pings += 1
    if (this.#isAlive) this.emit('pong')
  }

  terminate(): void {
    this.isCut = true
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watchAll(sockets: FakeSocket[]) {
  const heartbeat = new Heartbeat(EVERY)
  onTestFinished(() => heartbeat.stop())
  const forget = sockets.map((socket) => heartbeat.watch(socket as unknown as WebSocket))
  return { heartbeat, forget }
}

test('every socket is pinged once in each interval', () => {
  const sockets = Array.from({ length: 45 }, () => new FakeSocket())
  watchAll(sockets)
  for (let interval = 1; interval <= 3; interval++) {
    vi.advanceTimersByTime(EVERY)
    expect(new Set(sockets.map(({ pings }) => pings))).toEqual(new Set([interval]))
  }
  expect(sockets.some(({ isCut }) => isCut)).toBe(false)
})

test('at each of thirty turns a thirtieth of them is pinged', () => {
  const sockets = Array.from({ length: 90 }, () => new FakeSocket())
  watchAll(sockets)
  for (let turn = 1; turn <= 30; turn++) {
    vi.advanceTimersByTime(EVERY / 30)
    expect(sockets.filter(({ pings }) => pings > 0)).toHaveLength(turn * 3)
  }
})

test('a socket that did not answer its last ping is cut at the next, and is not pinged again', () => {
  const [dead, alive] = [new FakeSocket(false), new FakeSocket()]
  watchAll([dead, alive])
  vi.advanceTimersByTime(EVERY)
  expect(dead).toMatchObject({ pings: 1, isCut: false })
  vi.advanceTimersByTime(EVERY)
  expect(dead).toMatchObject({ pings: 1, isCut: true })
  expect(alive).toMatchObject({ pings: 2, isCut: false })
})

test('an answer that comes late, but before the next ping, is enough', () => {
  const slow = new FakeSocket(false)
  watchAll([slow])
  for (let interval = 1; interval <= 4; interval++) {
    vi.advanceTimersByTime(EVERY)
    expect(slow).toMatchObject({ pings: interval, isCut: false })
    slow.emit('pong')
  }
})

test('a socket that is forgotten is neither pinged nor cut', () => {
  const [gone, silent, other] = [new FakeSocket(), new FakeSocket(false), new FakeSocket()]
  const { forget } = watchAll([gone, silent, other])
  vi.advanceTimersByTime(EVERY)
  for (const each of forget.slice(0, 2)) each()
  vi.advanceTimersByTime(2 * EVERY)
  expect([gone.pings, silent.pings, other.pings]).toEqual([1, 1, 3])
  expect(silent.isCut).toBe(false)
})

test('nothing is pinged any more when it stops, and no timer stays', () => {
  const socket = new FakeSocket(false)
  const { heartbeat } = watchAll([socket])
  vi.advanceTimersByTime(EVERY)
  heartbeat.stop()
  vi.advanceTimersByTime(3 * EVERY)
  expect(socket).toMatchObject({ pings: 1, isCut: false })
  expect(vi.getTimerCount()).toBe(0)
})
