import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readHistory } from '../../src/db/history.ts'
import { HistoryWatch } from '../../src/db/history-watch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A database whose history and log the test moves, and a bus of which it plays the other side. */
async function watched() {
  const state = { history: 'one', wal: 100, reads: 0, ended: [] as unknown[], answer: async () => {} }
  const seen = { changes: [] as string[], told: 0, failures: [] as unknown[], channels: [] as string[] }
  let hint = (_payload: string) => {}
  let comeBack = () => {}
  let listening = true
  const watch = await HistoryWatch.open({
    database: {
      async rows() {
        state.reads += 1
        const row = [state.history, state.wal]
        await state.answer()
        return [row]
      },
      prisma: {
        async $executeRawUnsafe(_sql: string, from: string | null) {
          state.ended.push(from)
          if (from === state.history) state.history = `after ${from}`
        },
      } as never,
    },
    listen: async (channel, onPayload, onReconnect) => {
      seen.channels.push(channel)
      hint = onPayload
      comeBack = onReconnect
      return async () => {
        listening = false
      }
    },
    pollMs: 1_000,
    onFailure: (error) => seen.failures.push(error),
    onChange: (history) => seen.changes.push(history),
  })
  const stop = watch.onChange(() => {
    seen.told += 1
  })
  return {
    state,
    seen,
    watch,
    stop,
    hint: () => hint(''),
    comeBack: () => comeBack(),
    isListening: () => listening,
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

test('an older copy of the same files is noticed, also when it is newer than the start of the gateway', async () => {
  const { state, seen, watch } = await watched()
  state.wal = 500
  await watch.check()
  expect(seen.changes).toEqual([])
  state.wal = 300
  await watch.check()
  expect(state.ended).toEqual(['one'])
  expect(watch.current).toBe('after one')
  expect(seen).toMatchObject({ changes: ['after one'], told: 1 })
  state.wal = 301
  await watch.check()
  expect(seen).toMatchObject({ changes: ['after one'], told: 1 })
  state.wal = 200
  await watch.check()
  expect(state.ended).toEqual(['one', 'after one'])
})

test('a log that grows, or stands still, is no older copy', async () => {
  const { state, seen, watch } = await watched()
  for (const wal of [100, 100, 101, 5_000, 5_000]) {
    state.wal = wal
    await watch.check()
  }
  expect(state.ended).toEqual([])
  expect(seen.told).toBe(0)
})

test('another history is taken as it is, wherever its log ends, and watched from there', async () => {
  const { state, seen, watch } = await watched()
  Object.assign(state, { history: 'two', wal: 10 })
  await watch.check()
  expect(state.ended).toEqual([])
  expect(watch.current).toBe('two')
  expect(seen).toMatchObject({ changes: ['two'], told: 1 })
  state.wal = 9
  await watch.check()
  expect(state.ended).toEqual(['two'])
})

test('it is looked at at intervals, not again before a slow database has answered, and until it is closed', async () => {
  const { state, watch, isListening } = await watched()
  const { reads } = state
  await vi.advanceTimersByTimeAsync(2_000)
  expect(state.reads - reads).toBe(2)
  const gate = Promise.withResolvers<void>()
  state.answer = () => gate.promise
  await vi.advanceTimersByTimeAsync(5_000)
  expect(state.reads - reads).toBe(3)
  gate.resolve()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(state.reads - reads).toBe(4)
  await watch.close()
  expect(isListening()).toBe(false)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(state.reads - reads).toBe(4)
})

test('it is looked at when a hint comes, and when the bus comes back', async () => {
  const { state, seen, hint, comeBack } = await watched()
  expect(seen.channels).toEqual(['dateline_history'])
  state.history = 'two'
  hint()
  await settle()
  expect(seen.changes).toEqual(['two'])
  state.history = 'three'
  comeBack()
  await settle()
  expect(seen.changes).toEqual(['two', 'three'])
})

test('who asks at once shares a read, which begins after they have asked', async () => {
  const { state, watch } = await watched()
  const gate = Promise.withResolvers<void>()
  state.answer = () => gate.promise
  const { reads } = state
  const early = watch.check()
  await settle()
  state.history = 'two'
  const late = [watch.check(), watch.check()]
  await settle()
  expect(state.reads - reads).toBe(1)
  gate.resolve()
  await early
  await Promise.all(late)
  expect(state.reads - reads).toBe(2)
  expect(watch.current).toBe('two')
})

test('a look that fails in the background is told of, and the next one is made all the same', async () => {
  const { state, seen, watch, hint } = await watched()
  const fault = new Error('the database is away')
  state.answer = () => Promise.reject(fault)
  hint()
  await settle()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(seen.failures).toEqual([fault, fault])
  await expect(watch.check()).rejects.toBe(fault)
  expect(seen.failures).toHaveLength(2)
  Object.assign(state, { history: 'two', answer: async () => {} })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(watch.current).toBe('two')
})

test('a loss that was found is told to the database, for the history in which it was found', async () => {
  const { state, seen, watch } = await watched()
  await watch.endHistory('one')
  expect(state.ended).toEqual(['one'])
  expect(seen).toMatchObject({ changes: ['after one'], told: 1 })
  await watch.endHistory('one')
  expect(seen).toMatchObject({ changes: ['after one'], told: 1 })
})

test('who no longer listens is not told, nor is anybody after the end', async () => {
  const { state, seen, watch, stop } = await watched()
  let others = 0
  watch.onChange(() => {
    others += 1
  })
  stop()
  state.history = 'two'
  await watch.check()
  expect([seen.told, others]).toEqual([0, 1])
  await watch.close()
  state.history = 'three'
  await watch.check()
  expect([seen.told, others]).toEqual([0, 1])
})

test('a table without its row is said to be so', async () => {
  await expect(readHistory({ rows: async () => [[null, 5]] })).rejects.toThrow(
    'The table "FeedEpoch" has no row. Restore the row, or run the migrations again.',
  )
  expect(await readHistory({ rows: async () => [['one', '5']] })).toEqual({ history: 'one', walPosition: 5 })
})
