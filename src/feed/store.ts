import { visibilityColumns } from '../article/visible.ts'
import type { Article, PrismaClient } from '../db/client/client.ts'
import { writeFeedCursor } from './cursor.ts'
import type { FeedRow } from './event.ts'

/** What a feed's subscribers must know of its story. */
export type FeedArticle = Pick<Article, 'id' | 'feedPosition' | keyof typeof visibilityColumns>

/** A stretch of a feed, read in one statement: `rows[i]` stands at position `after + 1 + i`. */
export interface Stretch {
  article: FeedArticle
  rows: FeedRow[]
}

/** Entries read at once. */
export const STRETCH = 200

/** Reads feeds from the database: the one place that does. */
export class FeedStore {
  readonly #prisma: PrismaClient
  readonly #onRead: () => void
  readonly epoch: string

  private constructor(prisma: PrismaClient, epoch: string, onRead: () => void) {
    this.#prisma = prisma
    this.#onRead = onRead
    this.epoch = epoch
  }

  /** @param onRead called for each read of a feed */
  static async open(prisma: PrismaClient, onRead: () => void): Promise<FeedStore> {
    const { epoch } = await prisma.feedEpoch.findUniqueOrThrow({ where: { id: 1 } })
    return new FeedStore(prisma, epoch, onRead)
  }

  /** The story as it stands now, or null when there is none. */
  article(id: string): Promise<FeedArticle | null> {
    this.#onRead()
    return this.#prisma.article.findUnique({ where: { id }, select: articleColumns })
  }

  /** The same for many stories in one query. */
  articles(ids: string[]): Promise<FeedArticle[]> {
    return this.#prisma.article.findMany({ where: { id: { in: ids } }, select: articleColumns })
  }

  /**
   * Up to `STRETCH` entries behind a position, with the story, from one snapshot. An approval whose
   * comment is approved no longer is left out (null): its words may not be shown, and its retraction follows.
   */
  async stretch(id: string, after: number): Promise<Stretch | null> {
    this.#onRead()
    const found = await this.#prisma.article.findUnique({
      where: { id },
      select: {
        ...articleColumns,
        feed: {
          where: { position: { gt: after } },
          orderBy: { position: 'asc' },
          take: STRETCH,
          include: { comment: { include: { author: true } } },
        },
      },
    })
    if (!found) return null
    const { feed, ...article } = found
    const rows = feed.map(({ kind, position, commentId, comment, at }): FeedRow => {
      const cursor = this.cursorAt(id, position)
      if (kind === 'RETRACTED') return { kind, cursor, at, commentId }
      return comment.status === 'APPROVED' ? { kind, cursor, at, comment } : null
    })
    return { article, rows }
  }

  cursorAt(articleId: string, position: number): string {
    return writeFeedCursor({ epoch: this.epoch, articleId, position })
  }
}

const articleColumns = { id: true, feedPosition: true, ...visibilityColumns } as const
