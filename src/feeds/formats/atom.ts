import { generateAtomFeed } from 'feedsmith'
import type { LicensedArticle } from '../../syndication/licensed-article.ts'
import { type Feed, type Removal, urnOf } from '../feed.ts'
import { articleHtml } from '../html.ts'
import { archiveLinks, archiveMark } from './archive.ts'
import { mediaOf } from './media.ts'
import { escapeXml, writeXml } from './xml.ts'

type AtomFeed = Parameters<typeof generateAtomFeed>[0]
type Entry = NonNullable<AtomFeed['entries']>[number]

/** Atom 1.0 (RFC 4287), with tombstones for removed articles (RFC 6721). */
export function atom(feed: Feed): string {
  const { title, description, language, links, updated, outlet } = feed
  return writeXml(
    {
      id: links.current,
      title: { value: title },
      subtitle: { value: description },
      updated,
      generator: { text: 'Dateline' },
      authors: [{ name: outlet }],
      links: [
        { rel: 'self', href: links.self, type: 'application/atom+xml' },
        { rel: 'alternate', href: links.home, type: 'text/html' },
        { rel: 'hub', href: links.hub },
        ...archiveLinks(feed),
      ],
      entries: feed.articles.map(entryOf),
      xml: language ? { lang: language } : undefined,
    } satisfies AtomFeed,
    generateAtomFeed,
    [...archiveMark(feed), ...feed.removals.map(deletedEntry)],
  )
}

function entryOf(article: LicensedArticle): Entry {
  const { headline, url, topic, byline, language, publishedAt, updatedAt } = article
  const { standfirst, attribution, hasFullText } = article
  return {
    id: urnOf(article),
    title: { value: headline },
    updated: updatedAt,
    published: publishedAt,
    authors: byline ? [{ name: byline }] : undefined,
    links: [{ rel: 'alternate', href: url, hreflang: language }],
    categories: topic ? [{ term: topic.slug, label: topic.label }] : undefined,
    summary: { value: [standfirst, ...(hasFullText ? [] : linesOf(article))].filter(Boolean).join('\n\n') },
    content: hasFullText ? { type: 'html', value: articleHtml(article) } : undefined,
    rights: attribution ? { value: attribution } : undefined,
    media: mediaOf(article),
    xml: { lang: language },
  }
}

/** Corrections and attribution, for entries without content. */
function linesOf({ corrections, attribution }: LicensedArticle): (string | null)[] {
  return [...corrections.map(({ text, at }) => `${at.toISOString().slice(0, 10)} ${text}`), attribution]
}

/** Tombstone of an entry (RFC 6721, section 3). */
function deletedEntry({ id, at }: Removal): string {
  const attributes = `ref="${escapeXml(urnOf({ id }))}" when="${at.toISOString()}"`
  return `<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ${attributes}/>`
}
