import { hasRole, type Viewer } from '../auth/viewer.ts'
import type { Prisma } from '../db/client/client.ts'
import { type Condition, matches, type StateTest, toSql, toWhere } from './condition.ts'
import { type PublicState, publicArticles, visibilityColumns } from './public.ts'

/** The viewer and the clock for visibility checks. */
export interface VisibilityContext {
  viewer: Viewer
  now: () => Date
}

/** The articles that a viewer may see: all for editors, otherwise the public ones. */
function visibleTo({ viewer, now }: VisibilityContext): Condition<StateTest> {
  return hasRole(viewer, 'editor') ? { all: [] } : publicArticles(now())
}

/** The filter for visible articles. Every read of articles must use this filter or `isArticleVisible`. */
export function visibleArticles(visibility: VisibilityContext): Prisma.ArticleWhereInput {
  return toWhere(visibleTo(visibility))
}

/** Whether a loaded article is visible. */
export function isArticleVisible(article: PublicState, visibility: VisibilityContext): boolean {
  return matches(visibleTo(visibility), article)
}

/** The condition for visible articles in SQL, with "Article" as `a`. */
export function visibleArticlesSql(visibility: VisibilityContext): Prisma.Sql {
  return toSql(visibleTo(visibility))
}

/** Whether the same viewers may see two states of an article, at any moment. */
export function haveSameVisibility(a: PublicState | null, b: PublicState | null): boolean {
  const columns = Object.keys(visibilityColumns) as (keyof PublicState)[]
  return columns.every((column) => a?.[column]?.valueOf() === b?.[column]?.valueOf())
}
