import type { CommentFeedEvent } from './event.ts'
import type { Payload } from './payload.ts'
import type { CachedResult, ResultCache } from './result-cache.ts'

/** The memory of a cached result besides its bytes (key, promise, map entry), in bytes. */
const ENTRY_OVERHEAD_BYTES = 500

/**
 * The results of a group: each event is executed once, and its result is kept for subscribers that catch up.
 */
export class GroupResults {
  readonly #execute: (event: CommentFeedEvent) => Promise<Payload>
  readonly #cache: ResultCache | null
  readonly #results = new Map<string, Result>()

  /** @param cache where results are kept; null when a result may not be sent to later subscribers */
  constructor(execute: (event: CommentFeedEvent) => Promise<Payload>, cache: ResultCache | null) {
    this.#execute = execute
    this.#cache = cache
  }

  /** The result for an event if it is cached already. */
  settled(event: CommentFeedEvent): Payload | null {
    return this.#results.get(cacheKeyOf(event))?.payload ?? null
  }

  /** The result for an event; executed once. */
  get(event: CommentFeedEvent): Promise<Payload> {
    if (!this.#cache) return this.#execute(event)
    const key = cacheKeyOf(event)
    const known = this.#results.get(key)
    if (known) return known.promise
    const result = new Result(this.#execute(event), () => this.#results.delete(key))
    this.#results.set(key, result)
    result.promise.then(
      (payload) => {
        if (this.#results.get(key) !== result) return
        result.payload = payload
        this.#cache?.set(result)
      },
      () => {
        if (this.#results.get(key) === result) this.#results.delete(key)
      },
    )
    return result.promise
  }

  /** Discards all results, also those that are being executed. */
  clear(): void {
    for (const result of this.#results.values()) this.#cache?.delete(result)
    this.#results.clear()
  }
}

class Result implements CachedResult {
  readonly promise: Promise<Payload>
  /** Null until it is settled. */
  payload: Payload | null = null
  readonly onEvict: () => void

  constructor(promise: Promise<Payload>, onEvict: () => void) {
    this.promise = promise
    this.onEvict = onEvict
  }

  get bytes(): number {
    return ENTRY_OVERHEAD_BYTES + (this.payload?.json.length ?? 0)
  }
}

/** The cursor identifies an entry. Several RESET events can have the same cursor, so the reason is added. */
function cacheKeyOf(event: CommentFeedEvent): string {
  return event.kind === 'RESET' ? `${event.reason} ${event.cursor}` : event.cursor
}
