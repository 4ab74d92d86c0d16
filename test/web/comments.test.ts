import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WidgetCommentFragment, WidgetFeedEventFragment } from '../../schema/documents.ts'
import {
  addPage,
  applyEvent,
  type Comments,
  closeReplies,
  type Edge,
  openComments,
  openReplies,
  type Page,
  ROOT,
  showFresh,
} from '../../src/web/widget/comments.ts'

// A small gateway: approved comments in the order of approval, and the events that it has sent.

interface Stored {
  id: string
  parentId: string
  isShown: boolean
}

type Event = Exclude<WidgetFeedEventFragment, { __typename: 'FeedReset' }>

class Newsroom {
  readonly stored: Stored[] = []
  /** The comments by id whose approval or retraction is still on its way, in order. */
  readonly pending: (() => Event | null)[] = []

  list(parentId: string): Stored[] {
    return this.stored.filter((each) => each.isShown && each.parentId === parentId)
  }

  approve(parentId: string): void {
    const stored = { id: `c${this.stored.length}`, parentId, isShown: true }
    this.stored.push(stored)
    const count = this.count()
    this.pending.push(() => {
      // The gateway does not send the approval of a comment that was retracted since.
      if (!stored.isShown) return null
      const { isReply, parent } = this.#parent(stored)
      const comment = { ...this.card(stored), isReply, parent }
      return { __typename: 'CommentApproved', cursor: '', commentCount: count, comment }
    })
  }

  retract(stored: Stored): void {
    stored.isShown = false
    const count = this.count()
    this.pending.push(() => {
      const { parent } = this.#parent(stored)
      return { __typename: 'CommentRetracted', cursor: '', commentCount: count, commentId: stored.id, parent }
    })
  }

  count(): number {
    return this.stored.filter(({ isShown }) => isShown).length
  }

  card({ id }: Stored): WidgetCommentFragment {
    const replyCount = this.list(id).length
    return {
      id,
      body: `The text of ${id}`,
      language: null,
      author: { displayName: 'Ada' },
      submittedAt: '',
      approvedAt: '',
      cursor: id,
      replyCount,
    }
  }

  page(parentId: string, edge: Edge, cursor: string | undefined, size: number): Page {
    const list = this.list(parentId)
    const at = cursor === undefined ? null : Number(cursor.slice(1))
    const number = ({ id }: Stored) => Number(id.slice(1))
    const rest = list.filter(
      (each) => at === null || (edge === 'older' ? number(each) < at : number(each) > at),
    )
    const page = edge === 'older' ? rest.slice(-size) : rest.slice(0, size)
    const hasMore = rest.length > page.length
    return {
      comments: page.map((each) => this.card(each)),
      hasOlder: edge === 'older' && hasMore,
      hasNewer: edge === 'newer' && hasMore,
    }
  }

  #parent({ parentId }: Stored) {
    const parent = this.stored.find(({ id }) => id === parentId)
    const { id, replyCount } = parent?.isShown ? this.card(parent) : { id: '', replyCount: 0 }
    return { isReply: parentId !== ROOT, parent: parent?.isShown ? { id, replyCount } : null }
  }
}

/** A widget with its requests under way. */
class Reader {
  state: Comments
  readonly #newsroom: Newsroom
  /** Requests that have been answered; the answers arrive later. */
  readonly #requests: { parentId: string; edge: Edge; isFirst: boolean; since: number; page: Page | null }[] =
    []
  readonly #size: number

  constructor(newsroom: Newsroom, edge: Edge, size: number) {
    this.#newsroom = newsroom
    this.#size = size
    this.state = openComments(newsroom.page(ROOT, edge, undefined, size), newsroom.count())
  }

  ask(parentId: string, edge: Edge): void {
    if (this.#requests.some((each) => each.parentId === parentId && each.edge === edge)) return
    const section = this.state.sections.get(parentId)
    // The widget has no button for an end that is loaded.
    if (!section || !(edge === 'older' ? section.hasOlder : section.hasNewer)) return
    const isFirst = section.ids.length === 0
    this.#requests.push({ parentId, edge, isFirst, since: this.state.clock, page: null })
  }

  /** The gateway reads the page of the first request that has none yet. */
  answer(): void {
    const request = this.#requests.find(({ page }) => page === null)
    if (!request) return
    const { parentId, edge } = request
    const { ids } = this.state.sections.get(parentId) ?? { ids: [] }
    request.page = this.#newsroom.page(parentId, edge, edge === 'older' ? ids[0] : ids.at(-1), this.#size)
  }

  /** The first answer arrives. */
  arrive(): void {
    const [request] = this.#requests
    if (!request?.page) return
    this.#requests.shift()
    const { parentId, edge, isFirst, since, page } = request
    this.state = addPage(this.state, { parentId, page, edge: isFirst ? null : edge, since })
  }

  deliver(): void {
    const event = this.#newsroom.pending.shift()?.()
    if (event) this.state = applyEvent(this.state, event)
  }

  open(parentId: string): void {
    this.state = openReplies(this.state, parentId)
    this.ask(parentId, 'newer')
  }

  /** Everything arrives, and the reader reads to both ends of each open list. */
  finish(): void {
    while (this.#newsroom.pending.length > 0) this.deliver()
    const answerAll = () => {
      while (this.#requests.length > 0) {
        this.answer()
        this.arrive()
      }
    }
    answerAll()
    for (let isDone = false, rounds = 0; !isDone; rounds += 1) {
      expect(rounds, 'the widget asks for pages without end').toBeLessThan(200)
      isDone = true
      for (const [parentId, { hasOlder, hasNewer }] of this.state.sections) {
        if (hasOlder && parentId === ROOT) this.ask(parentId, 'older')
        if (hasNewer) this.ask(parentId, 'newer')
        isDone &&= !hasNewer && !(hasOlder && parentId === ROOT)
      }
      answerAll()
    }
    for (const parentId of this.state.sections.keys()) this.state = showFresh(this.state, parentId)
  }
}

/** A number that picks one of the comments that are possible. */
const choice = fc.nat(1_000)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('approve' as const), choice) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('retract' as const), choice) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('deliver' as const), choice) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('older' as const, 'newer' as const), choice) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('answer' as const, 'arrive' as const), choice) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('open' as const, 'close' as const), choice) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('show' as const), choice) },
)

const history = fc.record({
  before: fc.nat(12),
  edge: fc.constantFrom<Edge>('older', 'newer'),
  size: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { maxLength: 60 }),
})

function play({ before, edge, size, steps }: typeof history extends fc.Arbitrary<infer T> ? T : never): {
  newsroom: Newsroom
  reader: Reader
} {
  const newsroom = new Newsroom()
  for (let count = 0; count < before; count += 1) newsroom.approve(count % 3 === 2 ? 'c0' : ROOT)
  newsroom.pending.length = 0
  const reader = new Reader(newsroom, edge, size)
  for (const [kind, pick] of steps) {
    const shown = newsroom.stored.filter(({ isShown }) => isShown)
    const one = shown[pick % (shown.length || 1)]
    const lists = [...reader.state.sections.keys()]
    const list = lists[pick % lists.length] as string
    const known = [...reader.state.byId.keys()]
    const comment = known[pick % (known.length || 1)]
    if (kind === 'approve') newsroom.approve(pick % 2 && one ? one.id : ROOT)
    else if (kind === 'retract' && one) newsroom.retract(one)
    else if (kind === 'deliver') reader.deliver()
    else if (kind === 'older' || kind === 'newer') reader.ask(kind === 'older' ? ROOT : list, kind)
    else if (kind === 'answer') reader.answer()
    else if (kind === 'arrive') reader.arrive()
    else if (kind === 'open' && comment) reader.open(comment)
    else if (kind === 'close' && list !== ROOT) reader.state = closeReplies(reader.state, list)
    else if (kind === 'show') reader.state = showFresh(reader.state, list)
    expectConsistent(reader.state)
  }
  return { newsroom, reader }
}

/** What holds at every moment: order, no doubles, and no text of a retracted comment. */
function expectConsistent({ sections, byId, removed }: Comments): void {
  for (const [parentId, { ids, fresh }] of sections) {
    const all = [...ids, ...fresh]
    expect(all).toEqual([...new Set(all)].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
    for (const id of all) expect(byId.get(id)?.parentId).toBe(parentId)
  }
  for (const id of removed) expect(byId.get(id)?.body ?? '').toBe('')
}

test('whatever the order of pages, events and answers, the lists become those of the gateway', () => {
  fc.assert(
    fc.property(history, (random) => {
      const { newsroom, reader } = play(random)
      reader.finish()
      const { state } = reader
      expect(state.count).toBe(newsroom.count())
      for (const [parentId, { ids, fresh }] of state.sections) {
        const shown = ids.filter((id) => !state.removed.has(id))
        expect([...shown, ...fresh]).toEqual(newsroom.list(parentId).map(({ id }) => id))
        for (const id of shown) expect(state.byId.get(id)?.replyCount).toBe(newsroom.list(id).length)
      }
    }),
    { numRuns: 3_000, interruptAfterTimeLimit: 60_000 },
  )
})

test('an event that arrives again changes only the clock', () => {
  fc.assert(
    fc.property(history, (random) => {
      const { newsroom, reader } = play(random)
      for (const next of newsroom.pending.splice(0)) {
        const event = next()
        if (!event) continue
        const once = applyEvent(reader.state, event)
        const twice = applyEvent(once, event)
        expect({ ...twice, clock: 0, replyCounts: 0 }).toEqual({ ...once, clock: 0, replyCounts: 0 })
        reader.state = twice
      }
    }),
  )
})

test('a retracted comment whose replies are open keeps its place without its text, until the replies are closed', () => {
  const newsroom = new Newsroom()
  newsroom.approve(ROOT)
  newsroom.approve('c0')
  newsroom.pending.length = 0
  const reader = new Reader(newsroom, 'older', 20)
  reader.open('c0')
  reader.answer()
  reader.arrive()
  newsroom.retract(newsroom.stored[0] as Stored)
  reader.deliver()
  expect(reader.state.sections.get(ROOT)?.ids).toEqual(['c0'])
  expect(reader.state.byId.get('c0')).toMatchObject({ body: '', author: { displayName: '' } })
  const closed = closeReplies(reader.state, 'c0')
  expect(closed.sections.get(ROOT)?.ids).toEqual([])
  expect(closed.byId.size).toBe(0)
})
