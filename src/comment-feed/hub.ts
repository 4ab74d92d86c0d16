import { seesArticle } from '../articles/visible.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { Database } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import { DomainError, NotFound, TemporarilyUnavailable } from '../base/errors.ts'
import { FEED_CHANNEL, readHint } from '../changelog/comment-feed-hint.ts'
import type { Requester } from './audience-limits.ts'
import { FeedChannel } from './article-feed.ts'
import { readFeedCursor } from './cursor.ts'
import type { FeedEvent, ResetReason } from './event.ts'
import { type Audience, FeedGroup } from './group.ts'
import type { FeedMetrics } from './metrics.ts'
import { retrying } from './retry.ts'
import { Shelf } from './result-cache.ts'
import { FeedSource, type StartingPoint } from './source.ts'
import { FeedStore } from './store.ts'

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
  readonly #channels = new Map<string, FeedChannel>()
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
    for (const channel of this.#channels.values()) groups += channel.groups.size
    return { channels: this.#channels.size, groups, subscriptions: this.#subscriptions }
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
    const channel = this.#join(articleId)
    channel.subscriptions += 1
    const leave = () => {
      channel.subscriptions -= 1
      this.#leave(articleId, channel)
    }
    try {
      // Whoever resumes must not be shown what was taken back since, and may know more than this process.
      await this.#arrive(channel)
      if (this.#closed) throw new TemporarilyUnavailable('The gateway is going away: connect again.')
      if (!channel.article || !seesArticle(channel.article, { viewer, now: this.#deps.now })) {
        throw new NotFound('story')
      }
      const { generation } = channel
      const startingPoint = this.#startingPoint(articleId, channel.head, after)
      const source = new FeedSource({
        start: () => (channel.generation === generation ? startingPoint : this.#restartingPoint(channel)),
        admit: (audience) => channel.audiences.admit(audience, requester),
        group: (audience) => this.#group(channel, audience, viewer),
        takenBack: channel.takenBack,
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
  async #arrive(channel: FeedChannel): Promise<void> {
    const deadline = performance.now() + PATIENCE
    let cause: unknown
    const failed = (error: unknown) => {
      cause = error
      this.#deps.onFailure(error)
    }
    const read = async () => {
      await channel.arrive()
      return true
    }
    const arrived = await retrying(read, failed, () => this.#closed || performance.now() > deadline)
    if (arrived || this.#closed) return
    throw new TemporarilyUnavailable('The feed can not be read just now. Try again shortly.', { cause })
  }

  /** The group of an audience on a channel. Its members have the same rights, so any member's will do. */
  #group(channel: FeedChannel, audience: Audience, viewer: Viewer): FeedGroup {
    const { key, execute } = audience
    const known = channel.groups.get(key)
    if (known) return known
    const { now, onFailure, metrics } = this.#deps
    const group = new FeedGroup(channel, {
      audience: {
        ...audience,
        execute: (event) => {
          metrics.executed()
          return execute(event)
        },
      },
      shelf: this.#shelf,
      mayWatch: () => channel.article !== null && seesArticle(channel.article, { viewer, now }),
      cursorAt: (position) => this.cursorAt(channel.articleId, position),
      onFailure,
      onDelivered: metrics.delivered,
      onReplayed: metrics.replayed,
      onEmpty: (emptied) => {
        if (channel.groups.get(key) === emptied) channel.groups.delete(key)
      },
    })
    channel.groups.set(key, group)
    return group
  }

  /** Looks at every watched story, in one query, and reads those that moved. */
  async lookEverywhere(): Promise<void> {
    const ids = [...this.#channels.keys()]
    if (ids.length === 0) return
    this.#looks += 1
    try {
      const began = performance.now()
      const found = new Map((await this.#store.articles(ids)).map((article) => [article.id, article]))
      for (const id of ids) {
        if (this.#channels.get(id)?.learn(found.get(id) ?? null, began)) this.#refresh(id)
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
    for (const { groups, retired } of [...this.#channels.values()]) {
      for (const group of [...groups.values(), ...retired]) group.end()
    }
  }

  #hear(payload: string): void {
    const hint = readHint(payload)
    const channel = hint && this.#channels.get(hint.articleId)
    if (channel && (hint.standing || hint.position > channel.head)) this.#refresh(hint.articleId)
  }

  /** Reads on, and again while the database is away and somebody still watches. */
  #refresh(articleId: string): void {
    const channel = this.#channels.get(articleId)
    if (!channel) return
    const unwatched = () => this.#closed || this.#channels.get(articleId) !== channel
    void retrying(() => channel.refresh(), this.#deps.onFailure, unwatched)
  }

  /** The history of the database has changed: every feed begins anew, and every subscriber is told. */
  #restart(): void {
    for (const channel of this.#channels.values()) {
      channel.restart()
      void this.#readAnew(channel)
    }
  }

  async #readAnew(channel: FeedChannel): Promise<void> {
    const { generation } = channel
    const isUnwanted = () =>
      this.#closed || this.#channels.get(channel.articleId) !== channel || channel.generation !== generation
    const read = async () => {
      await channel.refresh()
      return true
    }
    if (!(await retrying(read, this.#deps.onFailure, isUnwanted)) || isUnwanted()) return
    const reset = this.#resetAt(channel.articleId, channel.head, 'OTHER_HISTORY')
    for (const old of channel.retired.splice(0)) {
      const { key } = old.audience
      const group = channel.groups.get(key) ?? old.successor()
      channel.groups.set(key, group)
      old.moveTo(group, reset)
    }
  }

  /** Where a subscription begins whose channel was restarted before it began; null while nobody knows. */
  #restartingPoint({ articleId, head, retired }: FeedChannel): StartingPoint | null {
    if (head < 0 || retired.length > 0) return null
    return { position: head, reset: this.#resetAt(articleId, head, 'OTHER_HISTORY') }
  }

  #resetAt(articleId: string, head: number, reason: ResetReason): FeedEvent {
    return { kind: 'RESET', reason, cursor: this.cursorAt(articleId, Math.max(head, 0)) }
  }

  #join(articleId: string): FeedChannel {
    const channel = this.#channels.get(articleId) ?? new FeedChannel(this.#store, articleId)
    this.#channels.set(articleId, channel)
    return channel
  }

  #leave(articleId: string, channel: FeedChannel): void {
    if (channel.subscriptions === 0 && this.#channels.get(articleId) === channel) {
      this.#channels.delete(articleId)
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
