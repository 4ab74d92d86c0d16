import { EventEmitter } from 'node:events'
import { buildSchema, parse } from 'graphql'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Payload } from '../../src/comment-feed/payload.ts'
import { repeatsIntrospection } from '../../src/http/graphql/introspection.ts'
import { OperationBudget } from '../../src/http/graphql/operation-budget.ts'
import { useRepeatableRead } from '../../src/http/graphql/use-repeatable-read.ts'
import { watchHealth } from '../../src/http/health.ts'
import { InFlightRequests } from '../../src/http/in-flight-requests.ts'
import { answerInOrder } from '../../src/http/unread.ts'
import { deliverUnshared, maskErrors, type UnsharedResults } from '../../src/http/unshared-subscription.ts'

// Small parts of the HTTP server, each by itself.

afterEach(() => vi.useRealTimers())

describe('the budget of operations', () => {
  const at = (ms: number) => new Date(1_000_000 + ms)
  const budget = () => new OperationBudget({ operationsBurst: 3, operationsPerSecond: 2 })
  const taken = (from: OperationBudget, ms: number, times: number) =>
    Array.from({ length: times }, () => from.take(at(ms)))

  test('is so many at once, and so many more a second, up to as many as at first', () => {
    const one = budget()
    expect(taken(one, 0, 4)).toEqual([true, true, true, false])
    expect(taken(one, 499, 1)).toEqual([false])
    expect(taken(one, 500, 2)).toEqual([true, false])
    expect(taken(one, 1_500, 3)).toEqual([true, true, false])
    expect(taken(one, 60_000, 4)).toEqual([true, true, true, false])
  })

  test('grows by nothing when the clock is set back, and by no more than its due afterwards', () => {
    const one = budget()
    taken(one, 10_000, 3)
    expect(taken(one, 0, 1)).toEqual([false])
    expect(taken(one, 500, 2)).toEqual([true, false])
  })
})

describe('the health of a gateway', () => {
  const health = (
    queryRaw: () => Promise<unknown>,
    problem: () => Promise<string | null> = async () => null,
  ) => watchHealth({ prisma: { $queryRaw: queryRaw }, problem } as never)

  test('is good when the database answers', async () => {
    expect(await health(async () => []).problem()).toBe(null)
  })

  test('is not while the database fails, or can not be written to', async () => {
    const failing = health(async () => Promise.reject(new Error('secret')))
    expect(await failing.problem()).toBe('the database does not answer')
    const full = health(
      async () => [],
      async () => 'the disk is full',
    )
    expect(await full.problem()).toBe('the disk is full')
  })

  test('is not when the database takes two seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let said: unknown = 'nothing'
    void health(() => new Promise(() => {}))
      .problem()
      .then((words) => {
        said = words
      })
    await vi.advanceTimersByTimeAsync(1_999)
    expect(said).toBe('nothing')
    await vi.advanceTimersByTimeAsync(1)
    expect(said).toBe('the database does not answer')
    await health(async () => []).problem()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is not once it goes away, and then the database is not asked', async () => {
    let asked = 0
    const one = health(async () => ++asked)
    one.drain()
    expect([await one.problem(), asked]).toEqual(['shutting down', 0])
  })
})

describe('the work under way on sockets', () => {
  test('is waited for, also what fails and what begins meanwhile', async () => {
    const load = new InFlightRequests()
    const one = Promise.withResolvers<string>()
    const two = Promise.withResolvers<void>()
    const results = [load.track(() => one.promise), load.track(() => two.promise)]
    let over = false
    expect(load.isFinishing).toBe(false)
    const finished = load.finish(3_600_000).then(() => {
      over = true
    })
    expect(load.isFinishing).toBe(true)
    one.resolve('done')
    expect(await results[0]).toBe('done')
    await new Promise((resolve) => setTimeout(resolve))
    expect(over).toBe(false)
    const three = Promise.withResolvers<void>()
    const late = load.track(() => three.promise)
    two.reject(new Error('failed'))
    await expect(results[1]).rejects.toThrow('failed')
    await new Promise((resolve) => setTimeout(resolve))
    expect(over).toBe(false)
    three.resolve()
    await late
    await finished
  })

  test('is not waited for longer than the grace', async () => {
    const load = new InFlightRequests()
    void load.track(() => new Promise(() => {}))
    await load.finish(1)
    await new InFlightRequests().finish(3_600_000)
  })
})

describe('the results of a subscription of one’s own', () => {
  async function* given(...results: (object | Error)[]): UnsharedResults {
    for (const result of results) {
      if (result instanceof Error) throw result
      yield result as never
    }
  }
  const mask = (error: unknown) =>
    ({ message: `masked ${(error as Error).message}`, extensions: {} }) as never

  /** What a sink gets of some results, up to its end. */
  function delivered(...results: (object | Error)[]): Promise<unknown[]> {
    const got: unknown[] = []
    return new Promise((resolve) => {
      const finish = (how: string) => resolve([...got, how])
      deliverUnshared(maskErrors(given(...results), mask), {
        send: (payloads: readonly Payload[]) =>
          void got.push(...payloads.map(({ json, cursor }) => [JSON.parse(String(json)), cursor])),
        whenWritable: () => null,
        end: () => finish('end'),
        cut: () => finish('cut'),
      })
    })
  }
  const fault = { errors: [{ message: 'away', extensions: { code: 'TEMPORARILY_UNAVAILABLE' } }] }

  test('are sent in order, without cursors, and then it ends', async () => {
    expect(await delivered({ data: { n: 1 } }, { data: { n: 2 } })).toEqual([
      [{ data: { n: 1 } }, null],
      [{ data: { n: 2 } }, null],
      'end',
    ])
  })

  test('have their failures masked; one that ends them is the last result', async () => {
    const partial = { data: { n: null }, errors: [new Error('inner')] }
    expect(await delivered(partial, new Error('outer'))).toEqual([
      [{ data: { n: null }, errors: [{ message: 'masked inner', extensions: {} }] }, null],
      [{ errors: [{ message: 'masked outer', extensions: {} }] }, null],
      'end',
    ])
  })

  test('that can not go on because of the gateway are cut, so that the client comes back', async () => {
    const cut: string[] = []
    const sink = {
      send: () => cut.push('sent'),
      whenWritable: () => null,
      end: () => cut.push('end'),
      cut: () => cut.push('cut'),
    }
    deliverUnshared(
      maskErrors(given(fault, { data: {} }), () => fault.errors[0] as never),
      sink,
    )
    await vi.waitUntil(() => cut.length > 0)
    await new Promise(setImmediate)
    expect(cut).toEqual(['cut'])
  })

  test('wait for room, and none is asked for or sent once the subscriber has left', async () => {
    let asked = 0
    let returned = false
    async function* endless(): UnsharedResults {
      try {
        for (;;) {
          asked += 1
          yield { data: {} }
        }
      } finally {
        returned = true
      }
    }
    const room = Promise.withResolvers<void>()
    let sent = 0
    const stop = deliverUnshared(maskErrors(endless(), mask), {
      send: () => void sent++,
      whenWritable: () => room.promise,
      end: () => void sent++,
      cut: () => void sent++,
    })
    await vi.waitUntil(() => sent === 1)
    await new Promise(setImmediate)
    expect([asked, sent]).toEqual([1, 1])
    stop()
    room.resolve()
    await vi.waitUntil(() => returned)
    await new Promise(setImmediate)
    expect(sent).toBe(1)
  })
})

describe('the snapshot that a query is read in', () => {
  /** Whether the document is executed in a transaction, and with which options. */
  async function transactionOf(query: string) {
    const options: unknown[] = []
    const tx = { isTransaction: true }
    const prisma = {
      $transaction: async (work: (db: object) => unknown, given: unknown) => {
        options.push(given)
        return work(tx)
      },
    }
    const contextValue = { prisma, db: prisma as object }
    const args = { document: parse(query), contextValue }
    let execute = (given: typeof args): unknown => given.contextValue.db
    useRepeatableRead().onExecute?.({
      args,
      executeFn: execute,
      setExecuteFn: (given: typeof execute) => {
        execute = given
      },
    } as never)
    const { isTransaction = false } = (await execute(args)) as Partial<typeof tx>
    expect(isTransaction).toBe(options.length > 0)
    return options
  }
  const snapshot = [{ isolationLevel: 'RepeatableRead', maxWait: 10_000, timeout: 10_000 }]

  const comments = (args: string) => `comments(${args}) { edges { cursor } }`

  test.each([
    '{ a: article(slug: "a") { feedCursor } b: article(slug: "b") { slug } }',
    '{ article(slug: "a") { feedCursor } viewer { role } }',
    '{ articles { edges { node { feedCursor } } } }',
    '{ node(id: "a") { ... on Article { feedCursor } } }',
    `{ article(slug: "a") { feedCursor a: ${comments('first: 1')} b: ${comments('first: 2')} } }`,
    `{ article(slug: "a") { feedCursor ${comments('first: 1')} ...F } } fragment F on Article { b: ${comments('first: 2')} }`,
    `{ article(slug: "a") { feedCursor topic { articles { edges { node { ${comments('first: 1')} } } } }
      t: topic { articles { edges { node { b: ${comments('first: 2')} } } } } } }`,
    `query ($n: Int) { article(slug: "a") { feedCursor a: ${comments('first: $n')} b: ${comments('first: 1')} } }`,
  ])('is a transaction if the query may need several statements: %s', async (query) => {
    expect(await transactionOf(query)).toEqual(snapshot)
  })

  test.each([
    '{ article(slug: "a") { feedCursor } }',
    '{ a: article(slug: "a") { cursor: feedCursor } }',
    `{ article(slug: "a") { feedCursor a: ${comments('first: 1')} b: ${comments('first: 1')} } }`,
    `{ article(slug: "a") { ...F ...F ${comments('last: 1, before: "a"')} } }
     fragment F on Article { feedCursor c: ${comments('before: "a", last: 1')} }`,
    '{ article(slug: "a") { feedCursor: slug } }',
    'mutation { updateArticle { article { feedCursor } } }',
  ])('is that of a statement otherwise: %s', async (query) => {
    expect(await transactionOf(query)).toEqual([])
  })

  test('is known for a document that comes again', async () => {
    const document = parse('{ articles { edges { node { feedCursor } } } }')
    let executions = 0
    for (let n = 0; n < 2; n++) {
      useRepeatableRead().onExecute?.({
        args: { document, contextValue: {} },
        setExecuteFn: () => void executions++,
      } as never)
    }
    expect(executions).toBe(2)
  })
})

describe('whether a document asks for the schema more than once', () => {
  const schema = buildSchema('type Query { a: Query types: String }')

  test.each([
    ['{ __schema { types { name } } }', false],
    ['{ s: __schema { types { name } } }', false],
    ['{ __schema { queryType { name } } __schema { types { name } } }', false],
    ['{ __typename a { t: __typename } b: types c: types }', false],
    ['{ __schema { types { name } } __type(name: "A") { name } }', true],
    ['{ a: __type(name: "A") { name } b: __type(name: "B") { name } }', true],
    ['{ __schema { types { n: name } } }', true],
    ['{ __schema { a: types { name } } }', true],
    ['{ __schema { ...F } } fragment F on __Schema { a: types { name } }', true],
    ['{ __schema { types: types { name: name } } }', false],
  ])('%s: %j', (query, does) => {
    expect(repeatsIntrospection(schema, parse(query))).toBe(does)
  })
})

describe('an answer that is complete', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))

  function begun() {
    const response = Object.assign(new EventEmitter(), { isDestroyed: false, destroy: () => {} })
    response.destroy = () => {
      response.isDestroyed = true
    }
    answerInOrder({ socket: new EventEmitter() } as never, response as never, () => {})
    return response
  }

  test('may be read for five minutes and not longer', () => {
    const response = begun()
    vi.advanceTimersByTime(3_600_000)
    expect(response.isDestroyed).toBe(false)
    response.emit('prefinish')
    vi.advanceTimersByTime(299_999)
    expect(response.isDestroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(response.isDestroyed).toBe(true)
  })

  test('leaves nothing behind when it was read', () => {
    const response = begun()
    response.emit('prefinish')
    expect(vi.getTimerCount()).toBe(1)
    response.emit('close')
    expect(vi.getTimerCount()).toBe(0)
  })
})
