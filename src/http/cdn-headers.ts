import { surrogateKeys } from '../cdn/surrogate-keys.ts'
import type { Config } from '../config/config.ts'
import type { CachedResponse } from '../read-cache/cached-response.ts'

/** How long a CDN may hold public responses. */
export interface CdnPolicy {
  /** In s. */
  maxAge: number
  /** The clock by which articles become visible. */
  now: () => Date
}

/** Null if a CDN may hold nothing. */
export function cdnPolicyOf({ cdn }: Config, now: () => Date): CdnPolicy | null {
  return cdn.maxAge > 0 ? { maxAge: cdn.maxAge, now } : null
}

/** How long a CDN may hold a kept response from now on, in s: not after the time at which it changes by the clock. */
export function cdnAgeOf({ until }: CachedResponse, { maxAge, now }: CdnPolicy): number {
  if (until === Number.POSITIVE_INFINITY) return maxAge
  return Math.max(0, Math.min(maxAge, Math.floor((until - now().getTime()) / 1_000)))
}

/** The headers for CDNs of a kept response. docs/cdn.md is the contract. */
export function cdnHeaders({ dependencies }: CachedResponse, age: number): Record<string, string> {
  if (age === 0) return { 'cache-control': 'private, no-store' }
  return {
    'cache-control': `public, max-age=0, s-maxage=${age}, must-revalidate`,
    'surrogate-control': `max-age=${age}`,
    'surrogate-key': surrogateKeys(dependencies),
  }
}
