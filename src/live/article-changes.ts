import { setTimeout as wait } from 'node:timers/promises'
import type { Viewer } from '../auth/viewer.ts'
import { Coalescer } from '../base/coalesce.ts'
import { NotFound } from '../base/errors.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import type { Requester } from '../comment-feed/audience-limits.ts'
import { readForClient } from '../comment-feed/client-read.ts'
import { retryUntilCancelled } from '../comment-feed/retry.ts'
import type { SharedSource } from '../comment-feed/shared-source.ts'
import { SpacedReads } from '../comment-feed/spaced-reads.ts'
import { HistoryChanged, type HistoryWatch } from '../db/history-watch.ts'
import {
  type ArticleChangeEvent,
  eventOf,
  type KnownState,
  type NewArticleEvent,
  type PublicEntry,
} from './article-event.ts'
import {
  type ArticleStart,
  type EntryPage,
  type ReadDeps,
  readArticleStart,
  readEntries,
  readFacts,
  readStart,
} from './article-reads.ts'
import { LiveCounters } from './metrics.ts'
import { MissedChanges } from './missed-changes.ts'
import { LiveTopic } from './topic.ts'

export interface ArticleChangesDeps extends ReadDeps {
  changes: ChangeWatch
  history: HistoryWatch
  onFailure: (error: unknown) => void
}

/** How long an article is waited for that is visible by the clock of another gateway only, in ms. */
const MAX_CLOCK_DIFFERENCE_MS = 1_000

/** Who subscribes. */
export interface Subscribing {
  viewer: Viewer
  requester: Requester
}

/** An article that somebody watches. */
interface WatchedArticle {
  topic: LiveTopic<ArticleChangeEvent>
  starts: SpacedReads<ArticleStart>
  missed: MissedChanges
  subscriptions: number
  /** Null until the first subscription has read the article. */
  known: KnownState | null
}

/**
 * The changes of articles that the public notices, for all subscribers of this process. It reads the change sequence
 * when it has grown, and only while there are subscribers.
 */
export class ArticleChanges {
  readonly counters = { articleChanges: new LiveCounters(), newArticles: new LiveCounters() }
  readonly #deps: ArticleChangesDeps
  readonly #articles = new Map<string, WatchedArticle>()
  readonly #newArticles: LiveTopic<NewArticleEvent>
  readonly #starts: SpacedReads<ArticleStart>
  readonly #reads = new Coalescer(() => this.#read())
  readonly #stopWatching: () => void
  /** The position up to which the sequence was read; null without subscribers. */
  #position: number | null = null
  #subscriptions = 0
  #newArticleSubscriptions = 0
  #closed = false

  constructor(deps: ArticleChangesDeps) {
    this.#deps = deps
    this.#newArticles = this.#topic(this.counters.newArticles)
    this.#starts = new SpacedReads(() => readStart(deps))
    const unwatch = deps.changes.watch(() => this.#readInBackground())
    const stopHistory = deps.history.onChange(() => this.#restart())
    this.#stopWatching = () => {
      unwatch()
      stopHistory()
    }
  }

  /** The groups of subscribers that share executions. */
  get groups(): number {
    return [...this.#articles.values()].reduce(
      (sum, { topic }) => sum + topic.groups,
      this.#newArticles.groups,
    )
  }

  /**
   * Subscribes to the changes of an article that the public notices.
   * @param after the version that the client shows; if there is a newer one, the first event says so
   * @throws NotFound when the public may not see the article, TemporarilyUnavailable when the gateway closes or the
   *   database stays unavailable
   */
  async subscribe(
    articleId: string,
    after: number | null,
    { viewer, requester }: Subscribing,
  ): Promise<SharedSource<ArticleChangeEvent>> {
    const watched = this.#watch(articleId)
    const onEnd = this.#hold(() => this.#release(articleId, watched))
    try {
      const { start, first } = await this.#startAfter(async () => {
        const start = await watched.starts.read()
        return { start, first: await watched.missed.eventAfter(after, start) }
      })
      if (!start.isPublic) throw new NotFound('article')
      watched.known ??= { isShown: true, version: start.version, hiddenAt: 0 }
      return watched.topic.subscribe({ viewer, requester, since: start.position, first, onEnd })
    } catch (error) {
      onEnd()
      throw error
    }
  }

  /** Subscribes to articles that become visible to the public. */
  async subscribeToNew(
    accepts: (event: NewArticleEvent) => boolean,
    { viewer, requester }: Subscribing,
  ): Promise<SharedSource<NewArticleEvent>> {
    this.#newArticleSubscriptions += 1
    const onEnd = this.#hold(() => {
      this.#newArticleSubscriptions -= 1
    })
    try {
      const { start } = await this.#startAfter(async () => ({ start: await this.#starts.read() }))
      return this.#newArticles.subscribe({ viewer, requester, since: start.position, accepts, onEnd })
    } catch (error) {
      onEnd()
      throw error
    }
  }

  close(): void {
    this.#closed = true
    this.#stopWatching()
    this.#newArticles.end()
    for (const { topic } of [...this.#articles.values()]) topic.end()
  }

  /**
   * Reads a starting point that is not behind what was announced already: nothing is missed between them.
   * @throws TemporarilyUnavailable
   */
  #startAfter<Start extends { start: ArticleStart }>(read: () => Promise<Start>): Promise<Start> {
    const { onFailure, history } = this.#deps
    const readOnce = async (): Promise<Start> => {
      for (;;) {
        const found = await read()
        if (found.start.history !== history.current) {
          await history.check()
          throw new HistoryChanged()
        }
        if (found.start.position < (this.#position ?? 0)) continue
        this.#startReading(found.start.position)
        return found
      }
    }
    return readForClient('article changes', readOnce, onFailure, () => this.#closed)
  }

  /** Reads from a position on, unless it reads already. Changes that were committed meanwhile come at once. */
  #startReading(position: number): void {
    if (this.#position !== null) return
    this.#position = position
    this.#readInBackground()
  }

  /** The article, with one subscription more. */
  #watch(articleId: string): WatchedArticle {
    const watched = this.#articles.get(articleId) ?? this.#unwatched(articleId)
    this.#articles.set(articleId, watched)
    watched.subscriptions += 1
    return watched
  }

  #unwatched(articleId: string): WatchedArticle {
    return {
      topic: this.#topic(this.counters.articleChanges),
      starts: new SpacedReads(() => readArticleStart(articleId, this.#deps)),
      missed: new MissedChanges(articleId, this.#deps),
      subscriptions: 0,
      known: null,
    }
  }

  #topic<Event extends object>(counters: LiveCounters): LiveTopic<Event> {
    const { now, onFailure } = this.#deps
    return new LiveTopic<Event>({ isPublic: true, now, onFailure, counters })
  }

  /** Counts a subscription. Returns what ends it. */
  #hold(release: () => void): () => void {
    this.#subscriptions += 1
    return () => {
      this.#subscriptions -= 1
      if (this.#subscriptions === 0) this.#position = null
      release()
    }
  }

  #release(articleId: string, watched: WatchedArticle): void {
    watched.subscriptions -= 1
    if (watched.subscriptions === 0) this.#articles.delete(articleId)
  }

  /** Reads new entries; retries until there are no subscribers. */
  #readInBackground(): void {
    const isUnwanted = () => this.#closed || this.#position === null
    void retryUntilCancelled(() => this.#reads.run(), this.#deps.onFailure, isUnwanted)
  }

  async #read(): Promise<void> {
    for (;;) {
      const position = this.#position
      if (position === null) return
      const page = await readEntries(position, this.#deps)
      if (page.history !== this.#deps.history.current) return this.#deps.history.check()
      await this.#waitForClock(page)
      const facts = await this.#factsFor(page)
      // Meanwhile all subscribers may have left, or the history may have changed.
      if (this.#position !== position) continue
      this.#position = page.end
      for (const entry of page.entries) this.#announce(entry, facts)
      if (!page.hasMore) return
    }
  }

  /** Another gateway, whose clock is a little ahead, may have recorded that an embargo has ended. */
  async #waitForClock({ entries }: EntryPage): Promise<void> {
    const ahead = entries.filter(({ kind, isPublic }) => kind === 'PUBLISHED' && !isPublic)
    const ms = Math.max(0, ...ahead.map(({ at }) => at.getTime() - this.#deps.now().getTime()))
    if (ms === 0) return
    await wait(Math.min(ms, MAX_CLOCK_DIFFERENCE_MS))
    for (const entry of ahead) entry.isPublic = (await readArticleStart(entry.articleId, this.#deps)).isPublic
  }

  async #factsFor({ entries }: EntryPage) {
    const ids = entries
      .filter(({ kind, isPublic }) => kind === 'PUBLISHED' && isPublic)
      .map(({ articleId }) => articleId)
    const isWanted = ids.length > 0 && this.#newArticleSubscriptions > 0
    return isWanted ? readFacts([...new Set(ids)], this.#deps) : new Map()
  }

  #announce(entry: PublicEntry, facts: Awaited<ReturnType<typeof readFacts>>): void {
    const { articleId, position, at } = entry
    const watched = this.#articles.get(articleId)
    const noticed = watched?.known && eventOf(entry, watched.known)
    if (noticed) watched.topic.announce(noticed.event, position, noticed.from)
    const found = entry.kind === 'PUBLISHED' && facts.get(articleId)
    if (found) this.#newArticles.announce({ articleId, at, ...found }, position)
  }

  /** The history of the database has changed: clients connect again, with the version that they show. */
  #restart(): void {
    this.#position = null
    this.#newArticles.cut()
    for (const { topic } of [...this.#articles.values()]) topic.cut()
  }
}
