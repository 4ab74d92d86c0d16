import { ALL } from './surrogate-keys.ts'

/** The most keys of one message. Together they fit into one header. */
const MAX_MESSAGE_KEYS = 64

/** The most keys that wait; more are replaced by the key of everything. */
const MAX_WAITING_KEYS = 10_000

/** The keys of one message. */
export interface Batch {
  keys: string[]
  /** Those that are sent for the first time. */
  first: string[]
}

/**
 * The keys that wait to be sent, in order. Each is sent twice: a gateway that has not heard of a change yet, or a
 * response that is on its way, can bring the old content back to the CDN after the first purge.
 */
export class WaitingKeys {
  /** By key: whether it is sent for the first time. */
  readonly #keys = new Map<string, boolean>()
  #repeats: { due: number; keys: string[] }[] = []
  readonly #repeatMs: number

  constructor(repeatMs: number) {
    this.#repeatMs = repeatMs
  }

  /** The number of keys that are due. */
  get size(): number {
    return this.#keys.size
  }

  add(keys: readonly string[], isFirst = true): void {
    for (const key of keys) if (isFirst || !this.#keys.has(key)) this.#keys.set(key, isFirst)
    const isFull = this.#keys.size > MAX_WAITING_KEYS
    if (!isFull && (this.#keys.size === 1 || !this.#keys.has(ALL))) return
    const isAllFirst = isFull || [...this.#keys.values()].includes(true)
    this.#keys.clear()
    this.#keys.set(ALL, isAllFirst)
  }

  /** Takes the next keys; null if none are due. */
  take(now: number): Batch | null {
    const due = this.#repeats.filter((repeat) => repeat.due <= now)
    this.#repeats = this.#repeats.filter((repeat) => repeat.due > now)
    for (const { keys } of due) this.add(keys, false)
    const taken = [...this.#keys].slice(0, MAX_MESSAGE_KEYS)
    if (taken.length === 0) return null
    for (const [key] of taken) this.#keys.delete(key)
    return { keys: taken.map(([key]) => key), first: taken.flatMap(([key, isFirst]) => (isFirst ? key : [])) }
  }

  /** Notes that a batch was acknowledged. Returns when its repetition is due; null if it has none. */
  acknowledged({ first }: Batch, now: number): number | null {
    if (first.length === 0) return null
    const due = now + this.#repeatMs
    this.#repeats.push({ due, keys: first })
    return due
  }

  clear(): void {
    this.#keys.clear()
    this.#repeats = []
  }
}
