import type { RenderedFeed } from '../feeds/render-feed.ts'
import type { Audience } from '../licensing/audience.ts'

/**
 * Renders the feed at a path under /feeds/ for an audience; null if there is nothing for it.
 * @throws DomainError for an invalid path
 */
export type RenderFeed = (path: string, audience: Audience) => Promise<RenderedFeed | null>

/** The path of a topic for `RenderFeed`: the public URL may have a path of its own. */
export function feedPathOf(topic: string, publicUrl: string): string {
  if (topic.startsWith(`${publicUrl}/`)) return topic.slice(publicUrl.length)
  const { pathname, search } = new URL(topic)
  return pathname + search
}
