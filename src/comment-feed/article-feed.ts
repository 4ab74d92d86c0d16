import { HistoryChanged } from '../db/history-watch.ts'
import type { CommentFeedRow } from './event.ts'
import type { CommentFeedArticle } from './feed-page.ts'
import type { CommentFeedStore, FeedPage } from './store.ts'
import { ENTRIES_PER_PAGE } from './store.ts'

/** Entries kept in memory per watched article; subscribers with an older position read the database. */
const MAX_TAIL_ENTRIES = 512

/**
 * Minimum time between two reads made for new subscribers, in ms; subscribers in between share the next read.
 */
const SHARED_READ_INTERVAL_MS = 50

/** How long a page of earlier entries is cached for other subscribers that resume at the same time, in ms. */
const WINDOW_TTL_MS = 1_000

/** Receives notice when the feed changes. */
export interface FeedListener {
  wake(): void
  /** Results rendered so far are stale: a comment was retracted or the article was edited. */
  discardResults(): void
}

/**
 * One article's comment feed in this process: the newest known position (`head`) and the newest entries. Each
 * subscriber keeps its own position and reads from here, so no order of reads can lose, repeat or swap an
 * entry.
 */
export class ArticleCommentFeed {
  readonly listeners = new Set<FeedListener>()
  /** The article as last read; null before the first read and after the article was deleted. */
  article: CommentFeedArticle | null = null
  /** The newest position known; -1 before the first read. */
  head = -1
  /** Counts retractions, so that callers know when to read entries again. */
  retractions = 0
  /** The comments retracted while this article is watched. */
  readonly retractedIds = new Set<string>()
  readonly articleId: string
  readonly #store: CommentFeedStore
  /** The entries at positions `head - #tail.length + 1` to `head`. */
  #tail: CommentFeedRow[] = []
  #reading: Promise<void> | null = null
  #nextRead: Promise<void> | null = null
  /** The next read for new subscribers. */
  #sharedRead: Promise<void> | null = null
  /** Counts restarts: results of reads begun before the last restart are discarded. */
  #generation = 0
  /** When the last successful read began, on the process's monotonic clock. */
  #readAt = Number.NEGATIVE_INFINITY
  /** When the last read for new subscribers began. */
  #sharedReadAt = Number.NEGATIVE_INFINITY
  readonly #windows = new Map<number, Promise<CommentFeedRow[]>>()

  constructor(store: CommentFeedStore, articleId: string) {
    this.#store = store
    this.articleId = articleId
  }

  /**
   * Reads from `head` to the end of the feed; the first call only finds the end. The returned promise waits
   * for a read that began after the call. Calls made during a read share the next one, so any number of hints
   * costs one read.
   */
  refresh(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#read().finally(() => {
        this.#reading = null
      })
      return this.#reading
    }
    this.#nextRead ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#nextRead = null
        return this.refresh()
      })
    return this.#nextRead
  }

  /**
   * Applies what a poll read of the article. Returns true when a refresh is needed.
   * @param began when the poll began to read (performance.now()); results older than the last read are
   *   ignored
   */
  applyPoll(article: CommentFeedArticle | null, began: number): boolean {
    if (began < this.#readAt) return false
    const before = this.article
    this.#setArticle(article)
    if (!sameRights(before, article)) this.#wakeAll()
    return article !== null && article.feedPosition !== this.head
  }

  /**
   * Refreshes for a new subscriber, with a read that began after the call: decisions made before it are
   * known, and are not delivered as new. Subscribers that arrive at the same time share one read.
   */
  refreshForSubscriber(): Promise<void> {
    if (this.#sharedRead) return this.#sharedRead
    const pause = this.#sharedReadAt + SHARED_READ_INTERVAL_MS - performance.now()
    if (pause <= 0) return this.#startSharedRead()
    this.#sharedRead = new Promise((resolve) => setTimeout(resolve, pause)).then(() =>
      this.#startSharedRead(),
    )
    return this.#sharedRead
  }

  /** Changes with every restart. */
  get generation(): number {
    return this.#generation
  }

  /** Discards everything that was read: it belongs to another history of the database. */
  restart(): void {
    this.#generation += 1
    this.head = -1
    this.article = null
    this.retractions += 1
    this.retractedIds.clear()
    this.#tail = []
    this.#windows.clear()
    this.#readAt = Number.NEGATIVE_INFINITY
  }

  #startSharedRead(): Promise<void> {
    // Calls from here on may come after the read has begun, so they need another one.
    this.#sharedRead = null
    this.#sharedReadAt = performance.now()
    return this.refresh()
  }

  /** The entries after a position: from memory when it has them, else from a page of the database. */
  async after(position: number): Promise<CommentFeedRow[]> {
    const start = this.head - this.#tail.length
    if (position >= start) return this.#tail.slice(position - start, position - start + ENTRIES_PER_PAGE)
    const from = position - (position % ENTRIES_PER_PAGE)
    const rows = await this.#window(from)
    if (rows.length <= position - from) this.#windows.delete(from)
    return rows.slice(position - from)
  }

  /** One page of earlier entries. Calls within `WINDOW_TTL_MS` share one read. */
  #window(from: number): Promise<CommentFeedRow[]> {
    const known = this.#windows.get(from)
    if (known) return known
    const rows = this.#store.readPage(this.articleId, from).then((page) => page?.rows ?? [])
    this.#windows.set(from, rows)
    const forget = () => {
      if (this.#windows.get(from) === rows) this.#windows.delete(from)
    }
    rows.then(() => setTimeout(forget, WINDOW_TTL_MS).unref(), forget)
    return rows
  }

  async #read(): Promise<void> {
    const began = performance.now()
    const generation = this.#generation
    if (this.head < 0) {
      const article = await this.#store.article(this.articleId)
      this.#assertGeneration(generation)
      this.#setArticle(article)
      this.head = this.article?.feedPosition ?? -1
      this.#readAt = began
      return
    }
    let page: FeedPage | null
    try {
      do {
        page = await this.#store.readPage(this.articleId, this.head)
        this.#assertGeneration(generation)
        // Reads of one feed run one after another: within one history the position can only grow.
        if (page && page.article.feedPosition < this.head) await this.#store.endHistory()
        this.#setArticle(page?.article ?? null)
        for (const row of page?.rows ?? []) this.#append(row)
      } while (page && page.rows.length > 0 && this.head < page.article.feedPosition)
      this.#readAt = began
    } finally {
      // A later page may fail after an earlier one has brought entries.
      this.#wakeAll()
    }
  }

  #assertGeneration(generation: number): void {
    if (generation !== this.#generation) throw new HistoryChanged()
  }

  /** Stores the article as read. Results rendered before an edit are discarded. */
  #setArticle(article: CommentFeedArticle | null): void {
    const isEdited = this.article?.version !== article?.version
    this.article = article
    if (isEdited) this.#discardAllResults()
  }

  #append(row: CommentFeedRow): void {
    if (row?.kind === 'RETRACTED') this.#retract(row.commentId)
    this.#tail.push(row)
    this.head += 1
    if (this.#tail.length > MAX_TAIL_ENTRIES) this.#tail = this.#tail.slice(-MAX_TAIL_ENTRIES / 2)
  }

  #retract(commentId: string): void {
    this.retractions += 1
    this.retractedIds.add(commentId)
    this.#windows.clear()
    this.#discardAllResults()
    const index = this.#tail.findIndex((row) => row?.kind === 'APPROVED' && row.comment.id === commentId)
    if (index >= 0) this.#tail[index] = null
  }

  #discardAllResults(): void {
    for (const listener of this.listeners) listener.discardResults()
  }

  #wakeAll(): void {
    for (const listener of this.listeners) listener.wake()
  }
}

/** Whether the same viewers may see the article in both states. */
function sameRights(a: CommentFeedArticle | null, b: CommentFeedArticle | null): boolean {
  return (
    a?.status === b?.status &&
    a?.publishedAt.getTime() === b?.publishedAt.getTime() &&
    a?.embargoedUntil?.getTime() === b?.embargoedUntil?.getTime()
  )
}
