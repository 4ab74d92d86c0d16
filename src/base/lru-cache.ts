/** Keeps the most recently used entries, up to a total size in the unit of `sizeOf`. */
export class LruCache<Key, Value> {
  readonly #entries = new Map<Key, { value: Value; size: number }>()
  readonly #maxSize: number
  readonly #sizeOf: (key: Key, value: Value) => number
  #size = 0

  /** @param sizeOf 1 for each entry unless given */
  constructor(maxSize: number, sizeOf: (key: Key, value: Value) => number = () => 1) {
    this.#maxSize = maxSize
    this.#sizeOf = sizeOf
  }

  /** The number of entries. */
  get count(): number {
    return this.#entries.size
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** An entry larger than the whole cache is not kept. */
  set(key: Key, value: Value): void {
    this.delete(key)
    const size = this.#sizeOf(key, value)
    if (size > this.#maxSize) return
    this.#entries.set(key, { value, size })
    this.#size += size
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#maxSize) break
      this.delete(oldest)
    }
  }

  delete(key: Key): void {
    this.#size -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }
}
