import { escapeRegExp, mapStrings } from '../base/map-strings.ts'
import type { ArticleBlock, ArticleMention, LicensedArticle, LicensedImage } from './licensed-article.ts'

/** The same story with every text freed of addresses that must not be in it, wherever they stand. */
export function redactUrls(article: LicensedArticle, addresses: readonly string[]): LicensedArticle {
  // Schemes and hosts are the same in capitals (RFC 3986, 6.2.2.1).
  const forms = new RegExp(formsOf(addresses).map(escapeRegExp).join('|'), 'gi')
  const clean = (text: string) => strip(text, forms)
  const body = article.body.map((block) => withMentionsMoved(block, clean))
  return mapStrings({ ...article, body }, clean)
}

/** The longest first: what is left of an address without its scheme is still an address. */
function formsOf(addresses: readonly string[]): string[] {
  const forms = addresses.flatMap((address) => {
    const written = [address, decodedForm(address), URL.parse(address)?.href ?? '']
    return [...written, ...written.map(bareForm)]
  })
  return [...new Set(forms)].filter(Boolean).sort((a, b) => b.length - a.length)
}

/** Without "https:": "//cdn.example/a.jpg" shows the same picture, and so does what a reader can type. */
function bareForm(address: string): string {
  return address.replace(/^https?:\/\//i, '')
}

function decodedForm(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}

/** Until nothing is left to take: taking one out of the middle of another must not put that one together. */
function strip(text: string, forms: RegExp): string {
  for (let left = text; ; ) {
    const next = left.replace(forms, '')
    if (next === left) return next
    left = next
  }
}

/** What stood behind an address has moved; a mention that is not where it should be any more is none. */
function withMentionsMoved(
  block: ArticleBlock<LicensedImage>,
  clean: (text: string) => string,
): ArticleBlock<LicensedImage> {
  if (!('mentions' in block)) return block
  const text = clean(block.text)
  if (text === block.text) return block
  const mentions = block.mentions.flatMap((mention): ArticleMention[] => {
    const start = clean(block.text.slice(0, mention.start)).length
    const end = start + mention.surface.length
    return text.slice(start, end) === mention.surface ? [{ ...mention, start, end }] : []
  })
  return { ...block, text, mentions }
}
