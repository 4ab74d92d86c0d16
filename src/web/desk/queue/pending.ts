import {
  ApproveCommentsDocument,
  type DecisionOutcomeFragment,
  RejectCommentsDocument,
} from '../../../../schema/documents.ts'
import { PostError, post } from '../shell/post.ts'
import type { WaitingComment } from './filter.ts'

/** What the moderator decided. */
export type Verdict = { kind: 'approve' } | { kind: 'reject'; guidelines: readonly string[]; note: string }

/** One keystroke: a decision about some comments, which is sent after a moment. */
export interface Batch {
  id: number
  comments: readonly WaitingComment[]
  verdict: Verdict
  /** `waiting` can still be undone. */
  state: 'waiting' | 'sending'
  /** How many comments have an answer. */
  answered: number
}

/** The answer for one comment, or why there is none. */
export type Outcome = DecisionOutcomeFragment | { __typename: 'Unsent'; code: string; message: string }

export interface BatchResult {
  batch: Batch
  outcomes: readonly { comment: WaitingComment; outcome: Outcome }[]
}

/** How long a decision can be undone, in ms. */
export const UNDO_MS = 5_000

/** Comments per request: the maximum of the API. */
const PART_SIZE = 100

/** If the gateway can't be reached, the request is sent again after these times, in ms: decisions may be repeated. */
const RETRY_AFTER_MS = [1_000, 3_000, 8_000]

/**
 * The decisions of this window that the gateway has not answered yet. They outlive the view of the queue: a decision is
 * sent even if the user looks at something else, signs out, or closes the window.
 */
export class PendingDecisions {
  #batches: readonly Batch[] = []
  #hidden: ReadonlySet<string> = new Set()
  #lastId = 0
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>()
  readonly #listeners = new Set<() => void>()
  readonly #resultListeners = new Set<(result: BatchResult) => void>()

  readonly batches = (): readonly Batch[] => this.#batches
  /** The ids of the comments in all batches: they are not shown in the queue. */
  readonly hidden = (): ReadonlySet<string> => this.#hidden

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onResult(listener: (result: BatchResult) => void): () => void {
    this.#resultListeners.add(listener)
    return () => this.#resultListeners.delete(listener)
  }

  decide(comments: readonly WaitingComment[], verdict: Verdict, undoMs = UNDO_MS): void {
    const fresh = comments.filter(({ id }) => !this.#hidden.has(id))
    if (fresh.length === 0) return
    this.#lastId += 1
    const id = this.#lastId
    this.#set([...this.#batches, { id, comments: fresh, verdict, state: 'waiting', answered: 0 }])
    this.#timers.set(
      id,
      setTimeout(() => void this.#send(id), undoMs),
    )
  }

  /** Takes the latest decision back that was not sent yet. */
  undo(): Batch | null {
    const batch = this.#batches.findLast(({ state }) => state === 'waiting')
    if (!batch) return null
    clearTimeout(this.#timers.get(batch.id))
    this.#set(this.#batches.filter((each) => each !== batch))
    return batch
  }

  /** Sends everything now. With `keepalive` the page may be closed meanwhile. */
  flush({ keepalive }: { keepalive: boolean }): void {
    for (const { id, state } of this.#batches) if (state === 'waiting') void this.#send(id, keepalive)
  }

  async #send(id: number, keepalive = false): Promise<void> {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    const batch = this.#update(id, { state: 'sending' })
    if (!batch) return
    const outcomes: { comment: WaitingComment; outcome: Outcome }[] = []
    for (const comments of partsOf(batch.comments)) {
      const answers = await outcomesOf(comments, batch.verdict, keepalive)
      outcomes.push(...comments.map((comment, index) => ({ comment, outcome: answers[index] as Outcome })))
      this.#update(id, { answered: outcomes.length })
    }
    // Listeners learn the result first: decided comments leave the list before they stop being hidden.
    for (const listener of this.#resultListeners) listener({ batch, outcomes })
    this.#set(this.#batches.filter((each) => each.id !== id))
  }

  #update(id: number, change: Partial<Batch>): Batch | null {
    this.#set(this.#batches.map((batch) => (batch.id === id ? { ...batch, ...change } : batch)))
    return this.#batches.find((batch) => batch.id === id) ?? null
  }

  #set(batches: readonly Batch[]): void {
    this.#batches = batches
    this.#hidden = new Set(batches.flatMap(({ comments }) => comments.map(({ id }) => id)))
    for (const listener of this.#listeners) listener()
  }
}

/** Parts for one request each. Replies to a removed parent need a request of their own: see outcomesOf. */
function partsOf(comments: readonly WaitingComment[]): WaitingComment[][] {
  const parts: WaitingComment[][] = []
  for (const parentRemoved of [false, true]) {
    const some = comments.filter((comment) => comment.parentRemoved === parentRemoved)
    for (let start = 0; start < some.length; start += PART_SIZE)
      parts.push(some.slice(start, start + PART_SIZE))
  }
  return parts
}

async function outcomesOf(
  comments: readonly WaitingComment[],
  verdict: Verdict,
  keepalive: boolean,
): Promise<readonly Outcome[]> {
  try {
    return await withRetries(() => sendPart(comments, verdict, keepalive))
  } catch (error) {
    const { code, message } = error as PostError
    return comments.map(() => ({ __typename: 'Unsent', code, message }))
  }
}

async function sendPart(
  comments: readonly WaitingComment[],
  verdict: Verdict,
  keepalive: boolean,
): Promise<readonly Outcome[]> {
  const ids = comments.map(({ id }) => id)
  if (verdict.kind === 'approve') {
    // The desk shows that the parent was removed: the moderator saw it.
    const allowRemovedParent = comments.every(({ parentRemoved }) => parentRemoved)
    const { approveComments } = await post(
      ApproveCommentsDocument,
      { ids, allowRemovedParent },
      { keepalive },
    )
    if (approveComments.__typename === 'ApproveCommentsPayload') return approveComments.results
    throw new PostError(approveComments.code, approveComments.message)
  }
  const { guidelines, note } = verdict
  const variables = { ids, guidelines: [...guidelines], note: note || null, seen: 'PENDING' as const }
  const { rejectComments } = await post(RejectCommentsDocument, variables, { keepalive })
  if (rejectComments.__typename === 'RejectCommentsPayload') return rejectComments.results
  throw new PostError(rejectComments.code, rejectComments.message)
}

async function withRetries<Result>(send: () => Promise<Result>): Promise<Result> {
  for (const waitMs of RETRY_AFTER_MS) {
    try {
      return await send()
    } catch (error) {
      if (!isTransient(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
  return send()
}

function isTransient(error: unknown): boolean {
  return (
    error instanceof PostError && ['NETWORK', 'TEMPORARILY_UNAVAILABLE', 'RATE_LIMITED'].includes(error.code)
  )
}
