import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Verify } from '../../auth/verify.ts'
import { anonymous, type Viewer } from '../../auth/viewer.ts'
import { LruCache } from '../../base/lru-cache.ts'
import type { CachedResponse } from '../../read-cache/cached-response.ts'
import type { ReadCacheWatch } from '../../read-cache/change-watch.ts'
import { Reads } from '../../read-cache/reads.ts'
import type { ResponseCache } from '../../read-cache/response-cache.ts'
import { sendCached } from '../send-cached.ts'
import type { PlainResult } from './plain-result.ts'

/** Who shares a response: everybody without a token, or every reader with one. */
export type CacheAudience = 'anonymous' | 'reader'

/** Who sent a request, and whether its response may be shared. */
export interface Viewing {
  /** Null if the response of this viewer is never kept. */
  audience: CacheAudience | null
  /** The verification of the request's token, if it has one. */
  verified?: Promise<Viewer>
}

export interface QueryCacheDeps {
  cache: ResponseCache
  watch: ReadCacheWatch
  verify: Verify
  networkOf: (request: IncomingMessage) => string | undefined
}

/** Characters of the keys of requests whose responses can't be kept. */
const MAX_UNKEPT_LENGTH = 1_000_000

type Outcome = { kept: CachedResponse; made?: undefined } | { kept: null; made: PlainResult }

/** Answers queries from the cache, and executes identical queries once. */
export class QueryCache {
  readonly #deps: QueryCacheDeps
  readonly #running = new Map<string, Promise<CachedResponse | null>>()
  /** Requests whose responses could not be kept: these do not wait for each other. */
  readonly #unkept = new LruCache<string, true>(MAX_UNKEPT_LENGTH, (key) => key.length + 100)

  constructor(deps: QueryCacheDeps) {
    this.#deps = deps
  }

  /** Who sends a request. */
  viewingOf(request: IncomingMessage): Viewing | Promise<Viewing> {
    const { authorization } = request.headers
    if (authorization === undefined) return ANONYMOUS
    const { verify, networkOf } = this.#deps
    const verified = verify(authorization, networkOf(request))
    return verified.then(
      ({ role, isBanned }) => ({ audience: role === 'reader' && !isBanned ? role : null, verified }),
      () => ({ audience: null, verified }),
    )
  }

  /** Sends the response to a request, if it is known and current. */
  answer(
    key: string,
    audience: CacheAudience,
    request: IncomingMessage,
    response: ServerResponse,
    headersOf: () => Record<string, string>,
  ): boolean {
    this.#deps.watch.use()
    const known = this.#deps.cache.get(key)
    if (known) this.send(known, audience, request, response, headersOf)
    return known !== null
  }

  send(
    kept: CachedResponse,
    audience: CacheAudience,
    request: IncomingMessage,
    response: ServerResponse,
    headersOf: () => Record<string, string>,
  ): void {
    const headers = request.headers.origin === undefined ? undefined : headersOf()
    void sendCached(kept, request, response, audience === 'anonymous' ? PUBLIC : PRIVATE, headers)
  }

  /** Executes a request, or waits for an identical one, and keeps the response if it may be shared. */
  async execute(key: string, execute: (reads: Reads) => Promise<PlainResult>): Promise<Outcome> {
    const { counters } = this.#deps.cache
    const running = this.#running.get(key)
    if (running) {
      const kept = await running
      if (kept) {
        counters.coalesced += 1
        return { kept }
      }
    }
    counters.misses += 1
    if (running || this.#unkept.get(key)) return this.#fill(key, execute)
    const filled = this.#fill(key, execute)
    const kept = filled.then(
      (outcome) => outcome.kept,
      () => null,
    )
    this.#running.set(key, kept)
    try {
      return await filled
    } finally {
      this.#running.delete(key)
    }
  }

  async #fill(key: string, execute: (reads: Reads) => Promise<PlainResult>): Promise<Outcome> {
    const { cache } = this.#deps
    const filling = cache.begin()
    const reads = new Reads()
    try {
      const made = await execute(reads)
      if (
        reads.isPrivate ||
        !made.isComplete ||
        made.status !== 200 ||
        Object.keys(made.headers).length > 0
      ) {
        this.#unkept.set(key, true)
        return { kept: null, made }
      }
      const content = { type: made.type, body: Buffer.from(made.body) }
      const kept = cache.put(key, content, reads, filling)
      return kept ? { kept } : { kept, made }
    } finally {
      cache.end(filling)
    }
  }
}

const ANONYMOUS: Viewing = Object.freeze({ audience: 'anonymous' })

const VARY = 'accept, accept-encoding, authorization'
/** Everybody may keep the response, and must ask before each use. */
const PUBLIC = { vary: VARY, 'cache-control': 'public, max-age=0, must-revalidate' }
const PRIVATE = { vary: VARY, 'cache-control': 'private, no-cache' }

/** What differs between readers. They have no partner and no key. */
const OWN: ReadonlySet<string | symbol> = new Set(['subject', 'displayName', 'expiresAt'])

/** A viewer that records as private if anything is read that another viewer of the audience does not have. */
export function observed(viewer: Viewer, recorded: Reads): Viewer {
  // All anonymous viewers are equal.
  if (viewer === anonymous) return viewer
  return new Proxy(viewer, {
    get(target, property) {
      if (OWN.has(property)) recorded.markPrivate()
      return Reflect.get(target, property)
    },
    ownKeys(target) {
      recorded.markPrivate()
      return Reflect.ownKeys(target)
    },
  })
}
