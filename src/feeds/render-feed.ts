import type { HeadReader } from '../changelog/head.ts'
import type { Services } from '../graphql/context.ts'
import type { Audience } from '../licensing/audience.ts'
import { feedTokenIn } from '../licensing/feed-path.ts'
import { upToDate } from '../licensing/partner-audience.ts'
import { readFeedAddress, writeFeedAddress } from './address.ts'
import type { RenderingCache } from './cache.ts'
import { render } from './render.ts'
import type { Rendering } from './rendering.ts'

export interface RenderFeedDeps {
  services: Pick<Services, 'prisma' | 'now' | 'publicUrl'>
  /** The name of the outlet. */
  outlet: string
  cache: RenderingCache
  head: HeadReader
}

export interface RenderedFeed extends Rendering {
  /** The head of the change sequence that the rendering includes. */
  head: number
  /** When the bytes for this URL and audience last changed on this gateway. */
  modified: Date
  /** When the clock changes them; null for never. */
  until: Date | null
}

/**
 * Renders the feed or article at a path under /feeds/ for an audience, once per state of the newsroom. It
 * includes every mutation that was answered before.
 *
 * Before the result is sent to a partner, `deliveries` must be recorded in the ledger.
 *
 * @param path "/feeds/rss.xml", with "?before=…" for an archive page; with a token for a partner
 * @returns null if there is nothing for this audience
 * @throws InvalidInput for an invalid `before`; Forbidden for a suspended partner
 */
export async function renderFeed({
  path,
  audience: asker,
  deps,
}: {
  path: string
  audience: Audience
  deps: RenderFeedDeps
}): Promise<RenderedFeed | null> {
  const { services, outlet, cache } = deps
  const { prisma, now, publicUrl } = services
  const address = readFeedAddress(path)
  if (!address) return null
  // The head is read first: everything read later, including the licence, is at least as new.
  const { history, position: head } = await deps.head.read()
  const audience = await upToDate(asker, prisma)
  const token = feedTokenIn(path)
  // Otherwise the links in a partner's feed would lead to the public feed, or the reverse.
  if ((audience.kind === 'partner') !== (token !== null)) {
    throw new Error('the path must contain a token for a partner, and no token otherwise')
  }
  const key = `${history} ${writeFeedAddress(address, token)} ${audienceKey(audience)}`
  const found = await cache.get({ key, head }, now, () =>
    render(address, audience, now(), { prisma, publicUrl, outlet, token }),
  )
  return found && { ...found.rendering, head: found.head, modified: found.modified, until: found.until }
}

/** Includes the terms: a changed licence is another audience. */
function audienceKey(audience: Audience): string {
  return audience.kind === 'partner' ? `${audience.id} ${JSON.stringify(audience.terms)}` : 'public'
}
