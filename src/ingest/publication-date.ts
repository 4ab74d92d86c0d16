import type { ArticlePage } from './article-page.ts'
import { dateInAddress } from './dates.ts'
import type { ReadDate } from './page-times.ts'

/** The date of publication in the markup of a page. The most reliable source is used first. */
export function statedPublication(
  { data, node, metadata, canonicalUrl }: ArticlePage,
  readDate: ReadDate,
): Date | undefined {
  return (
    readDate(data.text(node, 'datePublished')) ??
    metadata.published ??
    readDate(data.text(node, 'dateCreated', 'uploadDate')) ??
    readDate(dateInAddress(canonicalUrl)?.toISOString().slice(0, 10)) ??
    readDate(data.text(node, 'dateModified')) ??
    metadata.modified
  )
}
