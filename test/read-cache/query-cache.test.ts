import { beforeEach, expect, test } from 'vitest'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'
import type { PlainResult } from '../../src/http/graphql/plain-result.ts'
import { observed, QueryCache } from '../../src/http/graphql/query-cache.ts'
import { Reads } from '../../src/read-cache/reads.ts'
import { ResponseCache } from '../../src/read-cache/response-cache.ts'

let cache: ResponseCache
let queries: QueryCache

beforeEach(() => {
  cache = new ResponseCache({ capacity: 1_000_000, now: () => new Date(0), monotonic: () => 0 })
  cache.confirm(1, null)
  queries = new QueryCache({
    cache,
    watch: null as never,
    verify: null as never,
    networkOf: () => undefined,
    cdn: null,
  })
})

const key = { scope: 'application/json', text: '{ articles }' }

function resultOf(body: string, changes: Partial<PlainResult> = {}): PlainResult {
  return { status: 200, type: 'application/json', body, headers: {}, isComplete: true, ...changes }
}

/** A query that reads at once, and is answered when the test says so. */
function slowQuery() {
  const state = { data: 'old', executions: 0, isPrivate: false, changes: {} as Partial<PlainResult> }
  const gates: (() => void)[] = []
  const ask = async (): Promise<string> => {
    const { kept, made } = await queries.execute(key, async (reads) => {
      state.executions += 1
      reads.add('a')
      if (state.isPrivate) reads.markPrivate()
      const read = state.data
      await new Promise<void>((resolve) => gates.push(resolve))
      return resultOf(read, state.changes)
    })
    return kept ? kept.body.toString() : made.body
  }
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
  const answerAll = async () => {
    await settle()
    for (const answer of gates.splice(0)) answer()
    await settle()
  }
  return { state, ask, settle, answerAll, waiting: () => gates.length }
}

test('identical queries at the same time are executed once, and each other counts as coalesced', async () => {
  const { state, ask, answerAll } = slowQuery()
  const answers = [ask(), ask(), ask()]
  await answerAll()
  expect(await Promise.all(answers)).toEqual(['old', 'old', 'old'])
  expect(state.executions).toBe(1)
  expect(cache.counters).toMatchObject({ misses: 1, coalesced: 2 })
})

test('who asks after a change does not get what was read before it, from a query that is in progress', async () => {
  const { state, ask, settle, answerAll } = slowQuery()
  const early = ask()
  await settle()
  state.data = 'new'
  cache.drop(['a'], 'article')
  const late = [ask(), ask()]
  await answerAll()
  await answerAll()
  expect(await early).toBe('old')
  expect(await Promise.all(late)).toEqual(['new', 'new'])
})

test('a query that was in progress during a change is executed once the next time, for all who ask', async () => {
  const { state, ask, settle, answerAll } = slowQuery()
  const early = ask()
  await settle()
  cache.drop(['a'], 'article')
  await answerAll()
  await early
  const answers = [ask(), ask(), ask()]
  await answerAll()
  await Promise.all(answers)
  expect(state.executions).toBe(2)
})

test.each([
  ['that are private', { isPrivate: true }],
  ['with errors', { changes: { isComplete: false } }],
  ['with another status', { changes: { status: 500 } }],
  ['with headers of their own', { changes: { headers: { 'retry-after': '1' } } }],
])('responses %s are neither kept nor shared, and do not wait for each other', async (_case, response) => {
  const { state, ask, settle, answerAll, waiting } = slowQuery()
  Object.assign(state, response)
  const first = [ask(), ask(), ask()]
  await answerAll()
  // The others have waited for the first one only.
  expect(waiting()).toBe(2)
  await answerAll()
  await Promise.all(first)
  const second = [ask(), ask(), ask()]
  await settle()
  expect(waiting()).toBe(3)
  await answerAll()
  await Promise.all(second)
  expect([state.executions, cache.count]).toEqual([6, 0])
})

test('a query that fails does so for itself, and the others are executed', async () => {
  let executions = 0
  const ask = () =>
    queries.execute(key, async () => {
      executions += 1
      if (executions === 1) throw new Error('the database is away')
      return resultOf('new')
    })
  const [first, second] = await Promise.allSettled([ask(), ask()])
  expect([first?.status, second?.status, executions]).toEqual(['rejected', 'fulfilled', 2])
})

const reader: Viewer = { role: 'reader', subject: 'one', displayName: 'One', expiresAt: new Date(0) }

test.each(['subject', 'displayName', 'expiresAt'] as const)(
  'a response that depends on the %s of a reader is private',
  (name) => {
    const reads = new Reads()
    expect(observed(reader, reads)[name]).toBe(reader[name])
    expect(reads.isPrivate).toBe(true)
  },
)

test('a response that depends on everything of a reader is private, and one that depends on the role is not', () => {
  const reads = new Reads()
  const seen = observed(reader, reads)
  expect([seen.role, seen.isBanned, seen.partnerId]).toEqual(['reader', undefined, undefined])
  expect(reads.isPrivate).toBe(false)
  expect({ ...seen }).toEqual(reader)
  expect(reads.isPrivate).toBe(true)
  const anonymously = new Reads()
  expect(observed(anonymous, anonymously).subject).toBeNull()
  expect(anonymously.isPrivate).toBe(false)
})
