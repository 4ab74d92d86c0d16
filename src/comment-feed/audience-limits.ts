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

/**
 * Distinct shared selections of one article's feed, for all clients together: as many with the documents in
 * schema/operations, and as many with others.
 */
export const MAX_AUDIENCES_PER_ARTICLE = 1_000

/** Selections per client address that may be made with the documents in schema/operations when those places are taken. */
export const MAX_RESERVED_PER_ADDRESS = 10

/**
 * Limits the distinct selections of one article's feed, because every event is executed once for each of
 * them. They are counted per client, so that no client can use up the limit of others. The few documents in
 * schema/operations are always admitted with ids; with other variables, such as filters, they have places of their own.
 */
export class AudienceLimits {
  /** By holder: its number of subscriptions for each audience. */
  readonly #held = new Map<unknown, Map<string, number>>()

  /** Counts a subscription. Returns a function that releases it, or null when a limit is reached. */
  admit(audience: Audience<never>, { connection, address }: Requester): (() => void) | null {
    const { key, isKnownDocument = false, isAlwaysAdmitted, isUnshared, reader } = audience
    if (isAlwaysAdmitted) return () => {}
    const bounds: [holder: unknown, max: number][] = [[connection, MAX_AUDIENCES_PER_CONNECTION]]
    if (reader != null) bounds.push([`reader ${reader}`, MAX_AUDIENCES_PER_READER])
    if (!isUnshared) {
      const network = `address ${address}`
      if (address !== null) bounds.push([network, MAX_AUDIENCES_PER_ADDRESS])
      const isReserved =
        isKnownDocument && address !== null && !this.#isFull(network, key, MAX_RESERVED_PER_ADDRESS)
      const max = isReserved ? Number.POSITIVE_INFINITY : MAX_AUDIENCES_PER_ARTICLE
      bounds.push([isKnownDocument ? ALL_WITH_KNOWN_DOCUMENTS : ALL_WITH_OTHERS, max])
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

const ALL_WITH_KNOWN_DOCUMENTS = Symbol('all clients with documents of schema/operations')
const ALL_WITH_OTHERS = Symbol('all clients with other documents')
