import { HistoryChanged } from '../db/history-watch.ts'
import type { FeedArticle } from './batch.ts'
import type { FeedRow } from './event.ts'
import type { FeedStore, Stretch } from './store.ts'
import { STRETCH } from './store.ts'

/** Entries kept in memory per watched story; who is further behind reads the database. */
const TAIL = 512

/** Reads made for those who come to watch begin so far apart, in ms: whoever comes in between shares the next. */
const GATHER_MS = 50

/** How long a window of the past is kept for others who return at the same time, in ms. */
const WINDOW_MS = 1_000

/** Something that sleeps until the feed has more. */
export interface Watcher {
  wake(): void
  /** What it made of entries so far may not be shown any more. */
  recall(): void
}

/**
 * One story's feed in this process: how far it is known (`head`) and its newest entries. Whoever watches
 * holds a position and reads from here, so no order of reads can lose, repeat or swap an entry.
 */
export class FeedChannel {
  readonly watchers = new Set<Watcher>()
  /** The story as last read; null before the first read and once it is gone. */
  article: FeedArticle | null = null
  /** The newest position known; -1 before the first read. */
  head = -1
  /** Counts retractions seen, so that who holds entries in hand can tell when to read them again. */
  retractions = 0
  /** The comments taken back while this story is watched. */
  readonly takenBack = new Set<string>()
  readonly articleId: string
  readonly #store: FeedStore
  /** The entries at positions `head - #tail.length + 1` to `head`. */
  #tail: FeedRow[] = []
  #reading: Promise<void> | null = null
  #following: Promise<void> | null = null
  /** The next read for those who come to watch. */
  #gathering: Promise<void> | null = null
  /** Counts restarts: what was read before the last one is dropped. */
  #generation = 0
  /** When the last read that ended well began, on the process's own clock. */
  #readAt = Number.NEGATIVE_INFINITY
  /** When somebody who came to watch last made it read. */
  #gatheredAt = Number.NEGATIVE_INFINITY
  readonly #windows = new Map<number, Promise<FeedRow[]>>()

  constructor(store: FeedStore, articleId: string) {
    this.#store = store
    this.articleId = articleId
  }

  /**
   * Reads on from `head` to the end of the feed; the first time it only learns where that is. The read it
   * answers with began after the call; calls made while one is under way share the next, so any number of
   * hints costs one read.
   */
  refresh(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#read().finally(() => {
        this.#reading = null
      })
      return this.#reading
    }
    this.#following ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#following = null
        return this.refresh()
      })
    return this.#following
  }

  /**
   * Takes in what a poll read of the story; true when a refresh is due.
   * @param began when the poll began to read (performance.now()): what is older than our own read is no news
   */
  learn(article: FeedArticle | null, began: number): boolean {
    if (began < this.#readAt) return false
    const before = this.article
    this.#take(article)
    if (!sameRights(before, article)) this.#wakeAll()
    return article !== null && article.feedPosition !== this.head
  }

  /**
   * Reads on, for somebody who comes to watch: by a read that began after they came, so that what was decided
   * before is known, and nothing of it is taken for new. A crowd that comes in one moment waits for the same read.
   */
  arrive(): Promise<void> {
    if (this.#gathering) return this.#gathering
    const pause = this.#gatheredAt + GATHER_MS - performance.now()
    if (pause <= 0) return this.#gather()
    this.#gathering = new Promise((resolve) => setTimeout(resolve, pause)).then(() => this.#gather())
    return this.#gathering
  }

  /** Changes with every restart. */
  get generation(): number {
    return this.#generation
  }

  /** Forgets everything that was read: it belongs to another history of the database. */
  restart(): void {
    this.#generation += 1
    this.head = -1
    this.article = null
    this.retractions += 1
    this.takenBack.clear()
    this.#tail = []
    this.#windows.clear()
    this.#readAt = Number.NEGATIVE_INFINITY
  }

  #gather(): Promise<void> {
    // Whoever comes from here on may come after the read has begun.
    this.#gathering = null
    this.#gatheredAt = performance.now()
    return this.refresh()
  }

  /** The entries behind a position: from memory where they are there, else a window from the database. */
  async after(position: number): Promise<FeedRow[]> {
    const start = this.head - this.#tail.length
    if (position >= start) return this.#tail.slice(position - start, position - start + STRETCH)
    const from = position - (position % STRETCH)
    const rows = await this.#window(from)
    if (rows.length <= position - from) this.#windows.delete(from)
    return rows.slice(position - from)
  }

  /** One window of the past. Everybody who needs it within a moment gets the same read. */
  #window(from: number): Promise<FeedRow[]> {
    const known = this.#windows.get(from)
    if (known) return known
    const rows = this.#store.stretch(this.articleId, from).then((stretch) => stretch?.rows ?? [])
    this.#windows.set(from, rows)
    const forget = () => {
      if (this.#windows.get(from) === rows) this.#windows.delete(from)
    }
    rows.then(() => setTimeout(forget, WINDOW_MS).unref(), forget)
    return rows
  }

  async #read(): Promise<void> {
    const began = performance.now()
    const generation = this.#generation
    if (this.head < 0) {
      const article = await this.#store.article(this.articleId)
      this.#assertSame(generation)
      this.#take(article)
      this.head = this.article?.feedPosition ?? -1
      this.#readAt = began
      return
    }
    let stretch: Stretch | null
    try {
      do {
        stretch = await this.#store.stretch(this.articleId, this.head)
        this.#assertSame(generation)
        // Reads of a channel follow each other: the feed of the same history can only have grown.
        if (stretch && stretch.article.feedPosition < this.head) await this.#store.rewound()
        this.#take(stretch?.article ?? null)
        for (const row of stretch?.rows ?? []) this.#append(row)
      } while (stretch && stretch.rows.length > 0 && this.head < stretch.article.feedPosition)
      this.#readAt = began
    } finally {
      // A later stretch may fail when an earlier one has brought something.
      this.#wakeAll()
    }
  }

  #assertSame(generation: number): void {
    if (generation !== this.#generation) throw new HistoryChanged()
  }

  /** Takes the story as it was read. What was made of it before an edit is not shown any more. */
  #take(article: FeedArticle | null): void {
    const isEdited = this.article?.version !== article?.version
    this.article = article
    if (isEdited) this.#recallAll()
  }

  #append(row: FeedRow): void {
    if (row?.kind === 'RETRACTED') this.#takeBack(row.commentId)
    this.#tail.push(row)
    this.head += 1
    if (this.#tail.length > TAIL) this.#tail = this.#tail.slice(-TAIL / 2)
  }

  #takeBack(commentId: string): void {
    this.retractions += 1
    this.takenBack.add(commentId)
    this.#windows.clear()
    this.#recallAll()
    const index = this.#tail.findIndex((row) => row?.kind === 'APPROVED' && row.comment.id === commentId)
    if (index >= 0) this.#tail[index] = null
  }

  #recallAll(): void {
    for (const watcher of this.watchers) watcher.recall()
  }

  #wakeAll(): void {
    for (const watcher of this.watchers) watcher.wake()
  }
}

/** Whether two states of a story let the same people see it. */
function sameRights(a: FeedArticle | null, b: FeedArticle | null): boolean {
  return (
    a?.status === b?.status &&
    a?.publishedAt.getTime() === b?.publishedAt.getTime() &&
    a?.embargoedUntil?.getTime() === b?.embargoedUntil?.getTime()
  )
}
