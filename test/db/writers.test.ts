import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { KeyedSemaphore } from '../../src/db/keyed-semaphore.ts'
import { limitWriters, maxWriters, Semaphore } from '../../src/db/writers.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
  [5, 3],
  [6, 4],
  [9, 6],
  [10, 6],
  [30, 20],
])('of %i connections writers may take %i', (connections, writers) => {
  expect(maxWriters(connections)).toBe(writers)
})

describe('places', () => {
  test('go to those who ask in their order, and each is given back once', async () => {
    const slots = new Semaphore(2)
    const [first, second] = [await slots.acquire(), await slots.acquire()]
    expect(slots.idle).toBe(0)
    const order: string[] = []
    const third = slots.acquire().then((release) => {
      order.push('third')
      return release
    })
    const fourth = slots.acquire().then((release) => {
      order.push('fourth')
      return release
    })
    await turn()
    expect(order).toEqual([])
    first()
    first()
    await turn()
    expect(order).toEqual(['third'])
    second()
    await turn()
    expect(order).toEqual(['third', 'fourth'])
    for (const release of [await third, await fourth]) release()
    expect(slots.idle).toBe(2)
    first()
    expect(slots.idle).toBe(2)
  })
})

describe('transactions that write', () => {
  /** A pool's adapter whose transactions the test ends. */
  async function adapter(most: number) {
    const open: string[] = []
    const state = { failing: false, open }
    const startTransaction = async (isolationLevel?: string) => {
      if (state.failing) throw new Error('no connection')
      open.push(isolationLevel ?? 'default')
      const end = async () => {
        if (state.failing) throw new Error('lost')
      }
      return { commit: end, rollback: end }
    }
    const factory = { provider: 'postgres', adapterName: 'pool', connect: async () => ({ startTransaction }) }
    const few = limitWriters(factory as never, most)
    expect(few).toMatchObject({ provider: 'postgres', adapterName: 'pool' })
    return { state, start: (await few.connect()).startTransaction }
  }

  test.each(['commit', 'rollback'] as const)(
    'wait for a place until another one ends: by %s',
    async (end) => {
      const { state, start } = await adapter(2)
      const first = await start()
      await start('SERIALIZABLE')
      const third = start()
      await turn()
      expect(state.open).toEqual(['default', 'SERIALIZABLE'])
      await first[end]()
      await third
      expect(state.open).toEqual(['default', 'SERIALIZABLE', 'default'])
      const fourth = start()
      await first.rollback()
      await turn()
      expect(state.open).toHaveLength(3)
      await (await third).commit()
      await fourth
    },
  )

  test('at REPEATABLE READ only read, and do not wait', async () => {
    const { state, start } = await adapter(1)
    await start()
    for (let i = 0; i < 3; i++) await start('REPEATABLE READ')
    expect(state.open).toHaveLength(4)
  })

  test('give their place back when they can not begin, and when they can not end', async () => {
    const { state, start } = await adapter(1)
    state.failing = true
    await expect(start()).rejects.toThrow('no connection')
    state.failing = false
    const lost = await start()
    state.failing = true
    await expect(lost.commit()).rejects.toThrow('lost')
    state.failing = false
    await start()
    expect(state.open).toHaveLength(2)
  })
})

describe('work on several keys', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('does not wait in a circle for work that names them the other way round', async () => {
    const turns = new KeyedSemaphore(1)
    const done = await Promise.race([
      Promise.all([turns.run(['b', 'a'], async () => 1), turns.run(['a', 'b'], async () => 2)]),
      turn()
        .then(turn)
        .then(() => 'they wait for each other'),
    ])
    expect(done).toEqual([1, 2])
    expect(turns.size).toBe(0)
  })

  test('waits 10 s for all of them together', async () => {
    const turns = new KeyedSemaphore(1)
    const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holders = [turns.run(['a'], () => one.promise), turns.run(['b'], () => other.promise)]
    const outcomes: unknown[] = []
    const waiting = turns.run(['a', 'b'], async () => {}).catch((error) => outcomes.push(error.code))
    await vi.advanceTimersByTimeAsync(6_000)
    one.resolve()
    await vi.advanceTimersByTimeAsync(3_999)
    expect(outcomes).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(outcomes).toEqual(['TEMPORARILY_UNAVAILABLE'])
    // What it held is free again, and so is what it waited for, once its holder is done.
    expect(await turns.run(['a'], async () => 'at once')).toBe('at once')
    other.resolve()
    await Promise.all([...holders, waiting])
    expect(await turns.run(['b'], async () => 'next')).toBe('next')
    expect(turns.size).toBe(0)
  })

  test('that was given up hands its place on to the next in line', async () => {
    const turns = new KeyedSemaphore(1, 5_000)
    const gate = Promise.withResolvers<void>()
    const holder = turns.run(['a'], () => gate.promise)
    const late = turns.run(['a'], async () => 'late').catch(() => 'given up')
    await vi.advanceTimersByTimeAsync(4_000)
    const next = turns.run(['a'], async () => 'next')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await late).toBe('given up')
    gate.resolve()
    await holder
    expect(await next).toBe('next')
    expect(turns.size).toBe(0)
    // Nothing keeps the process from ending.
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that has its turn is not given up however long it takes', async () => {
    const turns = new KeyedSemaphore(1)
    const gate = Promise.withResolvers<string>()
    const working = turns.run(['a', 'b'], () => gate.promise)
    await vi.advanceTimersByTimeAsync(60_000)
    gate.resolve('done')
    expect(await working).toBe('done')
    expect(turns.size).toBe(0)
  })
})
