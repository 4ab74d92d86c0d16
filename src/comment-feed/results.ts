import type { FeedEvent } from './event.ts'
import type { Payload } from './payload.ts'
import type { Shelf, Shelved } from './result-cache.ts'

/** What a result takes beside its bytes: its key, its promise and its place, in bytes. */
const OVERHEAD = 500

/** The results of a group's events: each made once, and kept for those who catch up on it a moment later. */
export class Results {
  readonly #execute: (event: FeedEvent) => Promise<Payload>
  readonly #shelf: Shelf | null
  readonly #known = new Map<string, Result>()

  /** @param shelf where they are kept; null when a result may be shown to nobody who asks later */
  constructor(execute: (event: FeedEvent) => Promise<Payload>, shelf: Shelf | null) {
    this.#execute = execute
    this.#shelf = shelf
  }

  /** The result for an event where it is there: a crowd asks for the same few hundred again and again. */
  ready(event: FeedEvent): Payload | null {
    return this.#known.get(keyOf(event))?.payload ?? null
  }

  /** The result for an event; executed once for all who ask for it. */
  of(event: FeedEvent): Promise<Payload> {
    if (!this.#shelf) return this.#execute(event)
    const key = keyOf(event)
    const known = this.#known.get(key)
    if (known) return known.coming
    const result = new Result(this.#execute(event), () => this.#known.delete(key))
    this.#known.set(key, result)
    result.coming.then(
      (payload) => {
        if (this.#known.get(key) !== result) return
        result.payload = payload
        this.#shelf?.put(result)
      },
      () => {
        if (this.#known.get(key) === result) this.#known.delete(key)
      },
    )
    return result.coming
  }

  /** Keeps nothing of what was made so far, nor of what is being made. */
  forget(): void {
    for (const result of this.#known.values()) this.#shelf?.take(result)
    this.#known.clear()
  }
}

class Result implements Shelved {
  readonly coming: Promise<Payload>
  /** Null until it is there. */
  payload: Payload | null = null
  readonly fall: () => void

  constructor(coming: Promise<Payload>, fall: () => void) {
    this.coming = coming
    this.fall = fall
  }

  get bytes(): number {
    return OVERHEAD + (this.payload?.json.length ?? 0)
  }
}

/** An entry is known by its cursor, a string that is made once; several events may be RESETs at one place. */
function keyOf(event: FeedEvent): string {
  return event.kind === 'RESET' ? `${event.reason} ${event.cursor}` : event.cursor
}
