import { visibilityColumns } from '../articles/visible.ts'
import type { Database } from '../db/database.ts'
import { HistoryChanged, type HistoryWatch } from '../db/history-watch.ts'
import { articleOf, entryOf, type FeedArticle, historyOf, STRETCH_STATEMENT } from './batch.ts'
import { writeFeedCursor } from './cursor.ts'
import type { FeedRow } from './event.ts'

/** A stretch of a feed, read in one statement: `rows[i]` stands at position `after + 1 + i`. */
export interface Stretch {
  article: FeedArticle
  rows: FeedRow[]
}

/** Entries read at once. */
export const STRETCH = 200

/** Reads feeds from the database: the one place that does. */
export class FeedStore {
  readonly #database: Pick<Database, 'prisma' | 'rows'>
  readonly #onRead: () => void
  readonly #history: HistoryWatch

  /** @param onRead called for each read of a feed */
  constructor(database: Pick<Database, 'prisma' | 'rows'>, history: HistoryWatch, onRead: () => void) {
    this.#database = database
    this.#history = history
    this.#onRead = onRead
  }

  /** The history that cursors are written for. */
  get history(): string {
    return this.#history.current
  }

  /** The story as it stands now, or null when there is none. */
  article(id: string): Promise<FeedArticle | null> {
    this.#onRead()
    return this.#database.prisma.article.findUnique({ where: { id }, select: articleColumns })
  }

  /** The same for many stories in one query. */
  articles(ids: string[]): Promise<FeedArticle[]> {
    return this.#database.prisma.article.findMany({ where: { id: { in: ids } }, select: articleColumns })
  }

  /**
   * Up to `STRETCH` entries behind a position, with the story, from one snapshot. An approval whose
   * comment is approved no longer is left out (null): its words may not be shown, and its retraction follows.
   * @throws HistoryChanged when they belong to another history; everybody has been told of it by then
   */
  async stretch(id: string, after: number): Promise<Stretch | null> {
    this.#onRead()
    const found = await this.#database.rows(STRETCH_STATEMENT, [id, after, STRETCH])
    if (!found[0]) return null
    if (historyOf(found[0]) !== this.history) {
      await this.#history.check()
      throw new HistoryChanged()
    }
    const rows: FeedRow[] = []
    for (const row of found) {
      const entry = entryOf(row)
      // The story of a feed without entries comes in a row of its own.
      if (!entry) break
      const { kind, position, commentId, comment, at } = entry
      const cursor = this.cursorAt(id, position)
      if (kind === 'RETRACTED') rows.push({ kind, cursor, at, commentId })
      else rows.push(comment.status === 'APPROVED' ? { kind, cursor, at, comment } : null)
    }
    return { article: articleOf(found[0]), rows }
  }

  /**
   * Ends the current history: the feed of a story is shorter than it was.
   * @throws HistoryChanged always
   */
  async rewound(): Promise<never> {
    await this.#history.rewound(this.history)
    throw new HistoryChanged()
  }

  /** @param history the one that the position was read in */
  cursorAt(articleId: string, position: number, history = this.history): string {
    return writeFeedCursor({ history, articleId, position })
  }
}

const articleColumns = { id: true, feedPosition: true, version: true, ...visibilityColumns } as const
