import { hasRole, type Viewer } from '../auth/viewer.ts'
import { type Article, Prisma } from '../db/client/client.ts'

/** Who is asking, and at what moment. */
export interface VisibilityContext {
  viewer: Viewer
  now: () => Date
}

/**
 * The stories that a viewer may see: editors all of them, everybody else those that are usable,
 * published and not under embargo. Every path to a story goes through this function or `isArticleVisible`.
 */
export function visibleArticles({ viewer, now }: VisibilityContext): Prisma.ArticleWhereInput {
  if (hasRole(viewer, 'editor')) return {}
  const moment = now()
  return {
    status: 'USABLE',
    publishedAt: { lte: moment },
    OR: [{ embargoedUntil: null }, { embargoedUntil: { lte: moment } }],
  }
}

/** The columns that `isArticleVisible` needs. */
export const visibilityColumns = { status: true, publishedAt: true, embargoedUntil: true } as const

/** The same rule for a story that is already here. */
export function isArticleVisible(
  article: Pick<Article, keyof typeof visibilityColumns>,
  { viewer, now }: VisibilityContext,
): boolean {
  if (hasRole(viewer, 'editor')) return true
  const moment = now()
  return (
    article.status === 'USABLE' &&
    article.publishedAt <= moment &&
    (article.embargoedUntil === null || article.embargoedUntil <= moment)
  )
}

/** The same rule for SQL, where "Article" is in the FROM clause under the name `a`. */
export function visibleArticlesSql({ viewer, now }: VisibilityContext): Prisma.Sql {
  if (hasRole(viewer, 'editor')) return Prisma.sql`TRUE`
  const moment = now()
  return Prisma.sql`(a."status" = 'USABLE' AND a."publishedAt" <= ${moment}
    AND (a."embargoedUntil" IS NULL OR a."embargoedUntil" <= ${moment}))`
}
