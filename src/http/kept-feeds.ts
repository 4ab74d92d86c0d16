import type { IncomingMessage, ServerResponse } from 'node:http'
import { accepts } from '../feeds/accept.ts'
import { readFeedAddress, writeFeedAddress } from '../feeds/address.ts'
import type { RenderedFeed } from '../feeds/render-feed.ts'
import type { ReadCacheWatch } from '../read-cache/change-watch.ts'
import { ARTICLE_CHANGES, Reads } from '../read-cache/reads.ts'
import type { Filling, ResponseCache } from '../read-cache/response-cache.ts'
import { type CdnPolicy, cdnAgeOf, cdnHeaders } from './cdn-headers.ts'
import { type CachePolicy, sendCached } from './send-cached.ts'

const SCOPE = 'feed'

/** Keeps the public feeds as they were sent. */
export class KeptFeeds {
  readonly #cache: ResponseCache
  readonly #watch: ReadCacheWatch
  readonly #policy: CachePolicy

  constructor(
    { cache, watch, cdn }: { cache: ResponseCache; watch: ReadCacheWatch; cdn: CdnPolicy | null },
    policy: Omit<CachePolicy, 'name' | 'cdn'>,
  ) {
    this.#cache = cache
    this.#watch = watch
    this.#policy = { ...policy, name: SCOPE, cdn }
  }

  /** Sends a feed, if it is known and current, and if the answer does not depend on other headers. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (!isShared(request)) return false
    const { accept = ANY, 'if-modified-since': since, 'if-none-match': tags } = request.headers
    if (since !== undefined && tags === undefined) return false
    this.#watch.use()
    const kept = this.#cache.get(SCOPE, request.url as string)
    if (!kept || (accept !== ANY && !accepts(accept, kept.type))) return false
    sendCached(kept, request, response, this.#policy)
    return true
  }

  /** Begins a request whose feed may be kept; null for one of a partner. It must be ended. */
  begin(request: IncomingMessage): Filling | null {
    if (!isShared(request)) return null
    this.#cache.counters.misses += 1
    return this.#cache.begin()
  }

  end(filling: Filling): void {
    this.#cache.end(filling)
  }

  /** Keeps a feed, with the headers that it is sent with. Returns the headers for CDNs. */
  put(
    { url = '' }: IncomingMessage,
    feed: RenderedFeed,
    headers: Record<string, string>,
    filling: Filling,
  ): Record<string, string> {
    const address = readFeedAddress(url)
    // Not under other spellings of the address, of which there is any number.
    if (!address || writeFeedAddress(address, null) !== url) return {}
    const reads = new Reads()
    reads.add(ARTICLE_CHANGES)
    if (feed.until) reads.changesAt(feed.until)
    const content = { type: feed.type, body: feed.body, tag: feed.etag.slice(1, -1), headers }
    const kept = this.#cache.put({ scope: SCOPE, text: url }, content, reads, filling)
    const { cdn } = this.#policy
    return kept && cdn ? cdnHeaders(kept, cdnAgeOf(kept, cdn)) : {}
  }
}

const ANY = '*/*'

/** Whether a request is for a public feed, by its address without parameters. */
function isShared({ headers, url = '' }: IncomingMessage): boolean {
  return headers.authorization === undefined && !url.includes('?') && !url.startsWith('/feeds/p/')
}
