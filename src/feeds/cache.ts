import type { ExpiringRendering, Rendering } from './rendering.ts'

interface CacheEntry {
  /** Where the change sequence stood before it was rendered. */
  head: number
  rendered: Promise<ExpiringRendering | null>
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
  readonly #entry = new Map<string, CacheEntry>()
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

  /** What bodies are entry, in bytes, with what each costs beside. */
  get size(): number {
    return this.#size
  }

  /** @param render null when there is nothing to render, which is not entry */
  async get(
    { key, head }: CacheKey,
    now: () => Date,
    render: () => Promise<ExpiringRendering | null>,
  ): Promise<Cached | null> {
    const found = this.#entry.get(key)
    if (found && found.head >= head) {
      const rendered = await found.rendered
      if (!rendered) return null
      if (rendered.until === null || now() < rendered.until) {
        this.#touch(key, found)
        return { rendering: rendered.rendering, head: found.head, modified: found.modified }
      }
      // Whoever waited with us may have begun to render it anew.
      if (this.#entry.get(key) !== found) return this.get({ key, head }, now, render)
    }
    return this.#render({ key, head }, now, render)
  }

  async #render(
    { key, head }: CacheKey,
    now: () => Date,
    render: () => Promise<ExpiringRendering | null>,
  ): Promise<Cached | null> {
    const before = this.#entry.get(key)
    this.#drop(key)
    this.#renderings += 1
    const entry: CacheEntry = {
      head,
      rendered: render(),
      size: 0,
      etag: before?.etag ?? null,
      modified: before?.modified ?? now(),
    }
    this.#entry.set(key, entry)
    try {
      const rendered = await entry.rendered
      if (!rendered) {
        this.#dropIfCurrent(key, entry)
        return null
      }
      if (entry.etag !== rendered.rendering.etag) {
        entry.etag = rendered.rendering.etag
        entry.modified = now()
      }
      this.#addSize(key, entry, rendered.rendering.body.length)
      return { rendering: rendered.rendering, head, modified: entry.modified }
    } catch (error) {
      this.#dropIfCurrent(key, entry)
      throw error
    }
  }

  /** What was asked for last stands last. */
  #touch(key: string, entry: CacheEntry): void {
    if (this.#entry.get(key) !== entry) return
    this.#entry.delete(key)
    this.#entry.set(key, entry)
  }

  /** Unless something newer has taken its place by now. */
  #dropIfCurrent(key: string, entry: CacheEntry): void {
    if (this.#entry.get(key) === entry) this.#drop(key)
  }

  #addSize(key: string, entry: CacheEntry, bytes: number): void {
    if (this.#entry.get(key) !== entry) return
    entry.size = bytes + key.length + ENTRY_OVERHEAD_BYTES
    this.#size += entry.size
    for (const [oldest, { size }] of this.#entry) {
      if (this.#size <= this.#capacity) break
      if (size > 0) this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#size -= this.#entry.get(key)?.size ?? 0
    this.#entry.delete(key)
  }
}

/** What a rendering costs beside its body, in bytes, so that many empty ones count too. */
const ENTRY_OVERHEAD_BYTES = 4096
