import { generateJsonFeed } from 'feedsmith'
import { mergeAppearances } from '../../syndication/appearances.ts'
import type { LicensedArticle } from '../../syndication/licensed-article.ts'
import { type Feed, urnOf } from '../feed.ts'
import { articleHtml } from '../html.ts'
import { imagesOf, mediaTypeOf } from '../plain.ts'

/** JSON Feed 1.1. Other data is in the extension `_dateline`. */
export function jsonFeed(feed: Feed): string {
  const { title, description, language, links, updated, outlet } = feed
  const written = generateJsonFeed({
    title,
    home_page_url: links.home,
    feed_url: links.self,
    description,
    next_url: links.older ?? undefined,
    language: language ?? undefined,
    authors: [{ name: outlet }],
    hubs: [{ type: 'WebSub', url: links.hub }],
    items: feed.articles.map(itemOf),
  })
  const removed = feed.removals.map((removal) => ({
    id: urnOf(removal),
    date_removed: removal.at.toISOString(),
  }))
  return JSON.stringify({
    // The library omits an empty list, but it is required.
    ...(feed.articles.length === 0 ? { items: [] } : {}),
    ...(written as object),
    _dateline: { date_modified: updated.toISOString(), removed },
  })
}

function itemOf(article: LicensedArticle) {
  const { headline, url, standfirst, topic, byline, language, publishedAt, updatedAt, leadImage } = article
  return {
    id: urnOf(article),
    url,
    title: headline,
    content_html: articleHtml(article),
    summary: standfirst ?? undefined,
    image: leadImage?.url,
    date_published: publishedAt,
    date_modified: updatedAt,
    authors: byline ? [{ name: byline }] : undefined,
    tags: topic ? [topic.label] : undefined,
    language,
    attachments: attachmentsOf(article),
    _dateline: extensionOf(article),
  }
}

/** Only images with a known media type, which is required. */
function attachmentsOf(article: LicensedArticle) {
  const attachments = imagesOf(article).flatMap((image) => {
    const type = mediaTypeOf(image)
    return type ? [{ url: image.url, mime_type: type, title: image.caption ?? undefined }] : []
  })
  return attachments.length > 0 ? attachments : undefined
}

function extensionOf(article: LicensedArticle) {
  const { slug, version, kicker, dateline, topic, corrections, people, organisations, attribution } = article
  return {
    slug,
    version,
    kicker: kicker ?? undefined,
    dateline: dateline?.text,
    topics: topic?.path,
    full_text: article.hasFullText,
    attribution: attribution ?? undefined,
    corrections: corrections.map(({ kind, text, version: of, at }) => ({
      kind: kind.toLowerCase(),
      text,
      version: of,
      date: at.toISOString(),
    })),
    people: mergeAppearances(people).map(({ id, name, rolesAsPrinted: roles }) => ({
      id: urnOf({ id }),
      name,
      roles,
    })),
    organisations: mergeAppearances(organisations).map(({ id, name }) => ({ id: urnOf({ id }), name })),
    images: imagesOf(article).map(({ url, alt, caption, photographer, agency, credit, usageTerms }) => ({
      url,
      alt: alt ?? undefined,
      caption: caption ?? undefined,
      photographer: photographer ?? undefined,
      agency: agency ?? undefined,
      credit: credit ?? undefined,
      usage_terms: usageTerms ?? undefined,
    })),
  }
}
