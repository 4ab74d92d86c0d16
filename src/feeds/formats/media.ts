import type { Picture, SyndicatedStory } from '../../syndication/licensed-article.ts'
import { mediaTypeOf, picturesOf } from '../plain.ts'

/** A story's pictures as Media RSS 1.5 has them, each with its credit; for RSS and Atom alike. */
export function mediaOf(story: SyndicatedStory) {
  const contents = picturesOf(story).map(mediaContent)
  return contents.length > 0 ? { contents } : undefined
}

function mediaContent(picture: Picture) {
  const { url, caption, alt, photographer, agency, credit, usageTerms } = picture
  const credits = [
    ...(credit ? [{ value: credit }] : []),
    ...(photographer ? [{ value: photographer, role: 'photographer', scheme: 'urn:ebu' }] : []),
    ...(agency ? [{ value: agency, role: 'copyright holder', scheme: 'https://schema.org/' }] : []),
  ]
  return {
    url,
    medium: 'image',
    ...(mediaTypeOf(picture) ? { type: mediaTypeOf(picture) as string } : {}),
    ...(alt ? { title: { value: alt, type: 'plain' } } : {}),
    ...(caption ? { description: { value: caption, type: 'plain' } } : {}),
    ...(credits.length > 0 ? { credits } : {}),
    ...(usageTerms ? { copyright: { value: usageTerms } } : {}),
  }
}
