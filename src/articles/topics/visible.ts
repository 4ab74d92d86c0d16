import { hasRole } from '../../auth/viewer.ts'
import type { Prisma } from '../../db/client/client.ts'
import { type VisibilityContext, visibleArticles } from '../visible.ts'

/** The maximum depth of the topic tree. */
const MAX_TOPIC_DEPTH = 5

/**
 * The visible topics: all for editors, otherwise those with a visible article in the topic or a subtopic. The
 * name of a topic could reveal the subject of an embargoed article.
 */
export function visibleTopics(visibility: VisibilityContext): Prisma.TopicWhereInput {
  if (hasRole(visibility.viewer, 'editor')) return {}
  const filed: Prisma.TopicWhereInput = { articles: { some: visibleArticles(visibility) } }
  let visible = filed
  for (let level = 1; level < MAX_TOPIC_DEPTH; level++)
    visible = { OR: [filed, { children: { some: visible } }] }
  return visible
}
