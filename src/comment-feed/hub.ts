import { isArticleVisible } from '../articles/visible.ts'
import type { Viewer } from '../auth/viewer.ts'
import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import { DomainError, NotFound } from '../base/errors.ts'
import { COMMENT_FEED_CHANNEL, parseCommentFeedHint } from '../changelog/comment-feed-hint.ts'
import type { Database } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import { ArticleCommentFeed } from './article-feed.ts'
import type { Audience } from './audience.ts'
import type { Requester } from './audience-limits.ts'
import { readForClient } from './client-read.ts'
import { type EventPage, readEventPage } from './event-page.ts'
import type { CommentFeedMetrics } from './metrics.ts'
import { ResultCache } from './result-cache.ts'
import { retryUntilCancelled } from './retry.ts'
import { CommentFeedSource } from './source.ts'
import { type FeedState, resetAtEnd, type StartingPoint, startingPointAfter } from './starting-point.ts'
import { CommentFeedStore } from './store.ts'
import { SubscriberGroup } from './subscriber-group.ts'
import { WatchedFeed } from './watched-feed.ts'

/** Bytes of results that this process keeps for subscribers that catch up. */
const MAX_RESULT_CACHE_BYTES = 8 * 1024 * 1024

export interface CommentFeedHubDeps {
  database: Pick<Database, 'prisma' | 'rows'>
  /** The current history of the database. */
  history: HistoryWatch
  /** Listens to a channel of the bus; see Bus.listen. */
  listen: (
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void,
  ) => Promise<() => Promise<void>>
  now: () => Date
  /** How often all watched articles are polled, in case a hint was lost, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
  metrics: CommentFeedMetrics
}

interface Watching {
  watched: WatchedFeed
  state: FeedState
  leave: () => void
}

/**
 * The comment feeds that have subscribers in this process. A feed is read after a hint, after the bus has
 * reconnected, and at intervals; groups of subscribers follow it.
 */
export class CommentFeedHub {
  readonly #deps: CommentFeedHubDeps
  readonly #store: CommentFeedStore
  readonly #feeds = new Map<string, WatchedFeed>()
  readonly #resultCache = new ResultCache(MAX_RESULT_CACHE_BYTES)
  readonly #polls = new Coalescer(() => this.#poll())
  readonly #stopPolling: () => Promise<void>
  #unlisten: () => Promise<void> = async () => {}
  #stopWatchingHistory: () => void = () => {}
  #subscriptions = 0
  #closed = false

  private constructor(deps: CommentFeedHubDeps, store: CommentFeedStore) {
    this.#deps = deps
    this.#store = store
    this.#stopPolling = runEvery(deps.pollMs, () => this.pollAll())
  }

  static async open(given: CommentFeedHubDeps): Promise<CommentFeedHub> {
    const deps = { ...given, onFailure: reportOnce(given.onFailure) }
    const hub = new CommentFeedHub(deps, new CommentFeedStore(deps.database, deps.history, deps.metrics.read))
    hub.#stopWatchingHistory = deps.history.onChange(() => hub.#restart())
    hub.#unlisten = await deps.listen(
      COMMENT_FEED_CHANNEL,
      (payload) => hub.#onHint(payload),
      () => void hub.pollAll(),
    )
    return hub
  }

  /**
   * The history of the database that feeds are read from. Read before a position, it is never newer than it.
   */
  get history(): string {
    return this.#store.history
  }

  /**
   * The cursor of a position in an article's feed.
   * @param history the history in which the position was read
   */
  cursorAt(articleId: string, position: number, history?: string): string {
    return this.#store.cursorAt(articleId, position, history)
  }

  /** The number of watched feeds, groups and subscriptions. Subscriptions without a group yet are included. */
  get size(): { feeds: number; groups: number; subscriptions: number } {
    let groups = 0
    for (const watched of this.#feeds.values()) groups += watched.groups.size
    return { feeds: this.#feeds.size, groups, subscriptions: this.#subscriptions }
  }

  /**
   * Subscribes to an article's comment feed: first the entries after the cursor `after`, then new entries, in
   * order, each once. Without a cursor, it starts with the entries decided after the call; with a cursor that
   * can't be resumed from, it starts with a RESET event.
   * @throws NotFound when the viewer may not see the article, TemporarilyUnavailable when the hub closes or
   *   the database stays unavailable
   */
  async subscribe(
    articleId: string,
    after: string | null,
    viewer: Viewer,
    requester: Requester = { connection: {}, address: null },
  ): Promise<CommentFeedSource> {
    const { watched, state, leave } = await this.#watch(articleId, viewer)
    const { feed } = watched
    const startingPoint =
      after === null ? { position: state.head, reset: null } : startingPointAfter(after, state)
    this.#subscriptions += 1
    return new CommentFeedSource({
      start: () => (feed.generation === state.generation ? startingPoint : this.#restartingPoint(watched)),
      admit: (audience) => watched.audiences.admit(audience, requester),
      group: (audience) => this.#group(watched, audience, viewer),
      retractedIds: feed.retractedIds,
      expiry: viewer.expiresAt && { at: viewer.expiresAt, failure: new TokenExpired() },
      now: this.#deps.now,
      release: () => {
        this.#subscriptions -= 1
        leave()
      },
    })
  }

  /**
   * Reads up to `size` events after a cursor, once: those that a subscription with the cursor would replay.
   * Without a cursor, it starts with the oldest entry that can be replayed.
   * @throws as `subscribe`
   */
  async readPage(articleId: string, after: string | null, size: number, viewer: Viewer): Promise<EventPage> {
    for (;;) {
      const { watched, state, leave } = await this.#watch(articleId, viewer)
      try {
        const isAlone = watched.subscriptions === 1
        const page = await this.#readForClient(() => readEventPage(watched.feed, state, after, size, isAlone))
        // Otherwise, the history of the database has changed.
        if (page) return page
      } finally {
        leave()
      }
    }
  }

  /**
   * Watches an article's feed until `leave` is called. The state was read after the call: a client that continues
   * must not get comments retracted since, and may be ahead of what this process knows.
   * @throws as `subscribe`
   */
  async #watch(articleId: string, viewer: Viewer): Promise<Watching> {
    const watched = this.#watchedFeed(articleId)
    watched.subscriptions += 1
    const leave = () => {
      watched.subscriptions -= 1
      this.#dropIfUnused(articleId, watched)
    }
    try {
      await this.#readForClient(() => watched.feed.refreshForSubscriber())
      const { article } = watched.feed
      if (!article || !isArticleVisible(article, { viewer, now: this.#deps.now }))
        throw new NotFound('article')
      return { watched, state: this.#stateOf(watched.feed), leave }
    } catch (error) {
      leave()
      throw error
    }
  }

  /**
   * The group of an audience. Its subscribers have the same rights, so the first one's viewer is used for all.
   */
  #group({ feed, groups }: WatchedFeed, audience: Audience, viewer: Viewer): SubscriberGroup {
    const { key, execute } = audience
    const known = groups.get(key)
    if (known) return known
    const { now, onFailure, metrics } = this.#deps
    const group = new SubscriberGroup(feed, {
      audience: {
        ...audience,
        execute: (event) => {
          metrics.executed()
          return execute(event)
        },
      },
      resultCache: this.#resultCache,
      isVisible: () => feed.article !== null && isArticleVisible(feed.article, { viewer, now }),
      cursorAt: (position) => this.cursorAt(feed.articleId, position),
      onFailure,
      onDelivered: metrics.delivered,
      onReplayed: metrics.replayed,
      onEmpty: (emptied) => {
        if (groups.get(key) === emptied) groups.delete(key)
      },
    })
    groups.set(key, group)
    return group
  }

  /** Polls all watched articles in one query, and reads the feeds that have changed. */
  pollAll(): Promise<void> {
    return this.#polls.run()
  }

  async close(): Promise<void> {
    this.#closed = true
    void this.#stopPolling()
    this.#stopWatchingHistory()
    await this.#unlisten()
    for (const { groups, retired } of [...this.#feeds.values()]) {
      for (const group of [...groups.values(), ...retired]) group.end()
    }
  }

  async #poll(): Promise<void> {
    const ids = [...this.#feeds.keys()]
    if (ids.length === 0) return
    try {
      const began = performance.now()
      const found = new Map((await this.#store.articles(ids)).map((article) => [article.id, article]))
      for (const id of ids) {
        if (this.#feeds.get(id)?.feed.applyPoll(found.get(id) ?? null, began)) this.#refresh(id)
      }
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }

  #onHint(payload: string): void {
    const hint = parseCommentFeedHint(payload)
    const feed = hint && this.#feeds.get(hint.articleId)?.feed
    if (feed && (hint.visibilityChanged || hint.position > feed.head)) this.#refresh(hint.articleId)
  }

  /** Reads new entries; retries until the article has no subscribers. */
  #refresh(articleId: string): void {
    const watched = this.#feeds.get(articleId)
    if (!watched) return
    const unwatched = () => this.#closed || this.#feeds.get(articleId) !== watched
    void retryUntilCancelled(() => watched.feed.refresh(), this.#deps.onFailure, unwatched)
  }

  #readForClient<T>(read: () => Promise<T>): Promise<T> {
    return readForClient('comment feed', read, this.#deps.onFailure, () => this.#closed)
  }

  /** The history of the database has changed: restarts every feed and sends every subscriber a RESET. */
  #restart(): void {
    for (const watched of this.#feeds.values()) {
      watched.restart()
      void this.#moveSubscribers(watched)
    }
  }

  async #moveSubscribers(watched: WatchedFeed): Promise<void> {
    const { feed, groups, retired } = watched
    const { generation } = feed
    const isUnwanted = () =>
      this.#closed || this.#feeds.get(feed.articleId) !== watched || feed.generation !== generation
    const read = async () => {
      await feed.refresh()
      return true
    }
    if (!(await retryUntilCancelled(read, this.#deps.onFailure, isUnwanted)) || isUnwanted()) return
    const reset = resetAtEnd(this.#stateOf(feed), 'OTHER_HISTORY')
    for (const old of retired.splice(0)) {
      const { key } = old.audience
      const group = groups.get(key) ?? old.successor()
      groups.set(key, group)
      old.moveTo(group, reset)
    }
  }

  /**
   * The starting point of a subscription whose feed was restarted before it was delivered; null while
   * unknown.
   */
  #restartingPoint({ feed, retired }: WatchedFeed): StartingPoint | null {
    if (feed.head < 0 || retired.length > 0) return null
    return { position: feed.head, reset: resetAtEnd(this.#stateOf(feed), 'OTHER_HISTORY') }
  }

  #stateOf({ articleId, head, generation }: ArticleCommentFeed): FeedState {
    return {
      articleId,
      head,
      generation,
      history: this.history,
      cursorAt: (id, position) => this.cursorAt(id, position),
    }
  }

  #watchedFeed(articleId: string): WatchedFeed {
    const watched =
      this.#feeds.get(articleId) ?? new WatchedFeed(new ArticleCommentFeed(this.#store, articleId))
    this.#feeds.set(articleId, watched)
    return watched
  }

  #dropIfUnused(articleId: string, watched: WatchedFeed): void {
    if (watched.subscriptions === 0 && this.#feeds.get(articleId) === watched) {
      this.#feeds.delete(articleId)
    }
  }
}

/** A read that fails does so for every waiting caller: reports it once. */
function reportOnce(onFailure: (error: unknown) => void): (error: unknown) => void {
  const known = new WeakSet<object>()
  return (error) => {
    const cause = Object(error) as object
    if (known.has(cause)) return
    known.add(cause)
    onFailure(error)
  }
}

/** The token expired during a subscription. */
export class TokenExpired extends DomainError {
  constructor() {
    super('TOKEN_EXPIRED', 'The token has expired. Connect again with a new one and your last cursor.')
  }
}
