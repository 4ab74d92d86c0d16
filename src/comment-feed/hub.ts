import { seesArticle } from '../articles/visible.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, NotFound, TemporarilyUnavailable } from '../base/errors.ts'
import { FEED_CHANNEL, readHint } from '../changelog/comment-feed-hint.ts'
import type { Database } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import { FeedChannel } from './article-feed.ts'
import type { Audience } from './audience.ts'
import type { Requester } from './audience-limits.ts'
import { readFeedCursor } from './cursor.ts'
import type { FeedEvent, ResetReason } from './event.ts'
import { FeedGroup } from './group.ts'
import type { FeedMetrics } from './metrics.ts'
import { Shelf } from './result-cache.ts'
import { retrying } from './retry.ts'
import { FeedSource, type StartingPoint } from './source.ts'
import { FeedStore } from './store.ts'
import { WatchedFeed } from './watched-feed.ts'

/** How long whoever comes to watch waits for a database that is away, in ms; the last attempt may end later. */
const PATIENCE = 2_000

/** The most entries that are replayed to a returning client; further behind, it loads the page again. */
export const MAX_REPLAY = 1_000

/** Bytes of results kept by this process for those who catch up. */
const KEPT = 8 * 1024 * 1024

export interface FeedHubDeps {
  database: Pick<Database, 'prisma' | 'rows'>
  /** Knows which history the database has. */
  history: HistoryWatch
  /** Listens to a database channel; see Database.listen. */
  listen: (
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void,
  ) => Promise<() => Promise<void>>
  now: () => Date
  /** How often every watched story is looked at although no hint came, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
  metrics: FeedMetrics
}

/**
 * The live comment feeds of this process. One channel reads each watched story, woken by hints, by the
 * bus coming back, and by a slow poll; groups of subscribers walk along it.
 */
export class FeedHub {
  readonly #deps: FeedHubDeps
  readonly #store: FeedStore
  readonly #feeds = new Map<string, WatchedFeed>()
  readonly #shelf = new Shelf(KEPT)
  readonly #poll: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  #forgetHistory: () => void = () => {}
  #subscriptions = 0
  #closed = false
  /** How many looks at every story are under way. */
  #looks = 0

  private constructor(deps: FeedHubDeps, store: FeedStore) {
    this.#deps = deps
    this.#store = store
    this.#poll = setInterval(() => {
      // A slow database must not be asked again before it has answered.
      if (this.#looks === 0) void this.lookEverywhere()
    }, deps.pollMs)
    this.#poll.unref()
  }

  static async open(given: FeedHubDeps): Promise<FeedHub> {
    const deps = { ...given, onFailure: onceEach(given.onFailure) }
    const hub = new FeedHub(deps, new FeedStore(deps.database, deps.history, deps.metrics.read))
    hub.#forgetHistory = deps.history.onChange(() => hub.#restart())
    hub.#unlisten = await deps.listen(
      FEED_CHANNEL,
      (payload) => hub.#hear(payload),
      () => void hub.lookEverywhere(),
    )
    return hub
  }

  /** The history of the database that feeds are read from. Taken before a position is read, it is never too new. */
  get history(): string {
    return this.#store.history
  }

  /**
   * The cursor behind a position of a story's feed.
   * @param history the one that the position was read in
   */
  cursorAt(articleId: string, position: number, history?: string): string {
    return this.#store.cursorAt(articleId, position, history)
  }

  /** How many feeds are watched, by how many groups and subscribers: those that have a place in their feed. */
  get size(): { channels: number; groups: number; subscriptions: number } {
    let groups = 0
    for (const watched of this.#feeds.values()) groups += watched.groups.size
    return { channels: this.#feeds.size, groups, subscriptions: this.#subscriptions }
  }

  /**
   * Subscribes to a story's feed: first what came behind the cursor `after`, then everything new, in
   * order, each entry once. Without a cursor it begins now, behind everything that was decided before the
   * call; with one that can't be honoured it begins with a RESET event.
   * @throws NotFound when the viewer may not see the story, TemporarilyUnavailable when the hub closes or the
   *   database stays away
   */
  async subscribe(
    articleId: string,
    after: string | null,
    viewer: Viewer,
    requester: Requester = { connection: {}, address: null },
  ): Promise<FeedSource> {
    const watched = this.#join(articleId)
    const { feed } = watched
    watched.subscriptions += 1
    const leave = () => {
      watched.subscriptions -= 1
      this.#leave(articleId, watched)
    }
    try {
      // Whoever resumes must not be shown what was taken back since, and may know more than this process.
      await this.#arrive(feed)
      if (this.#closed) throw new TemporarilyUnavailable('The gateway is going away: connect again.')
      if (!feed.article || !seesArticle(feed.article, { viewer, now: this.#deps.now })) {
        throw new NotFound('story')
      }
      const { generation } = feed
      const startingPoint = this.#startingPoint(articleId, feed.head, after)
      const source = new FeedSource({
        start: () => (feed.generation === generation ? startingPoint : this.#restartingPoint(watched)),
        admit: (audience) => watched.audiences.admit(audience, requester),
        group: (audience) => this.#group(watched, audience, viewer),
        takenBack: feed.takenBack,
        expiry: viewer.expiresAt && { at: viewer.expiresAt, failure: new TokenExpired() },
        now: this.#deps.now,
        release: () => {
          this.#subscriptions -= 1
          leave()
        },
      })
      this.#subscriptions += 1
      return source
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Waits for a read that began after the call, and a moment longer when the database is away. */
  async #arrive(feed: FeedChannel): Promise<void> {
    const deadline = performance.now() + PATIENCE
    let cause: unknown
    const failed = (error: unknown) => {
      cause = error
      this.#deps.onFailure(error)
    }
    const read = async () => {
      await feed.arrive()
      return true
    }
    const arrived = await retrying(read, failed, () => this.#closed || performance.now() > deadline)
    if (arrived || this.#closed) return
    throw new TemporarilyUnavailable('The feed can not be read just now. Try again shortly.', { cause })
  }

  /** The group of an audience of a feed. Its members have the same rights, so any member's will do. */
  #group({ feed, groups }: WatchedFeed, audience: Audience, viewer: Viewer): FeedGroup {
    const { key, execute } = audience
    const known = groups.get(key)
    if (known) return known
    const { now, onFailure, metrics } = this.#deps
    const group = new FeedGroup(feed, {
      audience: {
        ...audience,
        execute: (event) => {
          metrics.executed()
          return execute(event)
        },
      },
      shelf: this.#shelf,
      mayWatch: () => feed.article !== null && seesArticle(feed.article, { viewer, now }),
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

  /** Looks at every watched story, in one query, and reads those that moved. */
  async lookEverywhere(): Promise<void> {
    const ids = [...this.#feeds.keys()]
    if (ids.length === 0) return
    this.#looks += 1
    try {
      const began = performance.now()
      const found = new Map((await this.#store.articles(ids)).map((article) => [article.id, article]))
      for (const id of ids) {
        if (this.#feeds.get(id)?.feed.learn(found.get(id) ?? null, began)) this.#refresh(id)
      }
    } catch (error) {
      this.#deps.onFailure(error)
    } finally {
      this.#looks -= 1
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#poll)
    this.#forgetHistory()
    await this.#unlisten()
    for (const { groups, retired } of [...this.#feeds.values()]) {
      for (const group of [...groups.values(), ...retired]) group.end()
    }
  }

  #hear(payload: string): void {
    const hint = readHint(payload)
    const feed = hint && this.#feeds.get(hint.articleId)?.feed
    if (feed && (hint.standing || hint.position > feed.head)) this.#refresh(hint.articleId)
  }

  /** Reads on, and again while the database is away and somebody still watches. */
  #refresh(articleId: string): void {
    const watched = this.#feeds.get(articleId)
    if (!watched) return
    const unwatched = () => this.#closed || this.#feeds.get(articleId) !== watched
    void retrying(() => watched.feed.refresh(), this.#deps.onFailure, unwatched)
  }

  /** The history of the database has changed: every feed begins anew, and every subscriber is told. */
  #restart(): void {
    for (const watched of this.#feeds.values()) {
      watched.restart()
      void this.#readAnew(watched)
    }
  }

  async #readAnew(watched: WatchedFeed): Promise<void> {
    const { feed, groups, retired } = watched
    const { generation } = feed
    const isUnwanted = () =>
      this.#closed || this.#feeds.get(feed.articleId) !== watched || feed.generation !== generation
    const read = async () => {
      await feed.refresh()
      return true
    }
    if (!(await retrying(read, this.#deps.onFailure, isUnwanted)) || isUnwanted()) return
    const reset = this.#resetAt(feed.articleId, feed.head, 'OTHER_HISTORY')
    for (const old of retired.splice(0)) {
      const { key } = old.audience
      const group = groups.get(key) ?? old.successor()
      groups.set(key, group)
      old.moveTo(group, reset)
    }
  }

  /** Where a subscription begins whose feed was restarted before it began; null while nobody knows. */
  #restartingPoint({ feed, retired }: WatchedFeed): StartingPoint | null {
    if (feed.head < 0 || retired.length > 0) return null
    return { position: feed.head, reset: this.#resetAt(feed.articleId, feed.head, 'OTHER_HISTORY') }
  }

  #resetAt(articleId: string, head: number, reason: ResetReason): FeedEvent {
    return { kind: 'RESET', reason, cursor: this.cursorAt(articleId, Math.max(head, 0)) }
  }

  #join(articleId: string): WatchedFeed {
    const watched = this.#feeds.get(articleId) ?? new WatchedFeed(new FeedChannel(this.#store, articleId))
    this.#feeds.set(articleId, watched)
    return watched
  }

  #leave(articleId: string, watched: WatchedFeed): void {
    if (watched.subscriptions === 0 && this.#feeds.get(articleId) === watched) {
      this.#feeds.delete(articleId)
    }
  }

  #startingPoint(articleId: string, head: number, after: string | null): StartingPoint {
    if (after === null) return { position: head, reset: null }
    const cursor = readFeedCursor(after)
    const refuse = (reason: ResetReason) => ({
      position: head,
      reset: this.#resetAt(articleId, head, reason),
    })
    if (!cursor || cursor.articleId !== articleId) return refuse('UNKNOWN_CURSOR')
    if (cursor.history !== this.history) return refuse('OTHER_HISTORY')
    if (cursor.position > head) return refuse('AHEAD_OF_FEED')
    if (head - cursor.position > MAX_REPLAY) return refuse('TOO_OLD')
    return { position: cursor.position, reset: null }
  }
}

/** A read that fails does so for all who wait for it: that is one failure. */
function onceEach(onFailure: (error: unknown) => void): (error: unknown) => void {
  const known = new WeakSet<object>()
  return (error) => {
    const cause = Object(error) as object
    if (known.has(cause)) return
    known.add(cause)
    onFailure(error)
  }
}

/** The token ran out while it was being used. */
export class TokenExpired extends DomainError {
  constructor() {
    super('TOKEN_EXPIRED', 'The token has expired. Connect again with a new one and your last cursor.')
  }
}
