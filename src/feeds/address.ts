import { withFeedToken, withoutFeedToken } from '../licensing/feed-path.ts'
import { canonicalLanguage } from '../text/language.ts'
import { isValidValue } from '../text/valid-text.ts'
import { type ArticleFormatName, type FeedFormatName, feedFormats } from './formats/formats.ts'

/** The scope of a feed: which articles it contains. */
export type Scope =
  | { kind: 'all' }
  /** By slug. */
  | { kind: 'topic' | 'person' | 'organisation'; name: string }
  /** A BCP 47 tag; "en" includes "en-GB". */
  | { kind: 'language'; name: string }

/** The target of a path under /feeds/. */
export type FeedAddress =
  | { kind: 'feed'; scope: Scope; format: FeedFormatName; before: string | null }
  | { kind: 'article'; slug: string; format: ArticleFormatName }

/**
 * Parses a path. Only `before` of the query counts. Returns null for an unknown path.
 * @param path "/feeds/topic/health/rss.xml?before=…", or a partner's "/feeds/p/TOKEN/topic/health/rss.xml"
 */
export function readFeedAddress(path: string): FeedAddress | null {
  const [at = '', query = ''] = withoutFeedToken(path).split(/\?(.*)/s, 2)
  const parts = partsOf(at)
  if (!parts) return null
  const [folder = '', file = ''] = parts
  const article = parts.length === 2 && ARTICLE_FOLDERS.has(folder) ? ARTICLE_FILE.exec(file) : null
  if (article) return { kind: 'article', slug: article[1] as string, format: article[2] as ArticleFormatName }
  const [last, ...above] = parts.toReversed()
  const scope = scopeOf(above.toReversed())
  if (!scope || !isFormat(last)) return null
  return { kind: 'feed', scope, format: last, before: new URLSearchParams(query).get('before') }
}

/**
 * The canonical path. Other query parameters, especially a key, are dropped.
 * @param token the feed token of a partner, for the path of its own version
 */
export function writeFeedAddress(address: FeedAddress, token: string | null): string {
  const path = publicPath(address)
  return token === null ? path : withFeedToken(path, token)
}

function publicPath(address: FeedAddress): string {
  if (address.kind === 'article') return `/feeds/articles/${address.slug}.${address.format}`
  const { scope, format, before } = address
  const under = scope.kind === 'all' ? '' : `${scope.kind}/${encodeURIComponent(scope.name)}/`
  const query = before === null ? '' : `?${new URLSearchParams({ before })}`
  return `/feeds/${under}${format}${query}`
}

/** The folder of feeds of one article, and its name in version 0.2.0. */
const ARTICLE_FOLDERS: ReadonlySet<string> = new Set(['articles', 'stories'])

const ARTICLE_FILE = /^([a-z0-9-]+)\.(ninjs\.json|jsonld)$/

function scopeOf([kind, name, ...more]: string[]): Scope | null {
  if (kind === undefined) return { kind: 'all' }
  if (more.length > 0 || !name) return null
  if (kind === 'language') return inLanguage(name)
  if (kind === 'topic' || kind === 'person' || kind === 'organisation') return { kind, name }
  return null
}

function inLanguage(tag: string): Scope | null {
  try {
    return { kind: 'language', name: canonicalLanguage(tag) }
  } catch {
    return null
  }
}

function isFormat(name: string | undefined): name is FeedFormatName {
  return name !== undefined && Object.hasOwn(feedFormats, name)
}

/** The decoded path segments after "/feeds/". */
function partsOf(at: string): string[] | null {
  if (!at.startsWith('/feeds/')) return null
  try {
    const parts = at.slice('/feeds/'.length).split('/').map(decodeURIComponent)
    return parts.every((part) => isValidValue(part) && part.length <= 200) ? parts : null
  } catch {
    return null
  }
}
