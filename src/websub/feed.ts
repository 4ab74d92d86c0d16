import type { RenderedFeed } from '../feeds/render-feed.ts'
import type { Audience } from '../licensing/audience.ts'

/**
 * What is at a path under /feeds/, for an audience; null when there is no such thing for it.
 * @throws DomainError for a path that names nothing
 */
export type RenderFeed = (path: string, audience: Audience) => Promise<RenderedFeed | null>

/** The path of a topic, as `RenderFeed` takes it: the gateway's public address may have a path of its own. */
export function feedPathOf(topic: string, publicUrl: string): string {
  if (topic.startsWith(`${publicUrl}/`)) return topic.slice(publicUrl.length)
  const { pathname, search } = new URL(topic)
  return pathname + search
}
