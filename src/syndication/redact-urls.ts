import { escapeRegExp, mapStrings } from '../base/map-strings.ts'
import type { ArticleBlock, ArticleMention, LicensedArticle, LicensedImage } from './licensed-article.ts'

/** Removes URLs from all texts of an article. */
export function redactUrls(article: LicensedArticle, addresses: readonly string[]): LicensedArticle {
  // Schemes and hosts are case-insensitive (RFC 3986, 6.2.2.1).
  const forms = new RegExp(formsOf(addresses).map(escapeRegExp).join('|'), 'gi')
  const clean = (text: string) => strip(text, forms)
  const body = article.body.map((block) => withMentionsMoved(block, clean))
  return mapStrings({ ...article, body }, clean)
}

/** The longest form first: the rest of a URL without its scheme is still a URL. */
function formsOf(addresses: readonly string[]): string[] {
  const forms = addresses.flatMap((address) => {
    const written = [address, decodedForm(address), URL.parse(address)?.href ?? '']
    return [...written, ...written.map(bareForm)]
  })
  return [...new Set(forms)].filter(Boolean).sort((a, b) => b.length - a.length)
}

/** Without the scheme: "//cdn.example/a.jpg" shows the same image. */
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

/** Repeats until nothing matches: a removal can join two parts to a new match. */
function strip(text: string, forms: RegExp): string {
  for (let left = text; ; ) {
    const next = left.replace(forms, '')
    if (next === left) return next
    left = next
  }
}

/** Texts after a removed URL move; mentions that no longer match are dropped. */
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
