import type { Entity, Picture, SyndicatedStory } from '../../syndication/licensed-article.ts'
import { type Newsfeed, type Removal, urnOf } from '../feed.ts'
import { storyHtml } from '../html.ts'
import { bodyText, mediaTypeOf, picturesOf } from '../plain.ts'

const STANDARD = {
  name: 'ninjs',
  version: '3.1',
  schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#',
}

/** One story in IPTC ninjs 3.1. */
export function ninjsStory(story: SyndicatedStory): string {
  return JSON.stringify({ ...newsItem(story), standard: STANDARD })
}

/**
 * A feed in IPTC ninjs 3.1: a composite item whose associations are the stories, and those that must go, as
 * withheld items of which nothing but the identifier is told.
 */
export function ninjsFeed({
  title,
  description,
  language,
  links,
  updated,
  stories,
  removals,
}: Newsfeed): string {
  return JSON.stringify({
    uri: links.self,
    type: 'composite',
    versionCreated: updated.toISOString(),
    pubStatus: 'usable',
    language: language ?? undefined,
    title,
    descriptions: [{ contentType: 'text/plain', value: description }],
    associations: [
      ...stories.map((story) => ({ name: story.slug, rel: 'item', ...newsItem(story) })),
      ...removals.map(removedItem),
    ],
    altIds: links.older ? [{ role: 'next', value: links.older }] : undefined,
    standard: STANDARD,
  })
}

function newsItem(story: SyndicatedStory) {
  const { slug, version, language, publishedAt, updatedAt, kicker, headline, standfirst, corrections } = story
  return {
    uri: urnOf(story),
    type: 'text',
    representationType: story.hasFullText ? 'full' : 'partial',
    version: String(version),
    firstCreated: publishedAt.toISOString(),
    versionCreated: updatedAt.toISOString(),
    pubStatus: 'usable',
    language,
    slugline: slug,
    title: headline,
    headlines: [
      { role: 'main', contentType: 'text/plain', value: headline },
      ...(kicker ? [{ role: 'kicker', contentType: 'text/plain', value: kicker }] : []),
    ],
    descriptions: [
      ...(standfirst ? [{ role: 'summary', contentType: 'text/plain', value: standfirst }] : []),
      ...corrections.map(({ kind, text }) => ({
        role: kind.toLowerCase(),
        contentType: 'text/plain',
        value: text,
      })),
    ],
    bodies: bodiesOf(story),
    by: story.byline ?? undefined,
    located: story.dateline?.text,
    people: story.people.map(named),
    organisations: story.organisations.map(named),
    subjects: story.topic
      ? [{ name: story.topic.label, rel: 'about', literal: story.topic.slug }]
      : undefined,
    copyrightNotice: story.attribution ?? undefined,
    altIds: [{ role: 'url', value: story.url }],
    associations: associationsOf(story),
  }
}

function bodiesOf(story: SyndicatedStory) {
  const text = bodyText(story)
  if (text === null) return undefined
  return [
    { role: 'main', contentType: 'text/html', value: storyHtml(story) },
    { role: 'plain', contentType: 'text/plain', charCount: [...text].length, value: text },
  ]
}

function named(entity: Entity) {
  return { name: entity.name, rel: 'mentions', uri: urnOf(entity), literal: entity.slug }
}

function associationsOf(story: SyndicatedStory) {
  const pictures = picturesOf(story)
  if (pictures.length === 0) return undefined
  return pictures.map((picture, i) => ({
    name: `picture-${i + 1}`,
    rel: picture.url === story.leadImage?.url ? 'featured' : 'inline',
    ...pictureItem(picture),
  }))
}

/** A picture with its rights. ninjs' `rightsInfo` is for rights in a machine's language, and nobody gave us any. */
function pictureItem(picture: Picture) {
  const { url, alt, caption, photographer, agency, credit, usageTerms } = picture
  return {
    uri: url,
    type: 'picture',
    pubStatus: 'usable',
    by: photographer ?? undefined,
    copyrightHolder: agency ?? undefined,
    copyrightNotice: credit ?? undefined,
    usageTerms: usageTerms ?? undefined,
    descriptions: [
      ...(caption ? [{ role: 'caption', contentType: 'text/plain', value: caption }] : []),
      ...(alt ? [{ role: 'alternative', contentType: 'text/plain', value: alt }] : []),
    ],
    renditions: [{ name: 'main', href: url, contentType: mediaTypeOf(picture) ?? undefined }],
  }
}

function removedItem({ id, at }: Removal) {
  return {
    name: 'removed',
    rel: 'removed',
    uri: urnOf({ id }),
    pubStatus: 'withheld',
    versionCreated: at.toISOString(),
  }
}
