import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { answerInOrder, destroyUnread } from '../../src/http/unread.ts'

// When an answer begins, and when it is given up: the rules themselves, without a network.

class FakeSocket extends EventEmitter {
  destroyed = false
  writableLength = 0
  destroy(): void {
    this.destroyed = true
  }
}

class FakeResponse extends EventEmitter {
  isDestroyed = false
  writableLength = 0
  destroy(): void {
    this.isDestroyed = true
  }
}

let socket: FakeSocket
let begun: number[]

beforeEach(() => {
  vi.useFakeTimers()
  socket = new FakeSocket()
  begun = []
})
afterEach(() => void vi.useRealTimers())

/** A request on the connection, noted by its number when its answer begins. */
function ask(n: number, on = socket): FakeResponse {
  const response = new FakeResponse()
  answerInOrder({ socket: on } as unknown as IncomingMessage, response as unknown as ServerResponse, () => {
    begun.push(n)
  })
  return response
}

describe('answers on one connection', () => {
  test('begin one after the other, each when the one before it is closed', () => {
    const responses = [1, 2, 3].map((n) => ask(n))
    for (let n = 1; n <= 3; n++) {
      expect(begun).toEqual([1, 2, 3].slice(0, n))
      responses[n - 1]?.emit('close')
    }
    ask(4)
    expect(begun).toEqual([1, 2, 3, 4])
  })

  test('do not wait for those on another', () => {
    ask(1)
    ask(2, new FakeSocket())
    expect(begun).toEqual([1, 2])
  })

  test('do not begin any more when it is gone', () => {
    const first = ask(1)
    ask(2)
    socket.destroy()
    first.emit('close')
    expect(begun).toEqual([1])
  })

  test('may wait to the number of 100; one more ends it', () => {
    for (let n = 0; n <= 100; n++) ask(n)
    expect(socket.destroyed).toBe(false)
    ask(101)
    expect(socket.destroyed).toBe(true)
    expect(begun).toEqual([0])
  })
})

describe('an answer that is complete', () => {
  test('is given up when it is not read after five minutes', () => {
    const response = ask(1)
    vi.advanceTimersByTime(3_600_000)
    response.emit('prefinish')
    vi.advanceTimersByTime(299_999)
    expect(response.isDestroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(response.isDestroyed).toBe(true)
  })

  test('and closed is not: no timer stays', () => {
    const response = ask(1)
    response.emit('prefinish')
    response.emit('close')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('has its time also when it waited behind another', () => {
    const first = ask(1)
    const second = ask(2)
    first.emit('close')
    second.emit('prefinish')
    vi.advanceTimersByTime(300_000)
    expect(second.isDestroyed).toBe(true)
  })
})

describe('a connection that was silent for so long', () => {
  const server = () => {
    const fake = new EventEmitter() as unknown as Server
    destroyUnread(fake)
    return fake
  }

  test('is one that was silent for 30 s, unless told otherwise', () => {
    const timeoutOf = (server: Server) => {
      const setTimeout = vi.fn()
      server.emit('request', { socket: { setTimeout } })
      return setTimeout.mock.calls
    }
    expect(timeoutOf(server())).toEqual([[30_000]])
    const other = new EventEmitter() as unknown as Server
    destroyUnread(other, 50)
    expect(timeoutOf(other)).toEqual([[50]])
  })

  test.each<[string, () => unknown, boolean]>([
    ['when nothing is asked for', () => {}, true],
    ['when all was answered', () => ask(1).emit('close'), true],
    ['when an answer is being made', () => ask(1), false],
    [
      'when its answer waits in the connection',
      () => ask(1) && Object.assign(socket, { writableLength: 1 }),
      true,
    ],
    ['when its answer waits', () => Object.assign(ask(1), { writableLength: 1 }), true],
    [
      'when the second answer is being made, and the first was read',
      () => {
        const first = Object.assign(ask(1), { writableLength: 1 })
        ask(2)
        first.emit('close')
      },
      false,
    ],
  ])('%s: whether it is cut off is %j', (_when, act, isCut) => {
    const silent = server()
    act()
    silent.emit('timeout', socket)
    expect(socket.destroyed).toBe(isCut)
  })
})
