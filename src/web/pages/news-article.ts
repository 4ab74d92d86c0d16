import { imageAddress, pathOfEntity, type Site } from './site.ts'
import { imagesOf, type Story, type StoryBlock, type StoryImage } from './story-data.ts'

/** A story as schema.org NewsArticle in JSON-LD. Search engines and our own ingest read it. */
export function newsArticle(story: Story, site: Site) {
  const { url, headline, standfirst, dateline, topic, language, version, publishedAt, updatedAt } = story
  const publisher = { '@type': 'NewsMediaOrganization', name: site.outlet, url: site.publicUrl }
  const images = imagesOf(story).map((image) => imageObject(image, site))
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    url,
    mainEntityOfPage: url,
    headline,
    description: standfirst ?? undefined,
    dateline: dateline?.text,
    articleSection: topic?.name,
    inLanguage: language,
    datePublished: publishedAt,
    dateModified: updatedAt,
    version,
    ...authorOf(story, site),
    publisher,
    image: images.length > 0 ? images : undefined,
    mentions: [...peopleOf(story, site), ...organisationsOf(story, site)],
    correction: story.corrections.map(({ text, at }) => ({
      '@type': 'CorrectionComment',
      text,
      datePublished: at,
    })),
    articleBody: story.body.flatMap(wordsOf).join('\n\n'),
    commentCount: story.commentCount,
  }
}

/** A byline equal to the name of a person of the story is its author; any other is only credit text. */
function authorOf(story: Story, site: Site) {
  const { byline } = story
  if (!byline) return {}
  const author = [...peopleOf(story, site), ...organisationsOf(story, site)].find(
    ({ name }) => name === byline,
  )
  return author ? { author } : { author: { '@type': 'Person', name: byline }, creditText: byline }
}

function peopleOf({ people }: Story, { publicUrl }: Site) {
  return people.map(({ person: { slug, name }, rolesAsPrinted }) => ({
    '@type': 'Person',
    '@id': `${publicUrl}${pathOfEntity('person', slug)}`,
    name,
    ...(rolesAsPrinted.length > 0 ? { jobTitle: rolesAsPrinted } : {}),
  }))
}

function organisationsOf({ organisations }: Story, { publicUrl }: Site) {
  return organisations.map(({ organisation: { slug, name } }) => ({
    '@type': 'Organization',
    '@id': `${publicUrl}${pathOfEntity('organisation', slug)}`,
    name,
  }))
}

function imageObject(image: StoryImage, site: Site) {
  const { alt, caption, photographer, agency, credit, usageTerms } = image
  const url = imageAddress(site, image.url)
  return {
    '@type': 'ImageObject',
    contentUrl: url,
    url,
    caption: caption ?? undefined,
    description: alt ?? undefined,
    creditText: credit ?? undefined,
    creator: photographer ? { '@type': 'Person', name: photographer } : undefined,
    copyrightHolder: agency ? { '@type': 'Organization', name: agency } : undefined,
    conditionsOfAccess: usageTerms ?? undefined,
  }
}

function wordsOf(block: StoryBlock): string[] {
  if (block.__typename === 'EmbedBlock') return block.embed.text ? [block.embed.text] : []
  return 'text' in block ? [block.text] : []
}
