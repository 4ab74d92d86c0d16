/**
 * A map that is emptied when it is full: the cheapest bound for a cache of what can be computed again in no
 * time, whatever a client fills it with.
 */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #maxEntries: number

  constructor(maxEntries: number) {
    super()
    this.#maxEntries = maxEntries
  }

  override set(key: Key, value: Value): this {
    if (this.size >= this.#maxEntries && !this.has(key)) this.clear()
    return super.set(key, value)
  }
}
