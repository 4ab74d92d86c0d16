import type { Audience } from './audience.ts'

/** Which client a subscription belongs to. */
export interface Requester {
  /** The websocket or HTTP request that carries it; compared by identity. */
  connection: object
  /** The network that its limits count for; null where clients can't be told apart by it. */
  address: string | null
}

/** Distinct selections of one article's feed that one connection may watch. */
export const MAX_AUDIENCES_PER_CONNECTION = 10

/** Distinct selections of one article's feed that are watched from one address, each shared by its subscribers. */
export const MAX_AUDIENCES_PER_ADDRESS = 50

/** Distinct selections of one article's feed that depend on who asks, for one reader. */
export const MAX_AUDIENCES_PER_READER = 10

/** Distinct shared selections of one article's feed, from all clients together. */
export const MAX_AUDIENCES_PER_ARTICLE = 1_000

/**
 * Bounds the distinct selections of one article's feed: every event is executed once for each of them. They are
 * counted for the client that asks, so that no client can shut others out. The documents in schema/operations
 * are a handful, and always admitted.
 */
export class AudienceLimits {
  /** By holder: how many subscriptions it has of each audience. */
  readonly #held = new Map<unknown, Map<string, number>>()

  /** Counts a subscription; returns the function that counts it out again, or null when it is one too many. */
  admit(audience: Audience, { connection, address }: Requester): (() => void) | null {
    const { key, isKnown, alone, reader } = audience
    if (isKnown) return () => {}
    const bounds: [holder: unknown, most: number][] = [[connection, MAX_AUDIENCES_PER_CONNECTION]]
    if (reader != null) bounds.push([`reader ${reader}`, MAX_AUDIENCES_PER_READER])
    if (!alone) {
      if (address !== null) bounds.push([`address ${address}`, MAX_AUDIENCES_PER_ADDRESS])
      bounds.push([EVERYBODY, MAX_AUDIENCES_PER_ARTICLE])
    }
    if (bounds.some(([holder, most]) => this.#isFull(holder, key, most))) return null
    for (const [holder] of bounds) this.#add(holder, key)
    let counted = true
    return () => {
      if (!counted) return
      counted = false
      for (const [holder] of bounds) this.#remove(holder, key)
    }
  }

  /** Holders that have something counted. */
  get size(): number {
    return this.#held.size
  }

  #isFull(holder: unknown, key: string, most: number): boolean {
    const keys = this.#held.get(holder)
    return keys !== undefined && keys.size >= most && !keys.has(key)
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

const EVERYBODY = Symbol('everybody')
