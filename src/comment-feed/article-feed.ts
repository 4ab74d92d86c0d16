import { haveSameVisibility } from '../articles/visible.ts'
import { Coalescer } from '../base/coalesce.ts'
import { HistoryChanged } from '../db/history-watch.ts'
import type { CommentFeedRow } from './event.ts'
import type { CommentFeedArticle } from './feed-page.ts'
import { PageCache } from './page-cache.ts'
import { SpacedReads } from './spaced-reads.ts'
import type { CommentFeedStore, FeedPage } from './store.ts'
import { ENTRIES_PER_PAGE } from './store.ts'

/** Entries kept in memory per watched article; subscribers with an older position read the database. */
const MAX_TAIL_ENTRIES = 512

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
  readonly #reads = new Coalescer(() => this.#read(), { startsAtOnce: true })
  readonly #subscriberReads = new SpacedReads(() => this.refresh())
  readonly #earlierPages: PageCache
  /** Counts restarts: results of reads begun before the last restart are discarded. */
  #generation = 0
  /** When the last successful read began, on the process's monotonic clock. */
  #readAt = Number.NEGATIVE_INFINITY

  constructor(store: CommentFeedStore, articleId: string) {
    this.#store = store
    this.articleId = articleId
    this.#earlierPages = new PageCache(async (from) => (await store.readPage(articleId, from))?.rows ?? [])
  }

  /**
   * Reads from `head` to the end of the feed; the first call only finds the end. The returned promise waits
   * for a read that began after the call. Calls made during a read share the next one, so any number of hints
   * costs one read.
   */
  refresh(): Promise<void> {
    return this.#reads.run()
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
    if (!haveSameVisibility(before, article)) this.#wakeAll()
    return article !== null && article.feedPosition !== this.head
  }

  /**
   * Refreshes for a new subscriber, with a read that began after the call: decisions made before it are
   * known, and are not delivered as new. Subscribers that arrive at the same time share one read.
   */
  refreshForSubscriber(): Promise<void> {
    return this.#subscriberReads.read()
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
    this.#earlierPages.clear()
    this.#readAt = Number.NEGATIVE_INFINITY
  }

  /** The entries after a position: from memory when it has them, else from a page of the database. */
  async after(position: number): Promise<CommentFeedRow[]> {
    return this.#recent(position) ?? this.#earlierPages.after(position)
  }

  /** Up to `size` entries after a position, for a reader who is alone: nobody else would use a page. */
  async someAfter(position: number, size: number): Promise<CommentFeedRow[]> {
    const recent = this.#recent(position)
    if (recent) return recent
    return (await this.#store.readPage(this.articleId, position, size))?.rows ?? []
  }

  /** The entries after a position that are in memory; null if some are not. */
  #recent(position: number): CommentFeedRow[] | null {
    const start = this.head - this.#tail.length
    return position < start ? null : this.#tail.slice(position - start, position - start + ENTRIES_PER_PAGE)
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
    this.#earlierPages.clear()
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
