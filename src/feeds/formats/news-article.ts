import type { NamedEntity, Picture, SyndicatedStory } from '../../syndication/licensed-article.ts'
import { type Newsfeed, type Removal, urnOf } from '../feed.ts'
import { bodyText, picturesOf } from '../plain.ts'

/** One story as schema.org's NewsArticle in JSON-LD. */
export function jsonLdStory(story: SyndicatedStory, outlet: string): string {
  return JSON.stringify({ '@context': 'https://schema.org', ...newsArticle(story, outlet) })
}

/** A feed as schema.org's ItemList of articles; as a DataFeed it also says which ones are gone. */
export function jsonLdFeed({
  outlet,
  title,
  description,
  links,
  updated,
  stories,
  removals,
}: Newsfeed): string {
  return JSON.stringify({
    '@context': 'https://schema.org',
    '@type': ['ItemList', 'DataFeed'],
    '@id': links.self,
    name: title,
    description,
    dateModified: updated.toISOString(),
    publisher: { '@type': 'Organization', name: outlet },
    numberOfItems: stories.length,
    itemListElement: stories.map((story, i) => ({
      '@type': 'ListItem',
      position: i + 1,
      item: newsArticle(story, outlet),
    })),
    dataFeedElement: removals.map(removedArticle),
  })
}

function newsArticle(story: SyndicatedStory, outlet: string) {
  const { url, headline, standfirst, dateline, topic, language, publishedAt, updatedAt, version } = story
  const pictures = picturesOf(story)
  return {
    '@type': 'NewsArticle',
    '@id': urnOf(story),
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
    ...authorOf(story),
    publisher: { '@type': 'Organization', name: outlet },
    image: pictures.length > 0 ? pictures.map(imageObject) : undefined,
    mentions: [...story.people, ...story.organisations].map(thing),
    correction: story.corrections.map(({ text, at }) => ({
      '@type': 'CorrectionComment',
      text,
      datePublished: at.toISOString(),
    })),
    articleBody: bodyText(story) ?? undefined,
    copyrightNotice: story.attribution ?? undefined,
  }
}

/** A byline that is a name we know has an author; of any other it is not known what it names. */
function authorOf({ byline, people, organisations }: SyndicatedStory) {
  if (!byline) return {}
  const author = [...people, ...organisations].find(({ name }) => name === byline)
  return author ? { author: thing(author) } : { creditText: byline }
}

function thing({ kind, id, name, rolesAsPrinted }: NamedEntity) {
  const isPerson = kind === 'PERSON'
  return {
    '@type': isPerson ? 'Person' : 'Organization',
    '@id': urnOf({ id }),
    name,
    ...(isPerson && rolesAsPrinted.length > 0 ? { jobTitle: rolesAsPrinted } : {}),
  }
}

function imageObject({ url, alt, caption, photographer, agency, credit, usageTerms }: Picture) {
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
