import { mergeAppearances } from '../../syndication/appearances.ts'
import type { LicensedArticle, LicensedEntity, LicensedImage } from '../../syndication/licensed-article.ts'
import { type Feed, type Removal, urnOf } from '../feed.ts'
import { articleHtml } from '../html.ts'
import { bodyText, imagesOf, mediaTypeOf } from '../plain.ts'

const STANDARD = {
  name: 'ninjs',
  version: '3.1',
  schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#',
}

/** An article in IPTC ninjs 3.1. */
export function ninjsArticle(article: LicensedArticle): string {
  return JSON.stringify({ ...newsItem(article), standard: STANDARD })
}

/**
 * A feed in IPTC ninjs 3.1: a composite item whose associations are the articles, and the removals as withheld
 * items with only the identifier.
 */
export function ninjsFeed({
  title,
  description,
  language,
  links,
  updated,
  articles,
  removals,
}: Feed): string {
  return JSON.stringify({
    uri: links.self,
    type: 'composite',
    versionCreated: updated.toISOString(),
    pubStatus: 'usable',
    language: language ?? undefined,
    title,
    descriptions: [{ contentType: 'text/plain', value: description }],
    associations: [
      ...articles.map((article) => ({ name: article.slug, rel: 'item', ...newsItem(article) })),
      ...removals.map(removedItem),
    ],
    altIds: links.older ? [{ role: 'next', value: links.older }] : undefined,
    standard: STANDARD,
  })
}

function newsItem(article: LicensedArticle) {
  const { slug, version, language, publishedAt, updatedAt, kicker, headline, standfirst, corrections } =
    article
  return {
    uri: urnOf(article),
    type: 'text',
    representationType: article.hasFullText ? 'full' : 'partial',
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
    bodies: bodiesOf(article),
    by: article.byline ?? undefined,
    located: article.dateline?.text,
    people: mergeAppearances(article.people).map(named),
    organisations: mergeAppearances(article.organisations).map(named),
    subjects: article.topic
      ? [{ name: article.topic.label, rel: 'about', literal: article.topic.slug }]
      : undefined,
    copyrightNotice: article.attribution ?? undefined,
    altIds: [{ role: 'url', value: article.url }],
    associations: associationsOf(article),
  }
}

function bodiesOf(article: LicensedArticle) {
  const text = bodyText(article)
  if (text === null) return undefined
  return [
    { role: 'main', contentType: 'text/html', value: articleHtml(article) },
    { role: 'plain', contentType: 'text/plain', charCount: [...text].length, value: text },
  ]
}

function named(entity: LicensedEntity) {
  return { name: entity.name, rel: 'mentions', uri: urnOf(entity), literal: entity.slug }
}

function associationsOf(article: LicensedArticle) {
  const images = imagesOf(article)
  if (images.length === 0) return undefined
  return images.map((image, i) => ({
    name: `picture-${i + 1}`,
    rel: image.url === article.leadImage?.url ? 'featured' : 'inline',
    ...imageItem(image),
  }))
}

/** An image with its rights. `rightsInfo` of ninjs is for machine-readable rights, which we do not have. */
function imageItem(image: LicensedImage) {
  const { url, alt, caption, photographer, agency, credit, usageTerms } = image
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
    renditions: [{ name: 'main', href: url, contentType: mediaTypeOf(image) ?? undefined }],
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
