import type { Rendering, Timed } from './rendering.ts'

interface Kept {
  /** Where the change sequence stood before it was rendered. */
  head: number
  timed: Promise<Timed | null>
  /** Bytes that it counts for; 0 while it is being rendered. */
  size: number
  /** Which bytes it is, or was before this rendering has ended, and since when. */
  etag: string | null
  modified: Date
}

/** A rendering, with the moment since when this gateway has had these very bytes. */
export interface Cached {
  rendering: Rendering
  /** Where the change sequence stood, or beyond: everything up to there is in it. */
  head: number
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

  /** @param capacity in bytes */
  constructor(capacity = 64 * 1024 * 1024) {
    this.#capacity = capacity
  }

  /** How often anything was rendered. */
  get renderings(): number {
    return this.#renderings
  }

  /** What bodies are kept, in bytes, with what each costs beside. */
  get size(): number {
    return this.#size
  }

  /** @param render null when there is nothing to render, which is not kept */
  async get(
    { key, head }: CacheKey,
    now: () => Date,
    render: () => Promise<Timed | null>,
  ): Promise<Cached | null> {
    const found = this.#kept.get(key)
    if (found && found.head >= head) {
      const timed = await found.timed
      if (!timed) return null
      if (timed.until === null || now() < timed.until) {
        this.#touch(key, found)
        return { rendering: timed.rendering, head: found.head, modified: found.modified }
      }
      // Whoever waited with us may have begun to render it anew.
      if (this.#kept.get(key) !== found) return this.get({ key, head }, now, render)
    }
    return this.#render({ key, head }, now, render)
  }

  async #render(
    { key, head }: CacheKey,
    now: () => Date,
    render: () => Promise<Timed | null>,
  ): Promise<Cached | null> {
    const before = this.#kept.get(key)
    this.#drop(key)
    this.#renderings += 1
    const kept: Kept = {
      head,
      timed: render(),
      size: 0,
      etag: before?.etag ?? null,
      modified: before?.modified ?? now(),
    }
    this.#kept.set(key, kept)
    try {
      const timed = await kept.timed
      if (!timed) {
        this.#forget(key, kept)
        return null
      }
      if (kept.etag !== timed.rendering.etag) {
        kept.etag = timed.rendering.etag
        kept.modified = now()
      }
      this.#weigh(key, kept, timed.rendering.body.length)
      return { rendering: timed.rendering, head, modified: kept.modified }
    } catch (error) {
      this.#forget(key, kept)
      throw error
    }
  }

  /** What was asked for last stands last. */
  #touch(key: string, kept: Kept): void {
    if (this.#kept.get(key) !== kept) return
    this.#kept.delete(key)
    this.#kept.set(key, kept)
  }

  /** Unless something newer has taken its place by now. */
  #forget(key: string, kept: Kept): void {
    if (this.#kept.get(key) === kept) this.#drop(key)
  }

  #weigh(key: string, kept: Kept, bytes: number): void {
    if (this.#kept.get(key) !== kept) return
    kept.size = bytes + key.length + OVERHEAD
    this.#size += kept.size
    for (const [oldest, { size }] of this.#kept) {
      if (this.#size <= this.#capacity) break
      if (size > 0) this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#size -= this.#kept.get(key)?.size ?? 0
    this.#kept.delete(key)
  }
}

/** What a rendering costs beside its body, in bytes, so that many empty ones count too. */
const OVERHEAD = 4096
