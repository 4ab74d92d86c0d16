/** A result in the cache. */
export interface CachedResult {
  /** Its approximate size in bytes. */
  readonly bytes: number
  /** Called when it is evicted to make space. */
  onEvict(): void
}

/**
 * The results that all groups of a process keep, within one size limit: a client makes as many groups as it
 * sends different documents, so a limit per group would be no limit. The oldest result is evicted first.
 */
export class ResultCache {
  readonly #maxBytes: number
  readonly #results = new Set<CachedResult>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The size of all results, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  set(result: CachedResult): void {
    this.#results.add(result)
    this.#bytes += result.bytes
    for (const oldest of this.#results) {
      if (this.#bytes <= this.#maxBytes) return
      this.delete(oldest)
      oldest.onEvict()
    }
  }

  delete(result: CachedResult): void {
    if (this.#results.delete(result)) this.#bytes -= result.bytes
  }
}
