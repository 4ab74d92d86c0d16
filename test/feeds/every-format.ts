import type { Feed } from '../../src/feeds/feed.ts'
import { articleFormats, feedFormats, writeArticle, writeFeed } from '../../src/feeds/formats/formats.ts'
import type { LicensedArticle } from '../../src/syndication/licensed-article.ts'

/** A feed of these stories, with the furniture that feeds have. */
export function feedOf(stories: readonly LicensedArticle[], furniture: Partial<Feed> = {}): Feed {
  const at = (file: string) => `https://gateway.example/feeds/${file}`
  return {
    outlet: 'The Outlet',
    title: 'The Outlet',
    description: 'News from The Outlet',
    language: null,
    links: {
      home: at(''),
      self: at('rss.xml'),
      current: at('rss.xml'),
      older: null,
      hub: 'https://gateway.example/websub',
    },
    updated: new Date('2026-01-02T00:00:00Z'),
    articles: stories,
    removals: [],
    ...furniture,
  }
}

/** The bytes of a feed in every format, and of each of its stories, by what they are called. */
export async function inEveryFormat(feed: Feed): Promise<Map<string, string>> {
  const written = new Map<string, string>()
  for (const format of keys(feedFormats)) written.set(format, await writeFeed(format, feed))
  for (const format of keys(articleFormats)) {
    for (const story of feed.articles)
      written.set(`${story.slug}.${format}`, writeArticle(format, story, feed.outlet))
  }
  return written
}

function keys<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[]
}
