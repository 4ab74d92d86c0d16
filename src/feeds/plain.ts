import type { ArticleBlock, LicensedArticle, LicensedImage } from '../syndication/licensed-article.ts'

/** The licensed body as plain text; null if the body is not licensed. */
export function bodyText({ body, hasFullText }: LicensedArticle): string | null {
  return hasFullText ? body.flatMap(wordsOf).join('\n\n') : null
}

function wordsOf(block: ArticleBlock<LicensedImage>): string[] {
  if (block.kind === 'IMAGE') return []
  const words = block.kind === 'EMBED' ? block.embed.text : block.text
  return words ? [words] : []
}

/** The licensed images, one per URL, the lead image first. */
export function imagesOf({ leadImage, body }: LicensedArticle): LicensedImage[] {
  const all = [
    ...(leadImage ? [leadImage] : []),
    ...body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : [])),
  ]
  const addresses = new Set<string>()
  return all.filter(({ url }) => !addresses.has(url) && addresses.add(url))
}

/** The media type by file extension; null if unknown. */
export function mediaTypeOf({ url }: LicensedImage): string | null {
  const extension = /\.([a-z]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase()
  return MEDIA_TYPES.get(extension ?? '') ?? null
}

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['avif', 'image/avif'],
  ['gif', 'image/gif'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['webp', 'image/webp'],
])
