import { mergeAppearances } from '../../syndication/appearances.ts'
import type {
  LicensedArticle,
  LicensedEntityWithRoles,
  LicensedImage,
} from '../../syndication/licensed-article.ts'
import { type Feed, type Removal, urnOf } from '../feed.ts'
import { bodyText, imagesOf } from '../plain.ts'

/** An article as schema.org NewsArticle in JSON-LD. */
export function jsonLdArticle(article: LicensedArticle, outlet: string): string {
  return JSON.stringify({ '@context': 'https://schema.org', ...newsArticle(article, outlet) })
}

/** A feed as schema.org ItemList; as a DataFeed it also lists removals. */
export function jsonLdFeed({ outlet, title, description, links, updated, articles, removals }: Feed): string {
  return JSON.stringify({
    '@context': 'https://schema.org',
    '@type': ['ItemList', 'DataFeed'],
    '@id': links.self,
    name: title,
    description,
    dateModified: updated.toISOString(),
    publisher: { '@type': 'Organization', name: outlet },
    numberOfItems: articles.length,
    itemListElement: articles.map((article, i) => ({
      '@type': 'ListItem',
      position: i + 1,
      item: newsArticle(article, outlet),
    })),
    dataFeedElement: removals.map(removedArticle),
  })
}

function newsArticle(article: LicensedArticle, outlet: string) {
  const { url, headline, standfirst, dateline, topic, language, publishedAt, updatedAt, version } = article
  const images = imagesOf(article)
  return {
    '@type': 'NewsArticle',
    '@id': urnOf(article),
    url,
    mainEntityOfPage: url,
    headline,
    abstract: standfirst ?? undefined,
    dateline: dateline?.text,
    articleSection: topic?.label,
    inLanguage: language,
    datePublished: publishedAt.toISOString(),
    dateModified: updatedAt.toISOString(),
    version,
    ...authorOf(article),
    publisher: { '@type': 'Organization', name: outlet },
    image: images.length > 0 ? images.map(imageObject) : undefined,
    mentions: entitiesOf(article).map(thing),
    correction: article.corrections.map(({ text, at }) => ({
      '@type': 'CorrectionComment',
      text,
      datePublished: at.toISOString(),
    })),
    articleBody: bodyText(article) ?? undefined,
    copyrightNotice: article.attribution ?? undefined,
  }
}

/** A byline equal to a known name becomes the author; any other is only credit text. */
function authorOf(article: LicensedArticle) {
  const { byline } = article
  if (!byline) return {}
  const author = entitiesOf(article).find(({ name }) => name === byline)
  return author ? { author: thing(author) } : { creditText: byline }
}

function entitiesOf({ people, organisations }: LicensedArticle): LicensedEntityWithRoles[] {
  return [...mergeAppearances(people), ...mergeAppearances(organisations)]
}

function thing({ kind, id, name, rolesAsPrinted }: LicensedEntityWithRoles) {
  const isPerson = kind === 'PERSON'
  return {
    '@type': isPerson ? 'Person' : 'Organization',
    '@id': urnOf({ id }),
    name,
    ...(isPerson && rolesAsPrinted.length > 0 ? { jobTitle: rolesAsPrinted } : {}),
  }
}

function imageObject({ url, alt, caption, photographer, agency, credit, usageTerms }: LicensedImage) {
  const terms = usageTerms && URL.canParse(usageTerms) ? { usageInfo: usageTerms } : null
  return {
    '@type': 'ImageObject',
    contentUrl: url,
    url,
    caption: caption ?? undefined,
    description: alt ?? undefined,
    creditText: credit ?? undefined,
    creator: photographer ? { '@type': 'Person', name: photographer } : undefined,
    copyrightHolder: agency ? { '@type': 'Organization', name: agency } : undefined,
    ...(terms ?? { conditionsOfAccess: usageTerms ?? undefined }),
  }
}

function removedArticle({ id, at }: Removal) {
  return {
    '@type': 'DataFeedItem',
    dateDeleted: at.toISOString(),
    item: { '@type': 'NewsArticle', '@id': urnOf({ id }) },
  }
}
