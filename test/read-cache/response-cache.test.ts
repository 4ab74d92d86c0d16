import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { type Dependency, Reads } from '../../src/read-cache/reads.ts'
import { type DropCause, type Filling, ResponseCache } from '../../src/read-cache/response-cache.ts'

const SCOPE = 'application/json'

let time = 0
let clock = Date.parse('2026-03-01T12:00:00Z')
let cache: ResponseCache

const open = (capacity = 1_000_000) => {
  const opened = new ResponseCache({ capacity, now: () => new Date(clock), monotonic: () => time })
  opened.confirm(time + 1_000, null)
  return opened
}

beforeEach(() => {
  time = 0
  clock = Date.parse('2026-03-01T12:00:00Z')
  cache = open()
})

const at = (ms: number) => new Date(clock + ms)

function readsOf(dependencies: readonly Dependency[], until: Date | null = null): Reads {
  const reads = new Reads()
  for (const dependency of dependencies) reads.add(dependency)
  if (until) reads.changesAt(until)
  return reads
}

interface Put {
  dependencies?: readonly Dependency[]
  until?: Date | null
  body?: string
  filling?: Filling
}

/** Keeps a response, and says whether it was kept. */
function put(text: string, { dependencies = [], until = null, body = text, filling }: Put = {}): boolean {
  const began = filling ?? cache.begin()
  const content = { type: SCOPE, body: Buffer.from(body) }
  const kept = cache.put({ scope: SCOPE, text }, content, readsOf(dependencies, until), began)
  cache.end(began)
  return kept !== null
}

const get = (text: string) => cache.get(SCOPE, text)?.body.toString() ?? null

test('a response is found by its scope and text, until one of its dependencies is dropped', () => {
  put('a', { dependencies: ['x', 'y'] })
  put('b', { dependencies: ['y'] })
  expect([get('a'), get('b'), cache.get('GET', 'a')]).toEqual(['a', 'b', null])
  cache.drop(['x'], 'article')
  expect([get('a'), get('b')]).toEqual([null, 'b'])
  cache.drop(['y'], 'comment')
  expect(get('b')).toBeNull()
  expect([cache.count, cache.size]).toEqual([0, 0])
})

test.each(['comment', 'article', 'reference'] as const)('drops by %s are counted by response', (cause) => {
  put('a', { dependencies: ['x', 'y'] })
  put('b', { dependencies: ['x'] })
  cache.drop(['x', 'y', 'unknown'], cause)
  expect(cache.counters.drops).toEqual({ ...NO_DROPS, [cause]: 2 })
})

test('drops by the clock, by gaps and by evictions are counted', () => {
  put('due', { until: at(10) })
  clock += 10
  expect(get('due')).toBeNull()
  put('a')
  cache.clear('gap')
  cache = Object.assign(open(3_500), { counters: cache.counters })
  for (const text of ['1', '2', '3', '4']) put(text)
  expect(cache.counters.drops).toEqual({ ...NO_DROPS, clock: 1, gap: 1, eviction: 2 })
})

const NO_DROPS: Record<DropCause, number> = {
  comment: 0,
  article: 0,
  reference: 0,
  clock: 0,
  gap: 0,
  eviction: 0,
}

test('what was not used recently is evicted first, and a response that replaces another does not count twice', () => {
  put('1')
  const each = cache.size
  cache = open(each * 3)
  for (const text of ['1', '2', '3']) put(text)
  put('1')
  expect([cache.count, cache.size]).toEqual([3, each * 3])
  get('2')
  put('4')
  expect(['1', '2', '3', '4'].filter((text) => get(text))).toEqual(['1', '2', '4'])
})

test('a response larger than the capacity is sent and not kept', () => {
  cache = open(5_000)
  put('small')
  const filling = cache.begin()
  const content = { type: SCOPE, body: Buffer.alloc(10_000) }
  expect(cache.put({ scope: SCOPE, text: 'large' }, content, readsOf([]), filling)?.body).toHaveLength(10_000)
  expect(get('large')).toBeNull()
  expect(cache.size).toBeLessThanOrEqual(5_000)
})

test('compressed forms count, and those of a response that is gone do not', async () => {
  put('a', { body: 'x'.repeat(5_000), dependencies: ['x'] })
  const kept = cache.get(SCOPE, 'a')
  const before = cache.size
  await kept?.encode('gzip')
  expect(cache.size).toBe(before + (kept?.known('gzip')?.length ?? Number.NaN))
  cache.drop(['x'], 'article')
  await kept?.encode('br')
  expect(cache.size).toBe(0)
})

test('a query that began before a drop is not kept if it depends on what was dropped', () => {
  const [affected, unaffected] = [cache.begin(), cache.begin()]
  cache.drop(['x'], 'article')
  const later = cache.begin()
  expect(put('a', { dependencies: ['x'], filling: affected })).toBe(false)
  expect(put('b', { dependencies: ['y'], filling: unaffected })).toBe(true)
  expect(put('c', { dependencies: ['x'], filling: later })).toBe(true)
})

test('a query that began before everything was dropped is not kept', () => {
  const filling = cache.begin()
  cache.clear('gap')
  expect(put('a', { filling })).toBe(false)
  expect(put('a')).toBe(true)
})

test('a query is not kept when so much was dropped since it began that it is not remembered', () => {
  const filling = cache.begin()
  cache.drop(
    Array.from({ length: 20_001 }, (_, index) => `x${index}`),
    'article',
  )
  expect(put('a', { dependencies: ['y'], filling })).toBe(false)
})

test('a response ends at its own time, or when the next article becomes visible', () => {
  put('never')
  put('own', { until: at(10) })
  cache.confirm(1_000, at(20))
  put('due')
  put('own later', { until: at(30) })
  clock += 9
  expect(['never', 'own', 'due', 'own later'].map(get)).toEqual(['never', 'own', 'due', 'own later'])
  clock += 1
  expect(['never', 'own', 'due', 'own later'].map(get)).toEqual(['never', null, 'due', 'own later'])
  clock += 10
  expect(['never', 'own', 'due', 'own later'].map(get)).toEqual(['never', null, null, null])
})

test('a query that may have read before an article became visible is not kept after it', () => {
  cache.confirm(1_000, at(10))
  const filling = cache.begin()
  clock += 10
  expect(put('a', { filling })).toBe(false)
  const before = cache.begin()
  // The next poll knows only of later articles.
  cache.confirm(1_000, at(100))
  expect(put('b', { filling: before })).toBe(false)
  expect(put('c')).toBe(true)
})

test('nothing is answered or kept when the last confirmation is too old, and kept responses come back after the next', () => {
  put('a')
  time = 999
  expect([cache.isFresh, get('a')]).toEqual([true, 'a'])
  time = 1_000
  expect([cache.isFresh, get('a'), put('b')]).toEqual([false, null, false])
  cache.confirm(time + 1_000, null)
  expect([get('a'), get('b')]).toEqual(['a', null])
  cache.suspend()
  expect([cache.isFresh, get('a')]).toEqual([false, null])
})

type Act =
  | { kind: 'begin'; dependencies: string[] }
  | { kind: 'put'; which: number; size: number; wait: number | null }
  | { kind: 'get'; which: number }
  | { kind: 'drop'; dependencies: string[] }
  | { kind: 'clear' }
  | { kind: 'wait'; ms: number }

const some = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 })
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('begin' as const), dependencies: some }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      which: fc.nat(9),
      size: fc.nat(4_000),
      wait: fc.option(fc.nat(30), { nil: null }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('get' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('drop' as const), dependencies: some }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(20) }) },
)

/** A query that is being executed, or whose response may be kept. */
interface Known {
  text: string
  dependencies: string[]
  /** Whether anything that it depends on has changed since it began. */
  isStale: boolean
  until: number
  filling: Filling | null
}

test('in random orders of queries, puts and drops, no response is older than a drop, and the bound is kept', () => {
  const property = fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
    cache = open(12_000)
    const all: Known[] = []
    const kept = new Map<string, Known>()
    for (const each of acts) {
      if (each.kind === 'begin') {
        const text = `q${all.length % 10}`
        const until = Number.POSITIVE_INFINITY
        all.push({ text, dependencies: each.dependencies, isStale: false, until, filling: cache.begin() })
      } else if (each.kind === 'put') {
        const query = all[each.which % all.length]
        if (!query?.filling) continue
        const { text, dependencies, filling } = query
        if (each.wait !== null) query.until = clock + each.wait
        const until = each.wait === null ? null : at(each.wait)
        const isKept = put(text, { dependencies, until, body: text.padEnd(each.size, '.'), filling })
        expect(isKept).toBe(!query.isStale && query.until > clock)
        if (isKept) kept.set(text, query)
        query.filling = null
      } else if (each.kind === 'get') {
        const text = `q${each.which}`
        const query = kept.get(text)
        // It may have been evicted.
        if (get(text) !== null) expect([query?.isStale, (query?.until ?? 0) > clock]).toEqual([false, true])
      } else if (each.kind === 'wait') {
        clock += each.ms
      } else {
        const dropped = each.kind === 'clear' ? null : new Set(each.dependencies)
        if (each.kind === 'clear') cache.clear('gap')
        else cache.drop(each.dependencies, 'article')
        for (const query of all) {
          query.isStale ||=
            dropped === null || query.dependencies.some((dependency) => dropped.has(dependency))
        }
      }
      expect(cache.size).toBeLessThanOrEqual(12_000)
    }
    cache.clear('gap')
    expect([cache.size, cache.count]).toEqual([0, 0])
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('thousands of responses are dropped at once, and removed while the event loop turns', async () => {
  cache = open(100_000_000)
  for (let n = 0; n < 5_000; n++) put(`text ${n}`, { dependencies: ['x'] })
  cache.drop(['x'], 'article')
  expect([get('text 0'), get('text 2500'), get('text 4999')]).toEqual([null, null, null])
  put('text 0', { dependencies: ['x'] })
  expect(get('text 0')).toBe('text 0')
  while (cache.count > 1) await new Promise((resolve) => setImmediate(resolve))
  expect([get('text 0'), cache.counters.drops.article]).toEqual(['text 0', 5_000])
  cache.drop(['x'], 'article')
  expect([cache.count, cache.size]).toEqual([0, 0])
})
