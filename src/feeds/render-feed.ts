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
  /** What the outlet is called. */
  outlet: string
  cache: RenderingCache
  head: HeadReader
}

export interface RenderedFeed extends Rendering {
  /** Where the change sequence stood: everything up to there is in it. */
  head: number
  /** Since when this gateway has had these very bytes under this address, for this audience. */
  modified: Date
}

/**
 * What is at a path under /feeds/, for an audience: rendered once for each state of the newsroom, whoever asks
 * and however often. It is never older than what an editor's mutation has answered before.
 *
 * Whoever sends it to a partner writes `deliveries` into the ledger first.
 *
 * @param path "/feeds/rss.xml", with "?before=…" for a page of the archive; for a partner it has its token
 * @returns null when there is no such thing for this audience
 * @throws InvalidInput when `before` is no cursor; Forbidden for a partner that is not served any more
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
  // The head goes first: what is read after it, the licence too, can only be newer than it says.
  const { history, position: head } = await deps.head.read()
  const audience = await upToDate(asker, prisma)
  const token = feedTokenIn(path)
  // A partner's feed without its token would lead its readers into the public one, and the other way round.
  if ((audience.kind === 'partner') !== (token !== null)) {
    throw new Error("a partner's feed has its token in its path, and no other feed has")
  }
  const key = `${history} ${writeFeedAddress(address, token)} ${audienceKey(audience)}`
  const found = await cache.get({ key, head }, now, () =>
    render(address, audience, now(), { prisma, publicUrl, outlet, token }),
  )
  return found && { ...found.rendering, head: found.head, modified: found.modified }
}

/** With its terms: a licence that has changed is another audience. */
function audienceKey(audience: Audience): string {
  return audience.kind === 'partner' ? `${audience.id} ${JSON.stringify(audience.terms)}` : 'public'
}
