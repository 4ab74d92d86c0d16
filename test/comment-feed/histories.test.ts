import fc from 'fast-check'
import { expect, test } from 'vitest'
import { untilEnough } from '../support/histories.ts'
import { live } from './history/live.ts'
import { history } from './history/plan.ts'
import { createWorld } from './history/world.ts'

/** Histories that happen at the same time on one gateway. */
const AT_ONCE = 25

const HISTORIES = 1_000
/** However slow the machine. */
const LEAST = HISTORIES / 10

test(`in ${HISTORIES} random histories, or as many as there is time for, no reader meets a hole, a repeat or a swap`, {
  timeout: 600_000,
}, async () => {
  await using world = await createWorld()
  const isEnough = untilEnough()
  let lived = 0
  const property = fc.asyncProperty(
    fc.array(history, { minLength: AT_ONCE, maxLength: AT_ONCE }),
    async (histories) => {
      if (lived >= LEAST && isEnough()) return
      await live(world, histories)
      lived += histories.length
    },
  )
  // Histories that run at once differ from run to run, so a failing one can't be made smaller.
  await fc.assert(property, { numRuns: HISTORIES / AT_ONCE, endOnFailure: true })
  expect(lived).toBeGreaterThanOrEqual(LEAST)
  if (!isEnough()) expect(lived).toBe(HISTORIES)
  console.log(`${lived} histories`)
})

test('nor when the gateway is restarted in the middle, in 60 histories', { timeout: 600_000 }, async () => {
  await using world = await createWorld()
  let lived = 0
  const property = fc.asyncProperty(
    fc.array(history, { minLength: 4, maxLength: 4 }),
    fc.nat({ max: 12 }),
    async (histories, restartAfter) => {
      await live(world, histories, restartAfter)
      lived += histories.length
    },
  )
  await fc.assert(property, { numRuns: 15, endOnFailure: true })
  expect(lived).toBe(60)
  expect(world.restarts).toBe(15)
  console.log(`${lived} histories with ${world.restarts} restarts`)
})
