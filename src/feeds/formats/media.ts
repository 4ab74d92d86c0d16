import type { LicensedArticle, LicensedImage } from '../../syndication/licensed-article.ts'
import { imagesOf, mediaTypeOf } from '../plain.ts'

/** The images as Media RSS 1.5 with their credits; for RSS and Atom. */
export function mediaOf(article: LicensedArticle) {
  const contents = imagesOf(article).map(mediaContent)
  return contents.length > 0 ? { contents } : undefined
}

function mediaContent(image: LicensedImage) {
  const { url, caption, alt, photographer, agency, credit, usageTerms } = image
  const credits = [
    ...(credit ? [{ value: credit }] : []),
    ...(photographer ? [{ value: photographer, role: 'photographer', scheme: 'urn:ebu' }] : []),
    ...(agency ? [{ value: agency, role: 'copyright holder', scheme: 'https://schema.org/' }] : []),
  ]
  return {
    url,
    medium: 'image',
    ...(mediaTypeOf(image) ? { type: mediaTypeOf(image) as string } : {}),
    ...(alt ? { title: { value: alt, type: 'plain' } } : {}),
    ...(caption ? { description: { value: caption, type: 'plain' } } : {}),
    ...(credits.length > 0 ? { credits } : {}),
    ...(usageTerms ? { copyright: { value: usageTerms } } : {}),
  }
}
