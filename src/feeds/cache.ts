import type { ExpiringRendering, Rendering } from './rendering.ts'

interface CacheEntry {
  /** The head of the change sequence before rendering. */
  head: number
  rendered: Promise<ExpiringRendering | null>
  /** The size in bytes; 0 while it is being rendered. */
  size: number
  /** The entity tag of the current or previous bytes, and the time when they last changed. */
  etag: string | null
  modified: Date
}

/** A rendering, and the time when its bytes last changed on this gateway. */
export interface Cached {
  rendering: Rendering
  /** The head of the change sequence that the rendering includes. */
  head: number
  modified: Date
  /** When the clock makes the rendering stale; null for never. */
  until: Date | null
}

export interface CacheKey {
  /** The page, audience and terms. */
  key: string
  /** The current head of the change sequence. */
  head: number
}

/**
 * Caches renderings until the change sequence grows or the clock makes them stale. Concurrent requests share
 * one rendering. Bounded in bytes; the least recently used entry is evicted first.
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

  /** The number of renderings. */
  get renderings(): number {
    return this.#renderings
  }

  /** The cached bytes, including overhead. */
  get size(): number {
    return this.#size
  }

  /** @param render returns null if there is nothing to render; that is not cached */
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
        return { ...rendered, head: found.head, modified: found.modified }
      }
      // Another request that waited too may already render it again.
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
      return { ...rendered, head, modified: entry.modified }
    } catch (error) {
      this.#dropIfCurrent(key, entry)
      throw error
    }
  }

  /** Moves the entry to the end of the eviction order. */
  #touch(key: string, entry: CacheEntry): void {
    if (this.#entry.get(key) !== entry) return
    this.#entry.delete(key)
    this.#entry.set(key, entry)
  }

  /** Drops the entry unless it was replaced. */
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

/** The overhead of an entry, so that many empty ones count too. */
const ENTRY_OVERHEAD_BYTES = 4096
