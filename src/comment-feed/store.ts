import { visibilityColumns } from '../articles/public.ts'
import type { Database } from '../db/database.ts'
import { HistoryChanged, type HistoryWatch } from '../db/history-watch.ts'
import { encodeCommentFeedCursor } from './cursor.ts'
import type { CommentFeedRow } from './event.ts'
import { articleOf, type CommentFeedArticle, entryOf, FEED_PAGE_STATEMENT, historyOf } from './feed-page.ts'

/** Consecutive entries of a feed, read in one statement: `rows[i]` has position `after + 1 + i`. */
export interface FeedPage {
  article: CommentFeedArticle
  rows: CommentFeedRow[]
}

/** The most entries that are read at once. */
export const ENTRIES_PER_PAGE = 200

/** Reads comment feeds from the database. Nothing else does. */
export class CommentFeedStore {
  readonly #database: Pick<Database, 'prisma' | 'rows'>
  readonly #onRead: () => void
  readonly #history: HistoryWatch

  /** @param onRead called for each read of a feed */
  constructor(database: Pick<Database, 'prisma' | 'rows'>, history: HistoryWatch, onRead: () => void) {
    this.#database = database
    this.#history = history
    this.#onRead = onRead
  }

  /** The history for which cursors are written. */
  get history(): string {
    return this.#history.current
  }

  /** The article as it is now; null when it does not exist. */
  article(id: string): Promise<CommentFeedArticle | null> {
    this.#onRead()
    return this.#database.prisma.article.findUnique({ where: { id }, select: articleColumns })
  }

  /** The same for many stories in one query. */
  articles(ids: string[]): Promise<CommentFeedArticle[]> {
    return this.#database.prisma.article.findMany({ where: { id: { in: ids } }, select: articleColumns })
  }

  /**
   * Up to `size` entries after a position, with the article, from one snapshot. The approval of a
   * comment that is no longer approved is null: its text must not be sent, and its retraction follows.
   * @throws HistoryChanged when they belong to another history; all watchers were notified by then
   */
  async readPage(id: string, after: number, size = ENTRIES_PER_PAGE): Promise<FeedPage | null> {
    this.#onRead()
    const found = await this.#database.rows(FEED_PAGE_STATEMENT, [id, after, size])
    if (!found[0]) return null
    if (historyOf(found[0]) !== this.history) {
      await this.#history.check()
      throw new HistoryChanged()
    }
    const rows: CommentFeedRow[] = []
    for (const row of found) {
      const entry = entryOf(row)
      // A feed without entries returns one row, with the article only.
      if (!entry) break
      const { kind, position, commentId, comment, at, commentCount } = entry
      const told = { cursor: this.cursorAt(id, position), at, commentCount }
      if (kind === 'RETRACTED') rows.push({ ...told, kind, commentId })
      else rows.push(comment.status === 'APPROVED' ? { ...told, kind, comment } : null)
    }
    return { article: articleOf(found[0]), rows }
  }

  /**
   * Ends the current history, because the feed of an article became shorter.
   * @throws HistoryChanged always
   */
  async endHistory(): Promise<never> {
    await this.#history.endHistory(this.history)
    throw new HistoryChanged()
  }

  /** @param history the history in which the position was read */
  cursorAt(articleId: string, position: number, history = this.history): string {
    return encodeCommentFeedCursor({ history, articleId, position })
  }
}

const articleColumns = { id: true, feedPosition: true, version: true, ...visibilityColumns } as const
