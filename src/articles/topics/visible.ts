import { hasRole } from '../../auth/viewer.ts'
import type { Prisma } from '../../db/client/client.ts'
import { type VisibilityContext, visibleArticles } from '../visible.ts'

/** How many topics may stand one under the other. */
const MAX_TOPIC_DEPTH = 5

/**
 * The topics that a viewer may know of: editors all of them, everybody else those under which there is a story
 * that they may see. The name of a topic can tell what a story under embargo is about.
 */
export function visibleTopics(visibility: VisibilityContext): Prisma.TopicWhereInput {
  if (hasRole(visibility.viewer, 'editor')) return {}
  const filed: Prisma.TopicWhereInput = { articles: { some: visibleArticles(visibility) } }
  let visible = filed
  for (let level = 1; level < MAX_TOPIC_DEPTH; level++)
    visible = { OR: [filed, { children: { some: visible } }] }
  return visible
}
