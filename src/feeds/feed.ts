import type { LicensedArticle } from '../syndication/licensed-article.ts'

/** One page of a feed, as every format writes it: its furniture, and the stories as one audience may have them. */
export interface Feed {
  /** What the outlet is called. */
  outlet: string
  title: string
  description: string
  /** BCP 47 tag, where all stories of the feed are in one language. */
  language: string | null
  links: FeedLinks
  /** The newest moment at which one of its stories changed or went; it does not move by itself. */
  updated: Date
  /** Newest first. */
  articles: readonly LicensedArticle[]
  /** Stories that the audience had and may not have any more; on the first page only. Newest first. */
  removals: readonly Removal[]
}

/** All absolute, none with a key in it. */
export interface FeedLinks {
  /** The list of feeds. */
  home: string
  /** This page. */
  self: string
  /** The feed's first page, which is this one where `self` says the same. */
  current: string
  /** The page with the stories before these; null on the last. */
  older: string | null
  /** The WebSub hub that tells of the feed's changes. */
  hub: string
}

/** That a story must go: nothing is said of it but which one it is, and since when. */
export interface Removal {
  /** The key of the row. */
  id: string
  at: Date
}

/** The name of a story, a person or an organisation that stays the same whatever else changes (RFC 9562, RFC 8141). */
export function urnOf({ id }: { id: string }): string {
  return `urn:uuid:${id}`
}

/** Whether the page is one of the archive, behind the first. */
export function isArchive({ links }: Feed): boolean {
  return links.self !== links.current
}
