import type { ArticlePage } from './article-page.ts'
import { isListPage, isSectionPage } from './list-pages.ts'

/** Why a page contains no article. */
export interface Unreadable {
  reason:
    | 'FRONT_PAGE'
    | 'CONSENT'
    | 'NOT_AN_ARTICLE'
    | 'PAYWALL'
    | 'NO_HEADLINE'
    | 'NO_DATE'
    | 'NO_ADDRESS'
    | 'TOO_COMPLEX'
  /** One sentence for the user. */
  message: string
}

export function unreadable(reason: Unreadable['reason'], message: string): Unreadable {
  return { reason, message }
}

/** Why a page is no article by its URL: a consent page, a front page, a section. Undefined if it may be one. */
export function refusalByAddress({ canonicalUrl, node, metadata }: ArticlePage): Unreadable | undefined {
  const url = new URL(canonicalUrl)
  if (/^(?:consent|guce|myprivacy|privacy)\./.test(url.hostname)) {
    return unreadable('CONSENT', 'This is a consent page, not the article.')
  }
  if (!isListPage(url)) return undefined
  const kind = isSectionPage(url) ? 'the URL of a section' : 'the URL of its front page'
  if (node && metadata.type === 'article') {
    return unreadable(
      'NO_ADDRESS',
      `The canonical URL of the page is ${kind}, ${canonicalUrl}. Import the page from the URL of the article.`,
    )
  }
  return unreadable(
    'FRONT_PAGE',
    isSectionPage(url) ? 'This is a section, not an article.' : 'This is a front page, not an article.',
  )
}

/** Why a page is no article by its text: a consent page, a paywall, too little text. Undefined if it is one. */
export function refusalByText(
  { document, data, node, metadata }: ArticlePage,
  { headline, text }: { headline: string; text: string },
): Unreadable | undefined {
  const letters = text.replace(/[^\p{L}\p{N}]/gu, '').length
  const claimed = node !== undefined || metadata.type === 'article'
  if (/\b(?:consent|cookies|before you continue)\b/i.test(headline) && letters < 3000 && !node) {
    return unreadable('CONSENT', 'This is a consent page, not the article.')
  }
  const dense = /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/.test(text)
  if (letters >= (claimed ? 80 : 250) / (dense ? 3 : 1)) return undefined
  const paid =
    /false/i.test(data.text(node, 'isAccessibleForFree') ?? String(node?.isAccessibleForFree ?? '')) ||
    document.querySelector('[class*="paywall"], [id*="paywall"]') !== null
  if (paid)
    return unreadable('PAYWALL', 'The page contains only part of the article: the rest is behind a paywall.')
  return unreadable('NOT_AN_ARTICLE', 'The page contains no article text.')
}
