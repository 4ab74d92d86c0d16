import { hash } from 'node:crypto'
import { NotSignedIn, RateLimited } from '../base/errors.ts'
import type { RateLimit } from '../rate-limits/limit.ts'
import { looksLikeKey, prefixOfFeedToken } from './api-key.ts'

/** Recently accepted keys. They are looked up whatever other clients at their address do. */
const MAX_ACCEPTED_KEYS = 10_000

/**
 * Slows down guessing of tokens and keys: after a number of failed sign-ins from one address, each further
 * failure is RateLimited, and keys that this gateway has not accepted before are refused without a look-up. A
 * valid token is accepted from any address: its signature can't be guessed, and one client behind a proxy
 * must not lock out the others.
 */
export class SignInLimit {
  readonly #failures: RateLimit
  /** By hash, the oldest first. */
  readonly #accepted = new Set<string>()

  constructor(failures: RateLimit) {
    this.#failures = failures
  }

  /**
   * Runs a verification for a client.
   * @param network the client's address, or its /64 for IPv6
   * @throws RateLimited, and what `verify` throws
   */
  async guard<T>(network: string, secret: string, verify: () => Promise<T>): Promise<T> {
    const isLookedUp = looksLikeKey(secret) || prefixOfFeedToken(secret) !== null
    const key = isLookedUp ? hash('sha256', secret, 'base64') : null
    if (key !== null && !this.#accepted.has(key)) this.#refuse(this.#failures.retryAfterOf(network))
    try {
      const result = await verify()
      if (key !== null) this.#accept(key)
      return result
    } catch (error) {
      if (!(error instanceof NotSignedIn)) throw error
      if (key !== null) this.#accepted.delete(key)
      // An expired token has a valid signature, so it was not guessed.
      if (!error.isExpired)
        this.#refuse(this.#failures.retryAfterOf(network) ?? (await this.#failures.count(network)))
      throw error
    }
  }

  #refuse(retryAfter: number | null): void {
    if (retryAfter !== null) throw new RateLimited('Too many failed sign-ins from your address.', retryAfter)
  }

  #accept(key: string): void {
    this.#accepted.delete(key)
    this.#accepted.add(key)
    if (this.#accepted.size > MAX_ACCEPTED_KEYS) {
      this.#accepted.delete(this.#accepted.values().next().value as string)
    }
  }
}
