import type { Audience } from '../syndication/audience.ts'
import type { Handed } from '../syndication/ledger.ts'

/** A feed's bytes for one audience, as the room of the feeds renders them. */
export interface RenderedFeed {
  body: Buffer
  /** Media type. */
  type: string
  /** What a partner that is sent this must be written down to have been given. */
  handed: readonly Handed[]
  /** Its own address, without a key, and its hub's; null for what nobody can subscribe to. */
  links: { self: string; hub: string } | null
}

/**
 * What is at a path under /feeds/, for an audience; null when there is no such thing for it.
 * @throws DomainError for a path that names nothing
 */
export type RenderFeed = (path: string, audience: Audience) => Promise<RenderedFeed | null>
