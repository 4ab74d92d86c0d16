import { generateRssFeed } from 'feedsmith'
import type { LicensedArticle } from '../../syndication/licensed-article.ts'
import { type Feed, urnOf } from '../feed.ts'
import { articleHtml, teaserHtml } from '../html.ts'
import { archiveLinks, archiveMark } from './archive.ts'
import { mediaOf } from './media.ts'
import { writeXml } from './xml.ts'

type RssFeed = Parameters<typeof generateRssFeed>[0]
type Item = NonNullable<RssFeed['items']>[number]

/** RSS 2.0 with Dublin Core, Media RSS and Atom elements. The format cannot list removals. */
export function rss(feed: Feed): string {
  const { title, description, language, links, updated, outlet } = feed
  return writeXml(
    {
      title,
      link: links.home,
      description,
      language: language ?? undefined,
      lastBuildDate: updated,
      generator: 'Dateline',
      docs: 'https://www.rssboard.org/rss-specification',
      dc: { publishers: [outlet] },
      atom: {
        links: [
          { rel: 'self', href: links.self, type: 'application/rss+xml' },
          { rel: 'hub', href: links.hub },
          ...archiveLinks(feed),
        ],
      },
      items: feed.articles.map(itemOf),
    } satisfies RssFeed,
    generateRssFeed,
    archiveMark(feed),
  )
}

function itemOf(article: LicensedArticle): Item {
  const { headline, url, topic, byline, language, publishedAt, updatedAt, attribution, hasFullText } = article
  return {
    title: headline,
    link: url,
    description: teaserHtml(article),
    categories: topic ? [{ name: topic.label }] : undefined,
    guid: { value: urnOf(article), isPermaLink: false },
    pubDate: publishedAt,
    dc: {
      creators: byline ? [byline] : undefined,
      languages: [language],
      rights: attribution ? [attribution] : undefined,
    },
    dcterms: { modified: [updatedAt] },
    content: hasFullText ? { encoded: articleHtml(article) } : undefined,
    media: mediaOf(article),
  }
}
