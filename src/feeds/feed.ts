import type { LicensedArticle } from '../syndication/licensed-article.ts'

/** One page of a feed, independent of the format. */
export interface Feed {
  /** The name of the outlet. */
  outlet: string
  title: string
  description: string
  /** BCP 47 tag, if all articles have the same language. */
  language: string | null
  links: FeedLinks
  /** When an article of the feed last changed or was removed. */
  updated: Date
  /** Newest first. */
  articles: readonly LicensedArticle[]
  /** Articles that the audience may no longer have; on the first page only. Newest first. */
  removals: readonly Removal[]
}

/** Absolute URLs without keys. */
export interface FeedLinks {
  /** The list of feeds. */
  home: string
  /** This page. */
  self: string
  /** The first page of the feed; equal to `self` on that page. */
  current: string
  /** The next older page; null on the last. */
  older: string | null
  /** The WebSub hub. */
  hub: string
}

/** A removal. It contains only the id and the time. */
export interface Removal {
  /** The row id. */
  id: string
  at: Date
}

/** The permanent URN of an article, person or organisation (RFC 9562, RFC 8141). */
export function urnOf({ id }: { id: string }): string {
  return `urn:uuid:${id}`
}

/** Whether the page is an archive page, after the first. */
export function isArchive({ links }: Feed): boolean {
  return links.self !== links.current
}
