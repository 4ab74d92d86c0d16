import { hasRole, type Viewer } from '../auth/viewer.ts'
import { type Article, Prisma } from '../db/client/client.ts'

/** The viewer and the clock for visibility checks. */
export interface VisibilityContext {
  viewer: Viewer
  now: () => Date
}

/**
 * The filter for visible articles: all for editors, otherwise usable, published and not under embargo. Every
 * read of articles must use this filter or `isArticleVisible`.
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

/** The columns for `isArticleVisible`. */
export const visibilityColumns = { status: true, publishedAt: true, embargoedUntil: true } as const

/** The same rule for a loaded article. */
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

/** The same rule in SQL, with "Article" as `a`. */
export function visibleArticlesSql({ viewer, now }: VisibilityContext): Prisma.Sql {
  if (hasRole(viewer, 'editor')) return Prisma.sql`TRUE`
  const moment = now()
  return Prisma.sql`(a."status" = 'USABLE' AND a."publishedAt" <= ${moment}
    AND (a."embargoedUntil" IS NULL OR a."embargoedUntil" <= ${moment}))`
}
