import type { ImageDraft } from '../articles/draft.ts'
import type { ArticlePage } from './article-page.ts'
import { linkedCredit } from './credit-node.ts'
import { leadImage } from './images.ts'
import { isNode } from './json-ld.ts'

/** The lead image of an article: of its JSON-LD, otherwise of Open Graph. */
export function leadImageOf({
  document,
  data,
  node,
  metadata,
  canonicalUrl,
}: ArticlePage): ImageDraft | undefined {
  for (const value of [...data.values(node, 'image'), ...data.values(node, 'thumbnailUrl')]) {
    const url = isNode(value) ? data.text(value, 'url', 'contentUrl', '@id') : value
    const image = typeof url === 'string' ? leadImage(document, url, canonicalUrl) : undefined
    if (!image) continue
    return isNode(value) ? { ...linkedCredit(data, value), ...image } : image
  }
  if (!metadata.image) return undefined
  const image = leadImage(document, metadata.image.url, canonicalUrl)
  return image && { ...(metadata.image.alt && { alt: metadata.image.alt }), ...image }
}
