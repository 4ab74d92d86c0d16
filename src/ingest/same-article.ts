import type { BlockDraft } from '../articles/draft.ts'
import { articleKey, isVariant } from './addresses.ts'
import { isSameHeadline, isSimilarHeadline } from './same-headline.ts'
import { hasMostlySameText } from './same-text.ts'

/** A page that gives the address of a stored article. */
export interface PageToCompare {
  headline: string
  blocks: BlockDraft[]
  /** Another address that the page gives for itself. */
  statedUrl?: string | undefined
  /** The URL of the page; null for a file. */
  readFrom: string | null
}

/** A stored article. */
export interface StoredArticle {
  canonicalUrl: string
  /** The headline, and the one of the last import. */
  headlines: string[]
  /** The body and the other address of the last import; undefined if there is none. */
  blocks?: BlockDraft[] | undefined
  ownUrl?: string | undefined
}

/**
 * Whether a page is a version of a stored article. If the addresses of the page do not contradict the stored one, a
 * similar headline or text is sufficient. If they contradict it, the headline must be the same: pages that share a
 * canonical URL may also share a part of their headlines or most of their text.
 */
export function isSameArticle(page: PageToCompare, stored: StoredArticle): boolean {
  const hasHeadline = (compare: (one: string, other: string) => boolean) =>
    stored.headlines.some((headline) => compare(page.headline, headline))
  const hasText = stored.blocks !== undefined && hasMostlySameText(page.blocks, stored.blocks)
  const stated = page.statedUrl
  const own = ownUrlOf(page, stored.canonicalUrl)
  const isOther = own !== undefined && stored.ownUrl !== undefined && !isSameAddress(own, stored.ownUrl)
  const wasReadThere = page.readFrom !== null && isSameAddress(page.readFrom, stored.canonicalUrl)
  if (wasReadThere && !isOther) return true
  if (!own || (stored.ownUrl !== undefined && !isOther)) return hasHeadline(isSimilarHeadline) || hasText
  if (stated !== undefined) return hasHeadline(isSameHeadline) && (!isOther || hasText)
  // A page is often read from another URL than its own, for example that of a feed.
  return hasHeadline(isSameHeadline) || (!isOther && hasText)
}

/**
 * The address of a page that contradicts the one under which it is stored: another one that it states, otherwise
 * the one from which it was read. Undefined if there is none.
 */
export function ownUrlOf(
  { statedUrl, readFrom }: Pick<PageToCompare, 'statedUrl' | 'readFrom'>,
  canonicalUrl: string,
): string | undefined {
  const own = statedUrl ?? readFrom
  return own && !isVariant(new URL(own), new URL(canonicalUrl)) ? own : undefined
}

function isSameAddress(one: string, other: string): boolean {
  return articleKey(new URL(one)) === articleKey(new URL(other))
}
