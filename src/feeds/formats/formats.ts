import type { SyndicatedStory } from '../../syndication/licensed-article.ts'
import { inXmlCharacters } from '../characters.ts'
import type { Newsfeed } from '../feed.ts'
import { uriOf } from '../uri.ts'
import { atom } from './atom.ts'
import { jsonFeed } from './json-feed.ts'
import { jsonLdFeed, jsonLdStory } from './news-article.ts'
import { newsSitemap } from './news-sitemap.ts'
import { ninjsFeed, ninjsStory } from './ninjs.ts'
import { rss } from './rss.ts'

/** What feeds are written in, by the last part of their path. */
export const feedFormats = {
  'rss.xml': {
    label: 'RSS 2.0',
    type: 'application/rss+xml; charset=utf-8',
    write: rss,
    tellsRemovals: false,
  },
  'atom.xml': {
    label: 'Atom 1.0',
    type: 'application/atom+xml; charset=utf-8',
    write: atom,
    tellsRemovals: true,
  },
  'feed.json': {
    label: 'JSON Feed 1.1',
    type: 'application/feed+json',
    write: jsonFeed,
    tellsRemovals: true,
  },
  'ninjs.json': { label: 'IPTC ninjs 3.1', type: 'application/json', write: ninjsFeed, tellsRemovals: true },
  'news.jsonld': {
    label: 'schema.org NewsArticle, JSON-LD',
    type: 'application/ld+json',
    write: jsonLdFeed,
    tellsRemovals: true,
  },
  'news-sitemap.xml': {
    label: 'Google News sitemap',
    type: 'application/xml; charset=utf-8',
    write: newsSitemap,
    tellsRemovals: false,
  },
} as const satisfies Record<string, FeedFormat>

interface FeedFormat {
  label: string
  type: string
  write: (feed: Newsfeed) => string | Promise<string>
  /** Whether it has a way to say that a story is gone; where it has none, nobody was told so by it. */
  tellsRemovals: boolean
}

/** What single stories are written in, by the end of their path. */
export const storyFormats = {
  'ninjs.json': { label: 'IPTC ninjs 3.1', type: 'application/json', write: (story) => ninjsStory(story) },
  jsonld: { label: 'schema.org NewsArticle, JSON-LD', type: 'application/ld+json', write: jsonLdStory },
} as const satisfies Record<
  string,
  { label: string; type: string; write: (story: SyndicatedStory, outlet: string) => string }
>

export type FeedFormatName = keyof typeof feedFormats
export type StoryFormatName = keyof typeof storyFormats

/** Writes a feed in a format. The same feed always gives the same text. */
export async function writeFeed(format: FeedFormatName, feed: Newsfeed): Promise<string> {
  return feedFormats[format].write(readable(feed))
}

/** Writes one story in a format. */
export function writeStory(format: StoryFormatName, story: SyndicatedStory, outlet: string): string {
  return storyFormats[format].write(presentable(inXmlCharacters(story)), inXmlCharacters(outlet))
}

function readable(feed: Newsfeed): Newsfeed {
  const clean = inXmlCharacters(feed)
  return { ...clean, stories: clean.stories.map(presentable) }
}

/** With a headline, which no format can do without and of which nothing may be left, and with addresses that are URIs. */
function presentable(story: SyndicatedStory): SyndicatedStory {
  const { headline, slug, url, leadImage, body } = story
  return {
    ...story,
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
