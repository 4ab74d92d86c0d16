import type { WaitingComment } from './filter.ts'
import { keptRoom, type Outcome, type Part, partsOf, type Verdict } from './sending.ts'

/** One keystroke: a decision about some comments, which is sent after a moment. */
export interface Batch {
  id: number
  comments: readonly WaitingComment[]
  verdict: Verdict
  /** `waiting` can still be undone. */
  state: 'waiting' | 'sending'
  /** How many comments have an answer. */
  answered: number
  parts: readonly Part[]
}

export interface BatchResult {
  batch: Batch
  outcomes: readonly { comment: WaitingComment; outcome: Outcome }[]
}

/** How long a decision can be undone, in ms. */
export const UNDO_MS = 5_000

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
    const parts = partsOf(fresh, verdict)
    this.#set([...this.#batches, { id, comments: fresh, verdict, state: 'waiting', answered: 0, parts }])
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

  /**
   * Sends everything now, and at once what the browser sends even if the page is closed meanwhile. The rest follows one
   * request after another.
   */
  flush(): void {
    const batches = this.#batches
    for (const { id, state } of batches) if (state === 'waiting') void this.#send(id)
    for (const part of batches.flatMap(({ parts }) => parts)) {
      if (!part.isStarted && part.bytes <= keptRoom()) void part.answers()
    }
  }

  /** Sends everything now, and waits for the answers. */
  async finish(): Promise<void> {
    this.flush()
    if (this.#batches.length === 0) return
    await new Promise<void>((resolve) => {
      const stop = this.subscribe(() => {
        if (this.#batches.length > 0) return
        stop()
        resolve()
      })
    })
  }

  /** The bytes of the requests that have not been sent. */
  unsentBytes(): number {
    const unsent = this.#batches.flatMap(({ parts }) => parts.filter(({ isStarted }) => !isStarted))
    return unsent.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** One request after another, so that a large selection does not keep the gateway busy. */
  async #send(id: number): Promise<void> {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    const batch = this.#update(id, { state: 'sending' })
    if (!batch) return
    const outcomes: { comment: WaitingComment; outcome: Outcome }[] = []
    for (const part of batch.parts) {
      const answers = await part.answers()
      outcomes.push(
        ...part.comments.map((comment, index) => ({ comment, outcome: answers[index] as Outcome })),
      )
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
