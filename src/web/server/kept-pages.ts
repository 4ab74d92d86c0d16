import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CdnPolicy } from '../../http/cdn-headers.ts'
import { type CachePolicy, sendCached } from '../../http/send-cached.ts'
import { CachedResponse, type ResponseContent } from '../../read-cache/cached-response.ts'
import type { ReadCacheWatch } from '../../read-cache/change-watch.ts'
import { Reads } from '../../read-cache/reads.ts'
import type { ResponseCache } from '../../read-cache/response-cache.ts'

/** What keeps responses; null if nothing is kept. */
export type ReadCache = { cache: ResponseCache; watch: ReadCacheWatch; cdn: CdnPolicy | null } | null

const SCOPE = 'page'

/** The name of a page in the cache, and which headers it depends on. */
export interface PageKey {
  text: string
  vary: string
}

/** Sends pages, and keeps them until something changes that they show. */
export class KeptPages {
  readonly #kept: ReadCache
  readonly #running = new Map<string, Promise<CachedResponse | null>>()

  constructor(kept: ReadCache) {
    this.#kept = kept
  }

  /** Sends a page, if it is known and current. */
  answer({ text, vary }: PageKey, request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#kept) return false
    const { cache, watch, cdn } = this.#kept
    watch.use()
    const kept = cache.get(SCOPE, text)
    if (!kept) return false
    sendCached(kept, request, response, { ...policyOf(vary), cdn })
    return true
  }

  /**
   * Makes a page, or waits for the same one, and sends it.
   * @throws the error of `make`
   */
  async make(
    { text, vary }: PageKey,
    request: IncomingMessage,
    response: ServerResponse,
    make: (reads: Reads) => Promise<ResponseContent>,
  ): Promise<void> {
    const known = await this.#running.get(text)
    const { kept, content } = known ? { kept: known } : await this.#fill(text, make)
    const policy = kept
      ? { ...policyOf(vary), cdn: this.#kept?.cdn }
      : { ...policyOf(vary), name: `unkept ${vary}`, cacheControl: 'private, no-cache' }
    sendCached(kept ?? new CachedResponse(content as ResponseContent), request, response, policy)
  }

  async #fill(text: string, make: (reads: Reads) => Promise<ResponseContent>) {
    const filled = this.#makeOne(text, make)
    if (this.#running.has(text)) return filled
    const kept = filled.then(
      (outcome) => outcome.kept,
      () => null,
    )
    this.#running.set(text, kept)
    try {
      return await filled
    } finally {
      this.#running.delete(text)
    }
  }

  async #makeOne(text: string, make: (reads: Reads) => Promise<ResponseContent>) {
    const reads = new Reads()
    if (!this.#kept) return { kept: null, content: await make(reads) }
    const { cache } = this.#kept
    cache.counters.misses += 1
    const filling = cache.begin()
    try {
      const content = await make(reads)
      const kept = reads.isPrivate ? null : cache.put({ scope: SCOPE, text }, content, reads, filling)
      return { kept, content }
    } finally {
      cache.end(filling)
    }
  }
}

/** Everybody may keep a page, and must ask before each use. */
function policyOf(vary: string): CachePolicy {
  return { name: vary, vary, cacheControl: 'public, max-age=0, must-revalidate' }
}
