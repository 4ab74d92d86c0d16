import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import { within } from '../base/within.ts'
import type { Bus, Message, Publisher } from '../bus/bus.ts'
import { COMMENT_FEED_CHANNEL, parseCommentFeedHint } from '../changelog/comment-feed-hint.ts'
import { CHANGE_CHANNEL } from '../changelog/record.ts'
import type { ChangeKind } from '../db/client/client.ts'
import type { Database } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import { changesSince, RECENT_MS, type RecentChanges, type ReferenceEntry } from './changes-since.ts'
import {
  ARTICLE_CHANGES,
  ARTICLES,
  COMMENTS,
  commentsOf,
  type Dependency,
  REFERENCE_DETAILS,
  REFERENCE_NAMES,
} from './reads.ts'
import type { ResponseCache } from './response-cache.ts'

/** How often the database is polled for changes, and how long a poll is valid, in ms. */
export const POLL_MS = 400
export const VALID_MS = 1_000

/** How long the answer to a mutation waits for a poll, in ms. */
const OWN_WRITE_TIMEOUT_MS = 1_000

/** Without a request for this time, the database is not polled, in ms. */
const IDLE_MS = 10_000

export interface ReadCacheWatchDeps {
  database: Pick<Database, 'rows'>
  history: HistoryWatch
  listen: Bus['listen']
  now: () => Date
  onFailure: (error: unknown) => void
  /** How often the database is polled, in ms, for tests. */
  pollMs?: number
}

/**
 * Drops responses from the cache when something changes that they depend on. Hints and the gateway's own writes make it
 * fast; the polls make it certain, also when hints are lost and when another program writes.
 */
export class ReadCacheWatch {
  readonly #cache: ResponseCache
  readonly #deps: ReadCacheWatchDeps
  readonly #polls = new Coalescer(() => this.#poll())
  readonly #stopPolling: () => Promise<void>
  #stopListening: (() => Promise<void>)[] = []
  /** The newest feed position that is known, by article, for feeds that have grown recently. */
  #feeds = new Map<string, number>()
  #references = new Set<string>()
  #history: string | null = null
  #head = 0
  /** When the last successful poll began, and when the cache was last used, on the process's clock in ms. */
  #polledAt = Number.NEGATIVE_INFINITY
  #usedAt = Number.NEGATIVE_INFINITY

  private constructor(cache: ResponseCache, deps: ReadCacheWatchDeps) {
    this.#cache = cache
    this.#deps = deps
    this.#stopPolling = runEvery(deps.pollMs ?? POLL_MS, () => this.#pollWhileUsed())
  }

  static async open(cache: ResponseCache, deps: ReadCacheWatchDeps): Promise<ReadCacheWatch> {
    const watch = new ReadCacheWatch(cache, deps)
    const onReconnect = () => void watch.poll()
    const onHint = (channel: string) => (payload: string) => watch.#onHint({ channel, payload })
    const stopHistory = deps.history.onChange(() => cache.clear('gap'))
    watch.#stopListening = [
      await deps.listen(COMMENT_FEED_CHANNEL, onHint(COMMENT_FEED_CHANNEL), onReconnect),
      await deps.listen(CHANGE_CHANNEL, onHint(CHANGE_CHANNEL), onReconnect),
      async () => stopHistory(),
    ]
    return watch
  }

  /** Notes that the cache is in use. */
  use(): void {
    const now = performance.now()
    const wasIdle = now - this.#usedAt > IDLE_MS
    this.#usedAt = now
    if (wasIdle) void this.poll()
  }

  /**
   * Reads the changes up to a time after this call. Does not fail: without a poll, the cache answers nothing.
   * @returns whether they could be read
   */
  poll(): Promise<boolean> {
    return this.#polls.run()
  }

  /** A publisher whose transactions end when the cache knows what they have changed. */
  publisher(bus: Publisher): Publisher {
    return {
      transaction: async (work, options) => {
        const messages: Message[] = []
        const recorded: typeof work = (tx, publish) =>
          work(tx, async (message) => {
            messages.push(message)
            await publish(message)
          })
        try {
          const result = await bus.transaction(recorded, options)
          await this.#onOwnWrite(messages)
          return result
        } catch (error) {
          // It may have been committed although the connection was lost.
          if (messages.length > 0) await this.#catchUp()
          throw error
        }
      },
    }
  }

  async close(): Promise<void> {
    this.#cache.suspend()
    void this.#stopPolling()
    await Promise.all(this.#stopListening.map((stop) => stop()))
    await this.#polls.whenIdle()
  }

  async #onOwnWrite(messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      const hint = feedHintIn(message)
      // Whatever is known of the feed: after a failover, its positions may be lower.
      if (hint) this.#dropComments(hint)
    }
    if (messages.some(({ channel }) => channel === CHANGE_CHANNEL)) await this.#catchUp()
  }

  async #catchUp(): Promise<void> {
    // Without a poll, it is not known what has changed.
    if (!(await within(OWN_WRITE_TIMEOUT_MS, this.poll(), false))) this.#cache.clear('gap')
  }

  #onHint(message: Message): void {
    if (message.channel === CHANGE_CHANNEL) return void this.poll()
    const hint = feedHintIn(message)
    if (hint) this.#onFeed(hint)
  }

  async #pollWhileUsed(): Promise<void> {
    if (performance.now() - this.#usedAt <= IDLE_MS) await this.poll()
  }

  async #poll(): Promise<boolean> {
    const began = performance.now()
    try {
      const found = await changesSince(this.#deps.database, this.#head, this.#deps.now())
      // Entries that are no longer recent were not seen by any poll.
      if (began - this.#polledAt > RECENT_MS / 3 || !this.#continues(found)) this.#restart(found)
      else this.#apply(found)
      this.#polledAt = began
      this.#cache.confirm(began + VALID_MS, found.nextDue)
      return true
    } catch (error) {
      this.#deps.onFailure(error)
      return false
    }
  }

  /** Whether the changes are those after the last poll, in the same history. */
  #continues({ history, head, articles, references }: RecentChanges): boolean {
    return history === this.#history && head >= this.#head && articles !== null && references !== null
  }

  #restart({ history, head, feeds, references }: RecentChanges): void {
    this.#cache.clear('gap')
    this.#history = history
    this.#head = head
    this.#feeds = new Map(feeds.map(({ articleId, position }) => [articleId, position]))
    this.#references = new Set(references?.map(({ id }) => id))
  }

  #apply({ head, articles, feeds, references }: RecentChanges): void {
    this.#head = head
    for (const { articleId, kind } of articles ?? []) {
      if (articleId !== null) this.#cache.drop(affectedBy(articleId, kind), 'article')
    }
    for (const feed of feeds) this.#onFeed(feed)
    const recent = new Set(feeds.map(({ articleId }) => articleId))
    for (const articleId of this.#feeds.keys()) if (!recent.has(articleId)) this.#feeds.delete(articleId)
    for (const entry of references ?? []) if (!this.#references.has(entry.id)) this.#onReference(entry)
    this.#references = new Set(references?.map(({ id }) => id))
  }

  #onReference({ kind, articleId }: ReferenceEntry): void {
    if (articleId !== null) this.#cache.drop(affectedBy(articleId, 'UPDATED'), 'article')
    else this.#cache.drop([kind === 'NAMES' ? REFERENCE_NAMES : REFERENCE_DETAILS], 'reference')
  }

  #onFeed(hint: FeedHint): void {
    if (hint.position > (this.#feeds.get(hint.articleId) ?? -1)) this.#dropComments(hint)
  }

  #dropComments({ articleId, position }: FeedHint): void {
    this.#feeds.set(articleId, position)
    this.#cache.drop([commentsOf(articleId), COMMENTS], 'comment')
  }
}

interface FeedHint {
  articleId: string
  position: number
}

function feedHintIn({ channel, payload }: Message): FeedHint | null {
  return channel === COMMENT_FEED_CHANNEL ? parseCommentFeedHint(payload) : null
}

/** What a change of an article affects. Only some changes leave all lists of articles as they are. */
export function affectedBy(articleId: string, kind: ChangeKind): Dependency[] {
  const own = [articleId, commentsOf(articleId), ARTICLE_CHANGES]
  return kind === 'RIGHTS_CHANGED' || kind === 'COMMENTING_CHANGED' ? own : [...own, ARTICLES, COMMENTS]
}
