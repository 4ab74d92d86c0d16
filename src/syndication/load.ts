import { visibilityColumns } from '../articles/public.ts'
import { readTopicPaths } from '../articles/topics/paths.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { fullArticleInclude, toFullArticle, topicOf } from './full-article.ts'
import type { FullArticle } from './licensed-article.ts'
import type { ArticleSummary } from './project.ts'

/** The client or a transaction. */
export type ArticleDb = Pick<PrismaClient, 'article' | 'topic'>

/**
 * Loads full articles in any state. `project` decides what an audience may see.
 *
 * @param publicUrl the base URL for images of this gateway
 * @returns the articles by row id; unknown ids are missing
 */
export async function loadArticles(
  db: ArticleDb,
  ids: readonly string[],
  publicUrl: string,
): Promise<Map<string, FullArticle>> {
  if (ids.length === 0) return new Map()
  const rows = await db.article.findMany({
    where: { id: { in: [...new Set(ids)] } },
    include: fullArticleInclude,
  })
  const topics = await readTopicPaths(db)
  return new Map(rows.map((row) => [row.id, toFullArticle(row, topics, publicUrl)]))
}

/** Loads only the columns that decide visibility and coverage, by row id. */
export async function loadSummaries(
  db: ArticleDb,
  ids: readonly string[],
): Promise<Map<string, ArticleSummary>> {
  if (ids.length === 0) return new Map()
  const rows = await db.article.findMany({ where: { id: { in: [...new Set(ids)] } }, select: summary })
  const topics = await readTopicPaths(db)
  return new Map(rows.map(({ topicId, ...row }) => [row.id, { ...row, topic: topicOf(topicId, topics) }]))
}

const summary = {
  id: true,
  version: true,
  ...visibilityColumns,
  language: true,
  topicId: true,
} as const
