import { expect, test, vi } from 'vitest'
import { type SocketOperation, SocketOperations } from '../../src/http/socket-operations.ts'

/** Operations of one socket, whose ids are known to graphql-ws until they are given up here. */
function operationsOf() {
  const operations = new SocketOperations()
  const known = new Set<SocketOperation>()
  return {
    operations,
    begin(id: string) {
      const operation: SocketOperation = operations.begin(id, () => known.has(operation))
      known.add(operation)
      return operation
    },
    giveUp: (operation: SocketOperation) => known.delete(operation),
  }
}

/** Whether a promise is still open when everything that is due has happened. */
async function isOpen(promise: unknown): Promise<boolean> {
  const open = Symbol('open')
  const turn = new Promise((resolve) => setImmediate(() => resolve(open)))
  return (await Promise.race([promise, turn])) === open
}

test('operations count from their beginning until they are over, each once', () => {
  const { operations, begin } = operationsOf()
  const [one, two] = [begin('1'), begin('2')]
  expect(operations.size).toBe(2)
  one.complete()
  one.complete()
  expect(operations.size).toBe(1)
  two.complete()
  expect(operations.size).toBe(0)
})

test('an operation is wanted until its client gives it up, or graphql-ws forgets it', () => {
  const { begin, giveUp } = operationsOf()
  const [left, forgotten, kept] = [begin('1'), begin('2'), begin('3')]
  left.cancel()
  giveUp(forgotten)
  expect([left, forgotten, kept].map(({ isActive }) => isActive)).toEqual([false, false, true])
})

test('a stream that is left is stopped and counts no more; what has not become one counts until it is over', () => {
  const { operations, begin } = operationsOf()
  const [stream, query] = [begin('1'), begin('2')]
  const stop = vi.fn()
  stream.startStreaming(stop)
  expect([stream, query].map(({ isStreaming }) => isStreaming)).toEqual([true, false])
  stream.cancel()
  query.cancel()
  expect(stop).toHaveBeenCalledTimes(1)
  expect(operations.size).toBe(1)
  query.complete()
  expect(operations.size).toBe(0)
})

test('answers are due while some operation has neither ended nor become a stream', () => {
  const { operations, begin } = operationsOf()
  expect(operations.hasPending).toBe(false)
  const [one, two] = [begin('1'), begin('2')]
  expect(operations.hasPending).toBe(true)
  one.startStreaming(() => {})
  expect(operations.hasPending).toBe(true)
  two.complete()
  expect(operations.hasPending).toBe(false)
  expect(operations.size).toBe(1)
})

test('an id that comes again ends what still runs under it, and nothing else', () => {
  const { operations, begin } = operationsOf()
  const stops = [vi.fn(), vi.fn()] as const
  const [first, other] = [begin('same'), begin('other')]
  first.startStreaming(stops[0])
  other.startStreaming(stops[1])
  const again = begin('same')
  expect(stops[0]).toHaveBeenCalledTimes(1)
  expect(stops[1]).not.toHaveBeenCalled()
  expect([first, other, again].map(({ isActive }) => isActive)).toEqual([false, true, true])
  expect(operations.size).toBe(2)
})

test('a socket that is gone ends all its streams', () => {
  const { operations, begin } = operationsOf()
  const all = ['1', '2', '3'].map(begin)
  const stops = all.map(() => vi.fn())
  for (const [i, operation] of all.slice(0, 2).entries()) operation.startStreaming(stops[i] as () => void)
  operations.cancelAll()
  expect(stops.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0])
  expect(all.some(({ isActive }) => isActive)).toBe(false)
  expect(operations.size).toBe(1)
  all[2]?.complete()
  expect(operations.size).toBe(0)
})

test('an answer goes out while it is wanted; else it is never given, and its operation is over', async () => {
  const { operations, begin, giveUp } = operationsOf()
  const [wanted, left, forgotten] = [begin('1'), begin('2'), begin('3')]
  expect(wanted.respond('answer')).toBe('answer')
  expect(operations.size).toBe(3)
  left.cancel()
  giveUp(forgotten)
  expect(await isOpen(left.respond('answer'))).toBe(true)
  expect(await isOpen(forgotten.respond('answer'))).toBe(true)
  expect(operations.size).toBe(1)
})
