import { ArticleCommentFeed } from '../../src/comment-feed/article-feed.ts'
import type { CommentFeedRow } from '../../src/comment-feed/event.ts'
import type { CommentFeedArticle } from '../../src/comment-feed/feed-page.ts'
import type { CommentFeedStore, FeedPage } from '../../src/comment-feed/store.ts'
import { HistoryChanged } from '../../src/db/history-watch.ts'

const approved = (position: number) =>
  ({
    kind: 'APPROVED',
    cursor: `${position}`,
    at: new Date(0),
    commentCount: 1,
    comment: { id: `c${position}` },
  }) as CommentFeedRow

const retracted = (position: number, commentId: string): CommentFeedRow => ({
  kind: 'RETRACTED',
  cursor: `${position}`,
  at: new Date(0),
  commentCount: 0,
  commentId,
})

/** A story in memory whose feed can be added to, and a note of each read of it. */
export class Story {
  readonly rows: CommentFeedRow[] = []
  readonly reads: string[] = []
  rewinds = 0
  #changes: Partial<CommentFeedArticle> = {}
  #isGone = false
  /** Called before each read is answered. */
  onRead: () => void | Promise<void> = () => {}

  add(count: number): this {
    for (let i = 0; i < count; i++) this.rows.push(approved(this.rows.length + 1))
    return this
  }

  retract(commentId: string): void {
    const index = this.rows.findIndex((row) => row?.kind === 'APPROVED' && row.comment.id === commentId)
    this.rows[index] = null
    this.rows.push(retracted(this.rows.length + 1, commentId))
  }

  change(changes: Partial<CommentFeedArticle>): void {
    this.#changes = { ...this.#changes, ...changes }
  }

  remove(): void {
    this.#isGone = true
  }

  get article(): CommentFeedArticle | null {
    if (this.#isGone) return null
    return {
      id: 'story',
      status: 'USABLE',
      publishedAt: new Date('2026-01-01'),
      embargoedUntil: null,
      version: 1,
      feedPosition: this.rows.length,
      ...this.#changes,
    }
  }

  get store(): CommentFeedStore {
    const store: Pick<CommentFeedStore, 'article' | 'readPage' | 'endHistory'> = {
      article: async () => {
        this.reads.push('article')
        await this.onRead()
        return this.article
      },
      readPage: async (_id, after): Promise<FeedPage | null> => {
        this.reads.push(`after ${after}`)
        await this.onRead()
        const { article } = this
        return article && { article, rows: this.rows.slice(after, after + 200) }
      },
      endHistory: async () => {
        this.rewinds += 1
        throw new HistoryChanged()
      },
    }
    return store as CommentFeedStore
  }
}

/** The positions of entries; null where an approval was taken back. */
export const cursors = (rows: CommentFeedRow[]) => rows.map((row) => (row ? Number(row.cursor) : null))

/** The feed of a story in memory, and the calls that it makes to its listeners. */
export function observedFeed() {
  const story = new Story()
  const channel = new ArticleCommentFeed(story.store, 'story')
  const noted: string[] = []
  channel.listeners.add({
    wake: () => noted.push('wake'),
    discardResults: () => noted.push('discardResults'),
  })
  /** Reads the story as far as it goes, and forgets what was noted on the way. */
  const begin = async () => {
    await channel.refresh()
    noted.length = 0
    story.reads.length = 0
  }
  return { story, channel, noted, begin }
}
