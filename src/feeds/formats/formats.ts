import type { LicensedArticle } from '../../syndication/licensed-article.ts'
import { inXmlCharacters } from '../characters.ts'
import type { Feed } from '../feed.ts'
import { uriOf } from '../uri.ts'
import { atom } from './atom.ts'
import { jsonFeed } from './json-feed.ts'
import { jsonLdArticle, jsonLdFeed } from './news-article.ts'
import { newsSitemap } from './news-sitemap.ts'
import { ninjsArticle, ninjsFeed } from './ninjs.ts'
import { rss } from './rss.ts'

/** The feed formats, by the last path segment. */
export const feedFormats = {
  'rss.xml': {
    label: 'RSS 2.0',
    type: 'application/rss+xml; charset=utf-8',
    write: rss,
    listsRemovals: false,
  },
  'atom.xml': {
    label: 'Atom 1.0',
    type: 'application/atom+xml; charset=utf-8',
    write: atom,
    listsRemovals: true,
  },
  'feed.json': {
    label: 'JSON Feed 1.1',
    type: 'application/feed+json',
    write: jsonFeed,
    listsRemovals: true,
  },
  'ninjs.json': { label: 'IPTC ninjs 3.1', type: 'application/json', write: ninjsFeed, listsRemovals: true },
  'news.jsonld': {
    label: 'schema.org NewsArticle, JSON-LD',
    type: 'application/ld+json',
    write: jsonLdFeed,
    listsRemovals: true,
  },
  'news-sitemap.xml': {
    label: 'Google News sitemap',
    type: 'application/xml; charset=utf-8',
    write: newsSitemap,
    listsRemovals: false,
  },
} as const satisfies Record<string, FeedFormat>

interface FeedFormat {
  label: string
  type: string
  write: (feed: Feed) => string | Promise<string>
  /** Whether the format can list removals. */
  listsRemovals: boolean
}

/** The formats of single articles, by file extension. */
export const articleFormats = {
  'ninjs.json': {
    label: 'IPTC ninjs 3.1',
    type: 'application/json',
    write: (article) => ninjsArticle(article),
  },
  jsonld: { label: 'schema.org NewsArticle, JSON-LD', type: 'application/ld+json', write: jsonLdArticle },
} as const satisfies Record<
  string,
  { label: string; type: string; write: (article: LicensedArticle, outlet: string) => string }
>

export type FeedFormatName = keyof typeof feedFormats
export type ArticleFormatName = keyof typeof articleFormats

/** Renders a feed. The same feed always renders to the same text. */
export async function writeFeed(format: FeedFormatName, feed: Feed): Promise<string> {
  return feedFormats[format].write(readable(feed))
}

/** Renders one article. */
export function writeArticle(format: ArticleFormatName, article: LicensedArticle, outlet: string): string {
  return articleFormats[format].write(presentable(inXmlCharacters(article)), inXmlCharacters(outlet))
}

function readable(feed: Feed): Feed {
  const clean = inXmlCharacters(feed)
  return { ...clean, articles: clean.articles.map(presentable) }
}

/** Ensures a headline, which every format requires, and valid URIs. */
function presentable(article: LicensedArticle): LicensedArticle {
  const { headline, slug, url, leadImage, body } = article
  return {
    ...article,
    headline: headline.trim() === '' ? slug : headline,
    url: uriOf(url),
    leadImage: leadImage && { ...leadImage, url: uriOf(leadImage.url) },
    body: body.map((block) => {
      if (block.kind === 'IMAGE') return { ...block, image: { ...block.image, url: uriOf(block.image.url) } }
      if (block.kind === 'EMBED') return { ...block, embed: { ...block.embed, url: uriOf(block.embed.url) } }
      return block
    }),
  }
}
