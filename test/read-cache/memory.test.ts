import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { Reads } from '../../src/read-cache/reads.ts'
import { ResponseCache } from '../../src/read-cache/response-cache.ts'

const CAPACITY = 8 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** The bytes of everything that is reachable. */
function bytesInUse(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Puts the responses of distinct queries, with headers as they are sent. */
function fill(cache: ResponseCache, count: number, dependenciesOf: (index: number) => string[]): number {
  let largest = 0
  for (let index = 0; index < count; index++) {
    const reads = new Reads()
    for (const dependency of dependenciesOf(index)) reads.add(dependency)
    const filling = cache.begin()
    // Made from bytes, as the text of a request is.
    const text = Buffer.from(`{"query":"{ article(slug: \\"story-${index}\\") { headline } }"}`).toString()
    const body = Buffer.from(`{"data":{"article":{"headline":"Story ${index}"}}}`)
    const kept = cache.put(
      { scope: 'application/json', text },
      { type: 'application/json', body },
      reads,
      filling,
    )
    kept?.form(0, () => [
      'content-type',
      'application/json',
      'content-length',
      String(index),
      'etag',
      kept.tag,
    ])
    cache.end(filling)
    largest = Math.max(largest, cache.size)
  }
  return largest
}

const open = () => {
  const cache = new ResponseCache({ capacity: CAPACITY, now: () => new Date(0), monotonic: () => 0 })
  cache.confirm(1, null)
  return cache
}

test('a million distinct queries take no more than the capacity, and about as much memory as is counted', () => {
  const before = bytesInUse()
  const cache = open()
  const largest = fill(cache, 1_000_000, (index) => [
    'articles',
    `article-${index}`,
    `comments:article-${index}`,
  ])
  expect(largest).toBeLessThanOrEqual(CAPACITY)
  expect(cache.count).toBeGreaterThan(1_000)
  expect(cache.count + cache.counters.drops.eviction).toBe(1_000_000)
  expect(bytesInUse() - before).toBeLessThan(CAPACITY * 1.5)
  cache.clear('gap')
  expect([cache.count, cache.size]).toEqual([0, 0])
  // What is left is of the engine: nothing grows with the number of queries.
  expect(bytesInUse() - before).toBeLessThan(CAPACITY / 2)
})

test.each([
  ['no dependency', () => []],
  ['twenty dependencies of their own', (index: number) => many(20, (each) => `article-${index}-${each}`)],
  [
    'twenty dependencies that they share',
    (index: number) => many(20, (each) => `article-${(index + each) % 500}`),
  ],
] as const)('responses with %s take about as much memory as is counted', (_case, dependenciesOf) => {
  const before = bytesInUse()
  const cache = open()
  fill(cache, 40_000, dependenciesOf)
  expect(bytesInUse() - before).toBeLessThan(CAPACITY * 1.5)
  expect(cache.size).toBeLessThanOrEqual(CAPACITY)
})

function many(count: number, make: (each: number) => string): string[] {
  return Array.from({ length: count }, (_, each) => make(each))
}
