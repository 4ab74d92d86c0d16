/** Characters at each end of a text by which it is found. */
const END_LENGTH = 64

/** The most texts with the same length and ends that are compared one by one. */
const MAX_COMPARED = 4

type Bucket<Value> = { text: string; value: Value }[] | Map<string, Value>

/**
 * A map whose keys are long texts that were just received. JavaScript computes the hash of a whole new string before it
 * finds it in a Map, which takes longer than all else that is done to answer from a cache. Here a text is found by its
 * length and its ends, and is then compared with the few that have the same ones.
 */
export class TextMap<Value> {
  readonly #buckets = new Map<string, Bucket<Value>>()

  get(text: string): Value | undefined {
    const bucket = this.#buckets.get(endsOf(text))
    if (bucket === undefined) return undefined
    if (bucket instanceof Map) return bucket.get(text)
    for (const entry of bucket) if (entry.text === text) return entry.value
    return undefined
  }

  set(text: string, value: Value): void {
    const ends = endsOf(text)
    const bucket = this.#buckets.get(ends)
    if (bucket instanceof Map) {
      bucket.set(text, value)
      return
    }
    const others = (bucket ?? []).filter((entry) => entry.text !== text)
    const entries = [...others, { text, value }]
    const isSmall = entries.length <= MAX_COMPARED
    this.#buckets.set(ends, isSmall ? entries : new Map(entries.map((each) => [each.text, each.value])))
  }

  delete(text: string): void {
    const ends = endsOf(text)
    const bucket = this.#buckets.get(ends)
    if (bucket === undefined) return
    if (bucket instanceof Map) {
      bucket.delete(text)
      if (bucket.size === 0) this.#buckets.delete(ends)
      return
    }
    const others = bucket.filter((entry) => entry.text !== text)
    if (others.length === 0) this.#buckets.delete(ends)
    else this.#buckets.set(ends, others)
  }
}

function endsOf(text: string): string {
  return text.length <= 2 * END_LENGTH
    ? text
    : `${text.length} ${text.slice(0, END_LENGTH)}${text.slice(-END_LENGTH)}`
}
