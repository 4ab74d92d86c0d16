import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Verify } from '../../auth/verify.ts'
import { anonymous, type Viewer } from '../../auth/viewer.ts'
import { LruCache } from '../../base/lru-cache.ts'
import type { CachedResponse } from '../../read-cache/cached-response.ts'
import type { ReadCacheWatch } from '../../read-cache/change-watch.ts'
import { Reads } from '../../read-cache/reads.ts'
import type { CacheKey, ResponseCache } from '../../read-cache/response-cache.ts'
import type { CdnPolicy } from '../cdn-headers.ts'
import { type CachePolicy, sendCached } from '../send-cached.ts'
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
  /** What a CDN may hold; null for nothing. */
  cdn: CdnPolicy | null
}

/** Characters of the keys of requests whose responses can't be kept. */
const MAX_UNKEPT_LENGTH = 1_000_000

type Outcome =
  | { kept: CachedResponse; made?: undefined }
  /** `isShared` if the response may be kept, but something changed while it was made. */
  | { kept: null; made: PlainResult; isShared: boolean }

/** Answers queries from the cache, and executes identical queries once. */
export class QueryCache {
  readonly #deps: QueryCacheDeps
  readonly #running = new Map<string, Promise<CachedResponse | null>>()
  /** Requests whose last response could not be kept: these do not wait for each other. */
  readonly #unkept = new LruCache<string, true>(MAX_UNKEPT_LENGTH, (key) => key.length + 100)

  /** For responses to everybody without a token. */
  readonly publicPolicy: CachePolicy

  constructor(deps: QueryCacheDeps) {
    this.#deps = deps
    this.publicPolicy = deps.cdn ? { ...PUBLIC, cdn: deps.cdn } : PUBLIC
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

  /** What is known about a request. */
  open(request: KeptRequest): KeptQuery {
    this.#deps.watch.use()
    return new KeptQuery(request, this)
  }

  get responses(): ResponseCache {
    return this.#deps.cache
  }

  /**
   * Executes a request, or waits for an identical one, and keeps the response if it may be shared.
   * @param key of the scope and the text
   */
  async execute(key: CacheKey, execute: (reads: Reads) => Promise<PlainResult>): Promise<Outcome> {
    const { counters } = this.responses
    const name = `${key.scope} ${key.text}`
    const running = this.#running.get(name)
    if (running) {
      const kept = await running
      if (kept) {
        counters.coalesced += 1
        return { kept }
      }
    }
    if (running || this.#unkept.get(name)) return this.#fill(key, execute)
    const filled = this.#fill(key, execute)
    const kept = filled.then(
      (outcome) => {
        if (!outcome.kept && !outcome.isShared) this.#unkept.set(name, true)
        return outcome.kept
      },
      () => null,
    )
    this.#running.set(name, kept)
    try {
      return await filled
    } finally {
      this.#running.delete(name)
    }
  }

  async #fill(key: CacheKey, execute: (reads: Reads) => Promise<PlainResult>): Promise<Outcome> {
    const cache = this.responses
    const filling = cache.begin()
    const reads = new Reads()
    try {
      const made = await execute(reads)
      const { type, body, headers, status, isComplete } = made
      const { isPrivate } = reads
      if (!isPrivate) cache.counters.misses += 1
      const isShared = !isPrivate && isComplete && status === 200 && Object.keys(headers).length === 0
      const kept = isShared ? cache.put(key, { type, body: Buffer.from(body) }, reads, filling) : null
      if (kept) this.#unkept.delete(`${key.scope} ${key.text}`)
      return kept ? { kept } : { kept, made, isShared }
    } finally {
      cache.end(filling)
    }
  }
}

/** A request whose response may be kept. */
export interface KeptRequest {
  audience: CacheAudience
  mediaType: string
  text: string
  request: IncomingMessage
  response: ServerResponse
  /** The headers of this request: of CORS. */
  headersOf: () => Record<string, string>
}

/** Answers one request. */
export class KeptQuery {
  readonly #asked: KeptRequest
  readonly #cache: QueryCache
  readonly #scope: string

  constructor(asked: KeptRequest, cache: QueryCache) {
    this.#asked = asked
    this.#cache = cache
    this.#scope = scopeOf(asked)
  }

  /** Sends the response, if it is known and current. */
  answer(): boolean {
    const kept = this.#cache.responses.get(this.#scope, this.#asked.text)
    if (kept) this.#send(kept)
    return kept !== null
  }

  /** Executes the request and sends the response if it is kept; otherwise returns what to send. */
  async execute(execute: (reads: Reads) => Promise<PlainResult>): Promise<PlainResult | null> {
    const key = { scope: this.#scope, text: this.#asked.text }
    const { kept, made } = await this.#cache.execute(key, execute)
    if (kept) this.#send(kept, true)
    return made ?? null
  }

  #send(kept: CachedResponse, isNew = false): void {
    const { request, response, audience, headersOf } = this.#asked
    const own = request.headers.origin === undefined ? undefined : headersOf()
    const policy = audience === 'anonymous' ? this.#cache.publicPolicy : PRIVATE
    sendCached(kept, request, response, policy, own, isNew)
  }
}

/** The names of scopes: few, so that a look-up makes no string. */
const scopes = new Map<string, string>()

function scopeOf({ audience, mediaType, request }: KeptRequest): string {
  const group = audience === 'anonymous' ? mediaType : `${audience} ${mediaType}`
  if (request.method === 'POST') return group
  const known = scopes.get(group)
  if (known !== undefined) return known
  scopes.set(group, `GET ${group}`)
  return `GET ${group}`
}

const ANONYMOUS: Viewing = Object.freeze({ audience: 'anonymous' })

/** A cache must not send a response without the headers of CORS to a page of another origin. */
const VARY = 'accept, accept-encoding, authorization, origin'
/** Everybody may keep the response, and must ask before each use. */
const PUBLIC: CachePolicy = { name: 'public', vary: VARY, cacheControl: 'public, max-age=0, must-revalidate' }
const PRIVATE: CachePolicy = { name: 'private', vary: VARY, cacheControl: 'private, no-cache' }

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
