import { TextMap } from '../base/text-map.ts'
import { CachedResponse, type ResponseContent } from './cached-response.ts'
import type { Dependency, Reads } from './reads.ts'

/** Bytes of memory for an entry besides its text, and for each of its dependencies. Measured: see test/read-cache/memory.test.ts. */
const ENTRY_OVERHEAD_BYTES = 1_500
const DEPENDENCY_OVERHEAD_BYTES = 300

/** The number of dropped dependencies that are remembered for queries in progress. */
const MAX_REMEMBERED_DROPS = 20_000

/** The most entries that are removed without a turn of the event loop: this takes about 5 ms. */
const MAX_REMOVED_AT_ONCE = 1_000

/** Why responses were dropped. */
export type DropCause = 'comment' | 'article' | 'reference' | 'clock' | 'gap' | 'eviction'

export interface CacheCounters {
  hits: number
  misses: number
  /** Requests that waited for the execution of an identical one. */
  coalesced: number
  drops: Record<DropCause, number>
}

/** What a response answers. Requests of one scope differ only in their text. */
export interface CacheKey {
  /** The method, the audience and the media type. */
  scope: string
  /** The body or the query of the request, as the client sent it. */
  text: string
}

interface Entry {
  key: CacheKey
  response: CachedResponse
  /** Whether it was used since it was last considered for eviction. */
  isUsed: boolean
  /** Whether it is dropped, and only not removed yet. */
  isDropped: boolean
  dependencies: readonly Dependency[]
  /** When the response changes by the clock alone, in ms since the epoch. */
  until: number
  /** The bytes that are counted for it. */
  size: number
}

/** A query that is being executed. */
export interface Filling {
  /** The number of drops before the query read anything. */
  readonly startedAt: number
  /** When the next article was to become visible then, in ms since the epoch: the query may have read before that. */
  readonly nextDue: number
}

export interface ResponseCacheOptions {
  /** In bytes. */
  capacity: number
  /** The clock by which articles become visible. */
  now: () => Date
  /** The clock of the process, in ms. */
  monotonic?: () => number
}

/**
 * Keeps responses with their dependencies, and drops a response when one of them changes. Bounded in bytes; a response
 * that was not used recently is evicted first (the CLOCK approximation of least recently used).
 */
export class ResponseCache {
  readonly counters: CacheCounters = {
    hits: 0,
    misses: 0,
    coalesced: 0,
    drops: { comment: 0, article: 0, reference: 0, clock: 0, gap: 0, eviction: 0 },
  }
  readonly #capacity: number
  readonly #now: () => Date
  readonly #monotonic: () => number
  /** By scope and text: no string is made for a look-up. */
  readonly #scopes = new Map<string, TextMap<Entry>>()
  /** In the order of eviction: an entry that was used since its last turn gets another one. */
  readonly #entries = new Set<Entry>()
  readonly #byDependency = new Map<Dependency, Set<Entry>>()
  readonly #fillings = new Set<Filling>()
  /** When each dependency was last dropped, by the number of drops. */
  readonly #dropped = new Map<Dependency, number>()
  /** Queries that started before this number of drops can't be checked any more. */
  #checkableFrom = 0
  #drops = 0
  #size = 0
  #freshUntil = Number.NEGATIVE_INFINITY
  /** When the next article becomes visible by the clock, in ms since the epoch. */
  #nextDue = Number.POSITIVE_INFINITY

  constructor({ capacity, now, monotonic = () => performance.now() }: ResponseCacheOptions) {
    this.#capacity = capacity
    this.#now = now
    this.#monotonic = monotonic
  }

  /** The number of responses. */
  get count(): number {
    return this.#entries.size
  }

  /** The bytes that are counted for all responses. */
  get size(): number {
    return this.#size
  }

  /** Whether all changes up to less than a second ago are known. */
  get isFresh(): boolean {
    return this.#monotonic() < this.#freshUntil
  }

  /** The response for a request, if it is known to be current. */
  get(scope: string, text: string): CachedResponse | null {
    const entry = this.#scopes.get(scope)?.get(text)
    if (entry === undefined || entry.isDropped || !this.isFresh) return null
    if (entry.until !== Number.POSITIVE_INFINITY && entry.until <= this.#now().getTime()) {
      this.#remove(entry, 'clock')
      return null
    }
    entry.isUsed = true
    this.counters.hits += 1
    return entry.response
  }

  /** Begins a query, before it reads anything. It must be ended. */
  begin(): Filling {
    const filling = { startedAt: this.#drops, nextDue: this.#nextDue }
    this.#fillings.add(filling)
    return filling
  }

  end(filling: Filling): void {
    this.#fillings.delete(filling)
    if (this.#fillings.size === 0) this.#dropped.clear()
  }

  /** Keeps the response of a query, unless it may be older than a known change. Returns null then. */
  put(key: CacheKey, content: ResponseContent, reads: Reads, filling: Filling): CachedResponse | null {
    if (!this.isFresh || !this.#isCurrent(reads, filling.startedAt)) return null
    const own = reads.until?.getTime() ?? Number.POSITIVE_INFINITY
    const until = Math.min(own, filling.nextDue, this.#nextDue)
    if (until <= this.#now().getTime()) return null
    const dependencies = [...reads.dependencies]
    const response = new CachedResponse({ ...content, dependencies, until }, (bytes) =>
      this.#grow(entry, bytes),
    )
    const entry: Entry = { key, response, isUsed: false, isDropped: false, dependencies, until, size: 0 }
    this.#link(entry)
    const overhead = ENTRY_OVERHEAD_BYTES + dependencies.length * DEPENDENCY_OVERHEAD_BYTES
    this.#grow(entry, response.body.length + 2 * key.text.length + overhead)
    return response
  }

  /** Drops every response that depends on one of these. */
  drop(dependencies: Iterable<Dependency>, cause: DropCause): void {
    this.#drops += 1
    for (const dependency of dependencies) {
      if (this.#fillings.size > 0) this.#dropped.set(dependency, this.#drops)
      const entries = this.#byDependency.get(dependency)
      if (entries) this.#removeAll(dependency, entries, cause)
    }
    if (this.#dropped.size > MAX_REMEMBERED_DROPS) this.#forgetDrops()
  }

  /** Drops everything. */
  clear(cause: DropCause): void {
    this.#drops += 1
    this.#forgetDrops()
    this.counters.drops[cause] += this.#entries.size
    this.#entries.clear()
    this.#scopes.clear()
    this.#byDependency.clear()
    this.#size = 0
  }

  /**
   * Says that all changes are known that were committed before a time of the process's clock.
   * @param nextDue when the next article becomes visible by the clock
   */
  confirm(freshUntil: number, nextDue: Date | null): void {
    this.#freshUntil = freshUntil
    this.#nextDue = nextDue?.getTime() ?? Number.POSITIVE_INFINITY
  }

  /** Nothing is answered from here until the next confirmation. */
  suspend(): void {
    this.#freshUntil = Number.NEGATIVE_INFINITY
  }

  #isCurrent({ dependencies }: Reads, startedAt: number): boolean {
    if (startedAt < this.#checkableFrom) return false
    for (const dependency of dependencies) {
      if ((this.#dropped.get(dependency) ?? 0) > startedAt) return false
    }
    return true
  }

  #forgetDrops(): void {
    this.#dropped.clear()
    this.#checkableFrom = this.#drops
  }

  #grow(entry: Entry, bytes: number): void {
    if (!this.#entries.has(entry)) return
    entry.size += bytes
    this.#size += bytes
    for (const oldest of this.#entries) {
      if (this.#size <= this.#capacity) break
      if (oldest.isUsed) {
        oldest.isUsed = false
        this.#entries.delete(oldest)
        this.#entries.add(oldest)
      } else {
        this.#remove(oldest, 'eviction')
      }
    }
  }

  /** Drops entries at once, and removes many of them in parts, so that no request waits long. */
  #removeAll(dependency: Dependency, entries: Set<Entry>, cause: DropCause): void {
    if (entries.size > MAX_REMOVED_AT_ONCE) {
      for (const entry of entries) entry.isDropped = true
      this.#byDependency.delete(dependency)
    }
    this.#removeSome(entries.values(), cause)
  }

  #removeSome(entries: Iterator<Entry>, cause: DropCause): void {
    for (let removed = 0; removed < MAX_REMOVED_AT_ONCE; removed++) {
      const { value, done } = entries.next()
      if (done) return
      if (this.#entries.has(value)) this.#remove(value, cause)
    }
    setImmediate(() => this.#removeSome(entries, cause))
  }

  #remove(entry: Entry, cause: DropCause): void {
    this.#unlink(entry)
    this.counters.drops[cause] += 1
  }

  #link(entry: Entry): void {
    const { scope, text } = entry.key
    const known = this.#scopes.get(scope) ?? new TextMap<Entry>()
    const before = known.get(text)
    if (before) this.#unlink(before)
    known.set(text, entry)
    this.#scopes.set(scope, known)
    this.#entries.add(entry)
    for (const dependency of entry.dependencies) {
      const entries = this.#byDependency.get(dependency) ?? new Set()
      this.#byDependency.set(dependency, entries.add(entry))
    }
  }

  #unlink(entry: Entry): void {
    const { scope, text } = entry.key
    this.#entries.delete(entry)
    this.#scopes.get(scope)?.delete(text)
    this.#size -= entry.size
    for (const dependency of entry.dependencies) {
      const entries = this.#byDependency.get(dependency)
      entries?.delete(entry)
      if (entries?.size === 0) this.#byDependency.delete(dependency)
    }
  }
}
