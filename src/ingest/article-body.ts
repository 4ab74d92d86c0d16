import type { BlockDraft } from '../articles/draft.ts'
import { MAX_ARTICLE_BODY_CHARACTERS } from './page-limits.ts'
import { Substrings } from './substrings.ts'
import { plainFromHtml } from './text.ts'
import { textKey } from './text-key.ts'

// The `articleBody` in the JSON-LD of a page, compared with the blocks that were found in the page.

/** The paragraphs of an `articleBody`, which are separated by line breaks or tags. */
export function paragraphsOfArticleBody(articleBody: string | undefined): string[] {
  if (!articleBody) return []
  const lines = articleBody
    .slice(0, MAX_ARTICLE_BODY_CHARACTERS)
    .replace(/<(?:\/p|br|\/h\d|\/li|\/div|\/t[rdh])\b[^<>]*>/gi, '\n')
    .split(/\r?\n|\u2029/)
  return lines.map((line) => plainFromHtml(line)).filter((line) => /[\p{L}\p{N}]/u.test(line))
}

/**
 * Chooses by three measures: how much of the `articleBody` the found paragraphs contain, how much of them the
 * `articleBody` lacks, and the length of both. An `articleBody` is often only a teaser.
 */
export function chooseBody(found: BlockDraft[], given: string[], everything: BlockDraft[]): BlockDraft[] {
  const whole = new Substrings(textKey(given.join(' ')))
  const foundText = textLength(found)
  const shared = textLength(found.filter((block) => isIn(whole, block)))
  const teaser =
    whole.length < foundText * 0.5 || (/(?:…|\.\.\.)$/.test(given.at(-1)!) && whole.length < foundText)
  if (teaser || whole.length < 200) return foundText >= whole.length ? found : asParagraphs(given)
  if (shared >= whole.length * 0.85) {
    const excess = 1 - shared / foundText
    if (excess > 0.25) return between(found, whole)
    return shared >= whole.length * 0.95 ? trimmed(found, whole) : found
  }
  const anchored = between(everything, whole)
  const anchoredLength = textLength(anchored)
  if (anchoredLength >= whole.length * 0.85) return anchored
  if (given.length > 2 || whole.length < 800) return asParagraphs(given)
  // The `articleBody` is one line and differs from the printed text: prefer the paragraphs.
  return foundText >= whole.length * 0.7 ? found : asParagraphs(given)
}

/** The blocks from the first to the last that the `articleBody` contains. The others are not part of the article. */
function trimmed(blocks: BlockDraft[], whole: Substrings): BlockDraft[] {
  const inside = (block: BlockDraft) => isIn(whole, block)
  return blocks.slice(blocks.findIndex(inside), blocks.findLastIndex(inside) + 1)
}

/** The blocks whose words the `articleBody` contains, with the headings, images and posts between them. */
function between(blocks: BlockDraft[], whole: Substrings): BlockDraft[] {
  const inside = blocks.map((block) => isIn(whole, block))
  const first = inside.indexOf(true)
  const last = inside.lastIndexOf(true)
  return blocks.filter((block, i) => {
    if (i < first || i > last) return false
    if (!('text' in block)) return true
    return inside[i]
  })
}

function isIn(whole: Substrings, block: BlockDraft): boolean {
  return 'text' in block && textKey(block.text).length > 3 && whole.has(textKey(block.text))
}

function asParagraphs(given: string[]): BlockDraft[] {
  return given.map((text) => ({ kind: 'PARAGRAPH', text }))
}

function textLength(blocks: BlockDraft[]): number {
  return blocks.reduce((sum, block) => sum + ('text' in block ? textKey(block.text).length : 0), 0)
}
