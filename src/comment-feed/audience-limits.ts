import type { Audience } from './audience.ts'

/** Which client a subscription belongs to. */
export interface Requester {
  /** The websocket or HTTP request of the subscription; compared by identity. */
  connection: object
  /** The network for which limits are counted; null where clients can't be distinguished by it. */
  address: string | null
}

/** Distinct selections of one article's feed, or of another live list, that one connection may watch. */
export const MAX_AUDIENCES_PER_CONNECTION = 10

/**
 * Distinct selections of one article's feed per client address; subscribers with the same selection share it.
 */
export const MAX_AUDIENCES_PER_ADDRESS = 50

/** Distinct selections of one article's feed that depend on the viewer, per reader. */
export const MAX_AUDIENCES_PER_READER = 10

/** Distinct shared selections of one article's feed, for all clients together. */
export const MAX_AUDIENCES_PER_ARTICLE = 1_000

/**
 * Limits the distinct selections of one article's feed, because every event is executed once for each of
 * them. They are counted per client, so that no client can use up the limit of others. The few documents in
 * schema/operations are always admitted.
 */
export class AudienceLimits {
  /** By holder: its number of subscriptions for each audience. */
  readonly #held = new Map<unknown, Map<string, number>>()

  /** Counts a subscription. Returns a function that releases it, or null when a limit is reached. */
  admit(audience: Audience<never>, { connection, address }: Requester): (() => void) | null {
    const { key, isKnownDocument, isUnshared, reader } = audience
    if (isKnownDocument) return () => {}
    const bounds: [holder: unknown, max: number][] = [[connection, MAX_AUDIENCES_PER_CONNECTION]]
    if (reader != null) bounds.push([`reader ${reader}`, MAX_AUDIENCES_PER_READER])
    if (!isUnshared) {
      if (address !== null) bounds.push([`address ${address}`, MAX_AUDIENCES_PER_ADDRESS])
      bounds.push([ALL_CLIENTS, MAX_AUDIENCES_PER_ARTICLE])
    }
    if (bounds.some(([holder, max]) => this.#isFull(holder, key, max))) return null
    for (const [holder] of bounds) this.#add(holder, key)
    let counted = true
    return () => {
      if (!counted) return
      counted = false
      for (const [holder] of bounds) this.#remove(holder, key)
    }
  }

  /** The number of holders with at least one subscription. */
  get size(): number {
    return this.#held.size
  }

  #isFull(holder: unknown, key: string, max: number): boolean {
    const keys = this.#held.get(holder)
    return keys !== undefined && keys.size >= max && !keys.has(key)
  }

  #add(holder: unknown, key: string): void {
    const keys = this.#held.get(holder) ?? new Map<string, number>()
    this.#held.set(holder, keys.set(key, (keys.get(key) ?? 0) + 1))
  }

  #remove(holder: unknown, key: string): void {
    const keys = this.#held.get(holder)
    const left = (keys?.get(key) ?? 1) - 1
    if (left > 0) keys?.set(key, left)
    else keys?.delete(key)
    if (keys?.size === 0) this.#held.delete(holder)
  }
}

const ALL_CLIENTS = Symbol('everybody')
