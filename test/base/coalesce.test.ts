import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Coalescer, Lazy, singleFlight } from '../../src/base/coalesce.ts'

/** Work whose runs end when the test ends them. Each run has a number, from 1. */
function controlled() {
  const runs: PromiseWithResolvers<number>[] = []
  const state = { open: 0, mostAtOnce: 0 }
  const work = async () => {
    const run = Promise.withResolvers<number>()
    runs.push(run)
    state.open += 1
    state.mostAtOnce = Math.max(state.mostAtOnce, state.open)
    try {
      return await run.promise
    } finally {
      state.open -= 1
    }
  }
  return {
    state,
    runs,
    work,
    end: () => runs.at(-1)?.resolve(runs.length),
    fail: () => runs.at(-1)?.reject(new Error(`run ${runs.length}`)),
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('coalesced work', () => {
  test('starts after the call, once for all calls of one turn', async () => {
    const { work, runs, end } = controlled()
    const coalescer = new Coalescer(work)
    const calls = [coalescer.run(), coalescer.run()]
    expect(runs).toHaveLength(0)
    await turn()
    expect(runs).toHaveLength(1)
    end()
    expect(await Promise.all(calls)).toEqual([1, 1])
  })

  test('runs again for calls during a run, once for all of them, after that run', async () => {
    const { work, runs, end } = controlled()
    const coalescer = new Coalescer(work)
    const early = coalescer.run()
    await turn()
    const late = [coalescer.run(), coalescer.run()]
    await turn()
    expect(runs).toHaveLength(1)
    end()
    expect(await early).toBe(1)
    await turn()
    expect(runs).toHaveLength(2)
    end()
    expect(await Promise.all(late)).toEqual([2, 2])
  })

  test('that fails rejects the calls of that run only, and runs again for later ones', async () => {
    const { work, end, fail } = controlled()
    const coalescer = new Coalescer(work)
    const early = [coalescer.run(), coalescer.run()]
    await turn()
    const late = coalescer.run()
    fail()
    const outcomes = await Promise.allSettled(early)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await turn()
    end()
    expect(await late).toBe(2)
  })

  test('that throws at once is like work that fails', async () => {
    let broken = true
    const coalescer = new Coalescer(() => {
      if (broken) throw new Error('broken')
      return Promise.resolve('done')
    })
    await expect(coalescer.run()).rejects.toThrow('broken')
    broken = false
    expect(await coalescer.run()).toBe('done')
  })

  test('is idle when no run is under way or due, and waiting for that ignores failures', async () => {
    const { work, end, fail } = controlled()
    const coalescer = new Coalescer(work)
    await coalescer.whenIdle()
    coalescer.run().catch(() => {})
    await turn()
    const late = coalescer.run()
    let isIdle = false
    const idle = coalescer.whenIdle().then(() => {
      isIdle = true
    })
    fail()
    await turn()
    expect(isIdle).toBe(false)
    end()
    await idle
    expect(await late).toBe(2)
  })

  test('is not idle while a run follows that was asked for meanwhile', async () => {
    const { work, end } = controlled()
    const coalescer = new Coalescer(work)
    const early = coalescer.run()
    await turn()
    let isIdle = false
    const idle = coalescer.whenIdle().then(() => {
      isIdle = true
    })
    const late = coalescer.run()
    end()
    await early
    await turn()
    expect(isIdle).toBe(false)
    end()
    await Promise.all([late, idle])
  })

  test('that starts at once does so in a call while it is idle, and other calls share the next run', async () => {
    const { work, runs, end } = controlled()
    const coalescer = new Coalescer(work, { startsAtOnce: true })
    const first = coalescer.run()
    expect(runs).toHaveLength(1)
    const others = [coalescer.run(), coalescer.run()]
    end()
    expect(await first).toBe(1)
    await turn()
    end()
    expect(await Promise.all(others)).toEqual([2, 2])
    const later = coalescer.run()
    expect(runs).toHaveLength(3)
    end()
    expect(await later).toBe(3)
  })

  test.each([false, true])(
    'gives every call a run that began after it, and never runs twice at once (at once: %s)',
    async (startsAtOnce) => {
      const step = fc.constantFrom('call', 'end', 'fail', 'turn')
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const { state, runs, work, end, fail } = controlled()
          const coalescer = new Coalescer(work, { startsAtOnce })
          const calls: { begunBefore: number; outcome: Promise<number> }[] = []
          for (const each of steps) {
            if (each === 'call') {
              const begunBefore = runs.length
              const outcome = coalescer
                .run()
                .catch((error: Error) => Number(error.message.replace('run ', '')))
              calls.push({ begunBefore, outcome })
            } else if (each === 'end') end()
            else if (each === 'fail') fail()
            else await turn()
          }
          let isIdle = false
          void coalescer.whenIdle().then(() => {
            isIdle = true
          })
          for (let i = 0; i < 3; i++) {
            await turn()
            end()
          }
          await turn()
          expect(isIdle).toBe(true)
          const shared = new Map<number, number>()
          for (const { begunBefore, outcome } of calls) {
            const run = await outcome
            // The next run after the call, not a later one.
            expect(run).toBe(begunBefore + 1)
            shared.set(run, (shared.get(run) ?? 0) + 1)
          }
          expect(shared.size).toBe(runs.length)
          expect(state.mostAtOnce).toBeLessThanOrEqual(1)
        }),
      )
    },
  )
})

describe('a single flight', () => {
  test('gives calls during a run the result of that run, and then runs again', async () => {
    const { work, runs, end } = controlled()
    const read = singleFlight(work)
    const calls = [read()]
    await turn()
    calls.push(read())
    end()
    expect(await Promise.all(calls)).toEqual([1, 1])
    const later = read()
    expect(runs).toHaveLength(2)
    end()
    expect(await later).toBe(2)
  })

  test('that fails is flown again', async () => {
    const { work, end, fail } = controlled()
    const read = singleFlight(work)
    const calls = [read(), read()]
    fail()
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const later = read()
    end()
    expect(await later).toBe(2)
  })
})

describe('a lazy value', () => {
  test('is opened when it is first needed, once', async () => {
    const { work, runs, end } = controlled()
    const lazy = new Lazy(work)
    expect(lazy.opened).toBeNull()
    expect(runs).toHaveLength(0)
    const calls = [lazy.get(), lazy.get()]
    end()
    expect(await Promise.all(calls)).toEqual([1, 1])
    expect(await lazy.get()).toBe(1)
    expect(await lazy.opened).toBe(1)
  })

  test('is opened again after a failure, and after a reset', async () => {
    const { work, end, fail } = controlled()
    const lazy = new Lazy(work)
    const failed = lazy.get()
    fail()
    await expect(failed).rejects.toThrow('run 1')
    expect(lazy.opened).toBeNull()
    const second = lazy.get()
    end()
    expect(await second).toBe(2)
    lazy.reset()
    expect(lazy.opened).toBeNull()
    const third = lazy.get()
    end()
    expect(await third).toBe(3)
  })

  test('that was reset while it was opened is not reset by the failure of the old attempt', async () => {
    const { work, runs, end } = controlled()
    const lazy = new Lazy(work)
    const old = lazy.get()
    lazy.reset()
    const current = lazy.get()
    runs[0]?.reject(new Error('old'))
    await expect(old).rejects.toThrow('old')
    end()
    expect(await current).toBe(2)
    expect(await lazy.opened).toBe(2)
  })
})
