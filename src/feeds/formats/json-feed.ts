import { generateJsonFeed } from 'feedsmith'
import type { SyndicatedStory } from '../../syndication/licensed-article.ts'
import { type Newsfeed, urnOf } from '../feed.ts'
import { storyHtml } from '../html.ts'
import { mediaTypeOf, picturesOf } from '../plain.ts'

/** JSON Feed 1.1. What it has no member for stands in its extension `_dateline`. */
export function jsonFeed(feed: Newsfeed): string {
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
    items: feed.stories.map(itemOf),
  })
  const removed = feed.removals.map((removal) => ({
    id: urnOf(removal),
    date_removed: removal.at.toISOString(),
  }))
  return JSON.stringify({
    // The library leaves an empty list out, and it is required.
    ...(feed.stories.length === 0 ? { items: [] } : {}),
    ...(written as object),
    _dateline: { date_modified: updated.toISOString(), removed },
  })
}

function itemOf(story: SyndicatedStory) {
  const { headline, url, standfirst, topic, byline, language, publishedAt, updatedAt, leadImage } = story
  return {
    id: urnOf(story),
    url,
    title: headline,
    content_html: storyHtml(story),
    summary: standfirst ?? undefined,
    image: leadImage?.url,
    date_published: publishedAt,
    date_modified: updatedAt,
    authors: byline ? [{ name: byline }] : undefined,
    tags: topic ? [topic.label] : undefined,
    language,
    attachments: attachmentsOf(story),
    _dateline: extensionOf(story),
  }
}

/** Only pictures of which it is known what they are: the media type is required. */
function attachmentsOf(story: SyndicatedStory) {
  const attachments = picturesOf(story).flatMap((picture) => {
    const type = mediaTypeOf(picture)
    return type ? [{ url: picture.url, mime_type: type, title: picture.caption ?? undefined }] : []
  })
  return attachments.length > 0 ? attachments : undefined
}

function extensionOf(story: SyndicatedStory) {
  const { slug, version, kicker, dateline, topic, corrections, people, organisations, attribution } = story
  return {
    slug,
    version,
    kicker: kicker ?? undefined,
    dateline: dateline?.text,
    topics: topic?.path,
    full_text: story.hasFullText,
    attribution: attribution ?? undefined,
    corrections: corrections.map(({ kind, text, version: of, at }) => ({
      kind: kind.toLowerCase(),
      text,
      version: of,
      date: at.toISOString(),
    })),
    people: people.map(({ id, name, rolesAsPrinted: roles }) => ({ id: urnOf({ id }), name, roles })),
    organisations: organisations.map(({ id, name }) => ({ id: urnOf({ id }), name })),
    pictures: picturesOf(story).map(({ url, alt, caption, photographer, agency, credit, usageTerms }) => ({
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
