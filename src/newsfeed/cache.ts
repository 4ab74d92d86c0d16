import type { Rendering, Timed } from './rendering.ts'

interface Kept {
  /** Where the change sequence stood before it was rendered. */
  head: number
  timed: Promise<Timed>
  /** Bytes that it counts for; 0 while it is being rendered. */
  size: number
  /** What was sent before under the same key, for `modified`. */
  etag: string | null
  modified: Date | null
}

/** A rendering, with the moment since when this gateway has had these very bytes. */
export interface Cached {
  rendering: Rendering
  modified: Date
}

export interface CacheKey {
  /** Which page, for whom, under which terms. */
  key: string
  /** Where the change sequence stands now. */
  head: number
}

/**
 * Keeps what was rendered until the change sequence has grown or the clock has made it wrong. Whoever asks for
 * what is being rendered waits for it. Bounded in bytes; what was not asked for longest goes first.
 */
export class RenderingCache {
  readonly #kept = new Map<string, Kept>()
  readonly #capacity: number
  #size = 0
  #renderings = 0

  /** @param capacity in bytes of bodies */
  constructor(capacity = 64 * 1024 * 1024) {
    this.#capacity = capacity
  }

  /** How often anything was rendered. */
  get renderings(): number {
    return this.#renderings
  }

  async get({ key, head }: CacheKey, now: () => Date, render: () => Promise<Timed>): Promise<Cached> {
    const found = this.#kept.get(key)
    if (found && found.head >= head) {
      const { rendering, until } = await found.timed
      if (until === null || now() < until) {
        this.#touch(key, found)
        return { rendering, modified: found.modified ?? now() }
      }
    }
    return this.#render({ key, head }, now, render)
  }

  async #render({ key, head }: CacheKey, now: () => Date, render: () => Promise<Timed>): Promise<Cached> {
    const before = this.#kept.get(key)
    this.#drop(key)
    this.#renderings += 1
    const kept: Kept = {
      head,
      timed: render(),
      size: 0,
      etag: before?.etag ?? null,
      modified: before?.modified ?? null,
    }
    this.#kept.set(key, kept)
    try {
      const { rendering } = await kept.timed
      if (kept.etag !== rendering.etag || !kept.modified) kept.modified = now()
      kept.etag = rendering.etag
      this.#weigh(key, kept, rendering.body.length)
      return { rendering, modified: kept.modified }
    } catch (error) {
      if (this.#kept.get(key) === kept) this.#drop(key)
      throw error
    }
  }

  #touch(key: string, kept: Kept): void {
    if (this.#kept.get(key) !== kept) return
    this.#kept.delete(key)
    this.#kept.set(key, kept)
  }

  #weigh(key: string, kept: Kept, size: number): void {
    if (this.#kept.get(key) !== kept) return
    kept.size = size + OVERHEAD
    this.#size += kept.size
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#capacity) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#size -= this.#kept.get(key)?.size ?? 0
    this.#kept.delete(key)
  }
}

/** What a rendering costs beside its body, in bytes, so that many empty ones count too. */
const OVERHEAD = 4096
