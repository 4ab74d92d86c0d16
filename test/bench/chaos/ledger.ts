import { encodeGlobalID } from '@pothos/plugin-relay'
import { saveArticle } from '../../../src/articles/save.ts'
import { openDatabase, openMigrated } from '../../../src/db/open.ts'
import type { Story } from './log.ts'

/** Makes the tables, and so many stories to comment on. Returns how clients know them. */
export async function layOut(url: string, count: number): Promise<{ id: string; slug: string }[]> {
  const database = await openMigrated({ url, dataDir: '' })
  try {
    const stories = []
    for (let rank = 1; rank <= count; rank++) {
      const slug = `story-of-rank-${rank}`
      const { id } = await saveArticle(
        database.prisma,
        {
          slug,
          canonicalUrl: `https://dateline.example/${slug}`,
          language: 'en',
          headline: `The story of rank ${rank}`,
          publishedAt: new Date('2026-01-01T00:00:00Z'),
          blocks: [{ kind: 'PARAGRAPH', text: 'Its text.' }],
        },
        { now: new Date('2026-01-01T00:00:00Z') },
      )
      stories.push({ id: encodeGlobalID('Article', id), slug })
    }
    return stories
  } finally {
    await database.close()
  }
}

/** Reads what the database holds in the end: the truth that every reader's log is compared with. */
export async function readStories(url: string): Promise<Story[]> {
  const database = await openDatabase({ url, dataDir: '' })
  try {
    const articles = await database.prisma.article.findMany({
      select: {
        id: true,
        slug: true,
        feedPosition: true,
        commentCount: true,
        feed: { orderBy: { position: 'asc' } },
        comments: { where: { status: 'APPROVED' }, orderBy: { position: 'desc' } },
      },
    })
    return articles.map(({ id, slug, feedPosition, commentCount, feed, comments }) => ({
      id: encodeGlobalID('Article', id),
      slug,
      feedPosition,
      commentCount,
      entries: feed.map(({ position, kind, commentId, at }) => ({
        position,
        kind,
        comment: encodeGlobalID('Comment', commentId),
        at: at.getTime(),
      })),
      shown: comments.map(({ id, position }) => ({
        comment: encodeGlobalID('Comment', id),
        position: position ?? 0,
      })),
    }))
  } finally {
    await database.close()
  }
}
