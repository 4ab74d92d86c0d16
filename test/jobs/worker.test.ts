import type { Job } from 'pg-boss'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Worker, type WorkerDeps } from '../../src/jobs/worker.ts'

// A courier over a queue that is only an array, with a clock that the test moves.

interface Parcel {
  name: string
}

let couriers: Worker<Parcel>[]

beforeEach(() => {
  couriers = []
  vi.useFakeTimers()
})

afterEach(async () => {
  const closing = couriers.map((courier) => courier.close(0))
  await vi.advanceTimersByTimeAsync(1)
  await Promise.all(closing)
  vi.useRealTimers()
})

/** A queue of jobs, with what was done to them, and a courier whose jobs end when the test says so. */
function world(options: Partial<WorkerDeps<Parcel>> = {}) {
  let count = 0
  const waiting: Job<Parcel>[] = []
  const looks: string[][] = []
  const orders: unknown[][] = []
  const failures: unknown[] = []
  const underWay = new Map<string, PromiseWithResolvers<void>>()
  const signals = new Map<string, AbortSignal>()
  const boss = {
    async fetch(_name: string, { ignoreGroups }: { ignoreGroups: string[] }) {
      looks.push(ignoreGroups)
      const at = waiting.findIndex(({ groupId }) => !ignoreGroups.includes(groupId ?? ''))
      return at < 0 ? [] : waiting.splice(at, 1)
    },
    fail: vi.fn(async (...args: unknown[]) => void orders.push(['fail', ...args])),
    update: vi.fn(async (...args: unknown[]) => void orders.push(['update', ...args])),
  }
  const open = vi.fn(async () => boss)
  const recover = vi.fn(async () => 0)
  const put = (...groups: string[]) => {
    for (const groupId of groups) {
      count += 1
      const id = `job ${count}`
      waiting.push({ id, groupId, data: { name: id } } as unknown as Job<Parcel>)
    }
  }
  const start = () => {
    const courier = new Worker<Parcel>({
      queue: { open, recover } as never,
      name: 'webhooks',
      handle: (job, signal) => {
        const done = Promise.withResolvers<void>()
        underWay.set(job.id, done)
        signals.set(job.id, signal)
        signal.addEventListener('abort', () => done.reject(signal.reason))
        return done.promise.finally(() => underWay.delete(job.id))
      },
      limitOf: () => 2,
      pollMs: 1_000,
      onFailure: (error) => failures.push(error),
      ...options,
    })
    couriers.push(courier)
    return courier
  }
  const settle = () => vi.advanceTimersByTimeAsync(0)
  const end = async (id: string, error?: Error) => {
    if (error) underWay.get(id)?.reject(error)
    else underWay.get(id)?.resolve()
    await settle()
  }
  return { waiting, looks, orders, failures, underWay, signals, boss, open, recover, put, start, settle, end }
}

describe('what is taken', () => {
  test('is what is due when it starts, when it is woken and at each look', async () => {
    const { put, start, settle, underWay } = world()
    put('a')
    const courier = start()
    await settle()
    expect(underWay.size).toBe(1)
    put('b')
    await settle()
    expect(underWay.size).toBe(1)
    courier.wake()
    await settle()
    expect(underWay.size).toBe(2)
    put('c')
    await vi.advanceTimersByTimeAsync(999)
    expect(underWay.size).toBe(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(underWay.size).toBe(3)
  })

  test('is for each receiver no more than it takes at once, and for others goes on', async () => {
    const { put, start, settle, underWay, waiting, looks, end } = world()
    put('a', 'a', 'a', 'b')
    start()
    await settle()
    expect(underWay.size).toBe(3)
    expect(waiting).toMatchObject([{ groupId: 'a' }])
    expect(looks.at(-1)).toEqual(['a'])
    // When one of them ends, its place is given to the next.
    await end([...underWay.keys()][0] as string)
    expect(waiting).toEqual([])
    expect(underWay.size).toBe(3)
  })

  test('is nothing of those that are held', async () => {
    const held = ['a']
    const { put, start, settle, waiting } = world({ pausedGroups: () => held })
    put('a', 'b')
    const courier = start()
    await settle()
    expect(waiting).toMatchObject([{ groupId: 'a' }])
    held.pop()
    courier.wake()
    await settle()
    expect(waiting).toEqual([])
  })

  test('is not looked for while no receiver that there is can take anything', async () => {
    const { put, start, settle, looks, end, underWay } = world({ groups: () => ['a'], limitOf: () => 1 })
    put('a', 'a')
    const courier = start()
    await settle()
    const before = looks.length
    courier.wake()
    await settle()
    expect(looks).toHaveLength(before)
    await end([...underWay.keys()][0] as string)
    expect(looks.length).toBeGreaterThan(before)
    expect(underWay.size).toBe(1)
  })

  test('is looked for where no receivers are known', async () => {
    const { put, start, settle, underWay } = world({ groups: () => [] })
    put('a')
    start()
    await settle()
    expect(underWay.size).toBe(1)
  })

  test('is 256 jobs at once, and as many again when those have ended', async () => {
    const { put, start, settle, underWay, waiting, end } = world()
    put(...Array.from({ length: 600 }, (_, i) => `group ${i}`))
    start()
    await settle()
    expect(underWay.size).toBe(256)
    for (const id of [...underWay.keys()]) await end(id)
    expect(underWay.size).toBe(256)
    expect(waiting).toHaveLength(600 - 512)
  })
})

describe('a job that could not be done', () => {
  test('is put back for five seconds, with the reason, and does not count as under way', async () => {
    const { put, start, settle, orders, failures, end, underWay } = world({ limitOf: () => 1 })
    put('a', 'a')
    start()
    await settle()
    const error = new Error('the database is away')
    const [id] = underWay.keys()
    await end(id as string, error)
    expect(failures).toEqual([error])
    expect(orders).toEqual([
      ['fail', 'webhooks', expect.objectContaining({ id }), { message: 'Error: the database is away' }],
      ['update', 'webhooks', undefined, { id, startAfter: 5 }],
    ])
    expect(underWay.size).toBe(1)
    expect(underWay.has(id as string)).toBe(false)
  })

  test('and can not be put back either is reported, and others go on', async () => {
    const { put, start, settle, failures, end, underWay, boss } = world({ limitOf: () => 1 })
    put('a', 'a')
    start()
    await settle()
    boss.fail.mockRejectedValueOnce(new Error('gone'))
    const [id] = underWay.keys()
    await end(id as string, new Error('failed'))
    expect(failures.map(String)).toEqual(['Error: failed', 'Error: gone'])
    expect(underWay.size).toBe(1)
  })

  test('a queue that can not be opened is reported, and tried again at the next look', async () => {
    const { put, start, settle, failures, open, underWay } = world()
    open.mockRejectedValueOnce(new Error('not yet'))
    put('a')
    start()
    await settle()
    expect(failures.map(String)).toEqual(['Error: not yet'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(underWay.size).toBe(1)
  })
})

describe('jobs of senders that died', () => {
  test('are looked for every five seconds, and taken at once where there were some', async () => {
    const { put, start, settle, recover, underWay } = world({ pollMs: 3_600_000 })
    start()
    await settle()
    put('a')
    await vi.advanceTimersByTimeAsync(4_999)
    expect(recover).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(recover).toHaveBeenCalledExactlyOnceWith('webhooks')
    expect(underWay.size).toBe(0)
    recover.mockResolvedValueOnce(1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(underWay.size).toBe(1)
  })

  test('that can not be looked for now are reported', async () => {
    const { start, recover, failures } = world()
    recover.mockRejectedValueOnce(new Error('away'))
    start()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(failures.map(String)).toEqual(['Error: away'])
  })
})

describe('a courier that closes', () => {
  test('waits for what is under way, takes nothing more and looks no more', async () => {
    const { put, start, settle, underWay, waiting, end, looks, recover, signals } = world()
    put('a')
    const courier = start()
    await settle()
    const [id] = underWay.keys()
    let isClosed = false
    const closing = courier.close(60_000).then(() => {
      isClosed = true
    })
    put('b')
    courier.wake()
    const before = looks.length
    await vi.advanceTimersByTimeAsync(59_000)
    expect(isClosed).toBe(false)
    await end(id as string)
    await closing
    expect(signals.get(id as string)?.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(waiting).toHaveLength(1)
    expect(looks).toHaveLength(before)
    expect(recover).not.toHaveBeenCalled()
  })

  test('puts back what has not ended in time, so that others take it at once', async () => {
    const { put, start, settle, underWay, orders, failures, signals } = world()
    put('a')
    const courier = start()
    await settle()
    const [id] = underWay.keys()
    const closing = courier.close(50)
    await settle()
    expect(signals.get(id as string)?.aborted).toBe(false)
    await closing
    expect(signals.get(id as string)?.aborted).toBe(true)
    expect(orders).toEqual([['fail', 'webhooks', expect.objectContaining({ id }), expect.anything()]])
    expect(failures).toEqual([])
  })
})
