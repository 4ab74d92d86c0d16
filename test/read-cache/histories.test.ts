import fc from 'fast-check'
import { expect, test } from 'vitest'
import { untilEnough } from '../support/histories.ts'
import { live, type Tally } from './history/live.ts'
import { history } from './history/plan.ts'
import { createWorld } from './history/world.ts'

const HISTORIES = 250
/** However slow the machine. */
const LEAST = HISTORIES / 5

test(`in ${HISTORIES} random histories on two gateways, or as many as there is time for, no answer is stale or another viewer's`, {
  timeout: 600_000,
}, async () => {
  await using world = await createWorld()
  const isEnough = untilEnough()
  const tally: Tally = new Map()
  let lived = 0
  const property = fc.asyncProperty(history, async (each) => {
    if (lived >= LEAST && isEnough()) return
    await live(world, each, tally)
    lived += 1
  })
  await fc.assert(property, { numRuns: HISTORIES })
  expect(lived).toBeGreaterThanOrEqual(LEAST)
  const { hits, misses, coalesced } = world.gateways[0].app.readCache!.cache.counters
  // Otherwise, nothing was tested.
  expect(hits).toBeGreaterThan(lived)
  console.log(`${lived} histories, ${hits} hits, ${misses} misses, ${coalesced} coalesced`)
  console.log(
    [...tally]
      .map(([what, count]) => `${what} ${count}`)
      .sort()
      .join('\n'),
  )
})
