import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyQueue, type Queued, type QueueState, reduceQueue } from '../../src/web/desk/queue/state.ts'

/** What can happen, in any order: at the gateway, on the way, and in the window. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('submit' as const), at: fc.nat(20) }),
  fc.record({ kind: fc.constant('decide' as const), which: fc.nat() }),
  fc.constant({ kind: 'deliver' as const }),
  fc.constant({ kind: 'request' as const }),
  fc.constant({ kind: 'read' as const }),
  fc.constant({ kind: 'answer' as const }),
  fc.constant({ kind: 'fail' as const }),
  fc.constant({ kind: 'reconnect' as const }),
)

const PAGE_SIZE = 3

/** A gateway with its queue, and a window that knows it by pages and events only. */
class Model {
  pending: Queued[] = []
  #events: ({ kind: 'queued'; comment: Queued } | { kind: 'decided'; id: string })[] = []
  #request: { generation: number; after: Queued | null; page: Queued[] | null; hasNext: boolean } | null =
    null
  #cursors = new Map<string, Queued>()
  #count = 0
  state: QueueState<Queued> = emptyQueue()

  constructor() {
    this.reconnect()
  }

  submit(at: number): void {
    this.#count += 1
    const id = btoa(`Comment:${String(this.#count).padStart(4, '0')}`)
    const comment = { id, submittedAt: `2026-01-01T00:00:${String(at).padStart(2, '0')}Z` }
    this.pending = [...this.pending, comment].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    this.#events.push({ kind: 'queued', comment })
  }

  decide(which: number): void {
    const comment = this.pending[which % this.pending.length]
    if (!comment) return
    this.pending = this.pending.filter((each) => each !== comment)
    this.#events.push({ kind: 'decided', id: comment.id })
  }

  deliver(): boolean {
    const event = this.#events.shift()
    if (event) this.state = reduceQueue(this.state, event)
    return event !== undefined
  }

  request(): void {
    const { isLoading, hasMore, generation, endCursor } = this.state
    if (isLoading || !hasMore) return
    const after = endCursor === null ? null : (this.#cursors.get(endCursor) ?? null)
    this.#request = { generation, after, page: null, hasNext: false }
    this.state = reduceQueue(this.state, { kind: 'request' })
  }

  /** The gateway reads the page at some time between the request and the answer. */
  read(): void {
    const request = this.#request
    if (!request) return
    const { after } = request
    const rest = this.pending.filter((comment) => after === null || keyOf(comment) > keyOf(after))
    request.page = rest.slice(0, PAGE_SIZE)
    request.hasNext = rest.length > PAGE_SIZE
  }

  answer(): void {
    if (!this.#request) return
    if (!this.#request.page) this.read()
    const { generation, page, hasNext } = this.#request
    const last = page?.at(-1)
    if (last) this.#cursors.set(last.id, last)
    const action = { kind: 'page' as const, generation, comments: page ?? [], hasNextPage: hasNext }
    this.state = reduceQueue(this.state, { ...action, endCursor: last?.id ?? null })
    this.#request = null
  }

  fail(): void {
    if (!this.#request) return
    this.state = reduceQueue(this.state, { kind: 'failed', generation: this.#request.generation })
    this.#request = null
  }

  /** Events on the way are lost. */
  reconnect(): void {
    this.#events = []
    this.state = reduceQueue(this.state, { kind: 'reset' })
  }

  finish(): void {
    while (this.deliver()) {}
    while (this.state.isLoading || this.state.hasMore) {
      this.request()
      this.answer()
    }
  }
}

function keyOf({ submittedAt, id }: Queued): string {
  return submittedAt + atob(id)
}

function run(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): Model {
  const model = new Model()
  for (const each of steps) {
    if (each.kind === 'submit') model.submit(each.at)
    else if (each.kind === 'decide') model.decide(each.which)
    else model[each.kind]()
  }
  return model
}

test('whatever the order of pages and events, the queue is that of the gateway in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = run(steps)
      model.finish()
      expect(model.state.comments.map(({ id }) => id)).toEqual(model.pending.map(({ id }) => id))
    }),
    { numRuns: 3_000 },
  )
})

test('at every moment, the comments are in order and each is there once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { state } = run(steps)
      const keys = state.comments.map(keyOf)
      expect(keys).toEqual([...new Set(keys)].sort())
    }),
    { numRuns: 1_000 },
  )
})

test('a reconnect keeps what is shown until it is loaded again', () => {
  const model = run([
    { kind: 'submit', at: 1 },
    { kind: 'submit', at: 2 },
    { kind: 'request' },
    { kind: 'answer' },
    { kind: 'deliver' },
    { kind: 'deliver' },
  ])
  model.reconnect()
  expect(model.state.comments).toHaveLength(2)
  model.decide(0)
  model.reconnect()
  model.finish()
  expect(model.state.comments).toEqual(model.pending)
})
