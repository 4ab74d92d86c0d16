import { Readability } from '@mozilla/readability'
import type { BlockDraft, ImageDraft } from '../article/draft.ts'
import { blocksOf, type PlacedBlock, placedBlocksOf } from './blocks.ts'
import { type PageElement, parseDocument } from './dom.ts'
import { embedAt, extractEmbeds } from './embeds.ts'
import { pictureName } from './images.ts'
import { removeJunk } from './junk.ts'
import { completed } from './prose.ts'
import { plain, plainFromHtml } from './text.ts'

/**
 * The body of a story: paragraphs as Readability finds them, checked against the body that the page's
 * own JSON-LD gives, where it gives one. Whichever is more complete and better structured is taken.
 */
export function readBody(
  html: string,
  page: {
    address: string | null
    headline: string
    articleBody: string | undefined
    leadImage: ImageDraft | undefined
  },
): BlockDraft[] {
  const whole = wholePage(html, page.address)
  const found = tidy(completed(readable(html, page.address), whole), page)
  const given = givenParagraphs(page.articleBody)
  if (given.length === 0) return found
  const everything = tidy(
    whole.map(({ block }) => block),
    page,
  )
  return choose(found, given, everything)
}

function readable(html: string, address: string | null): BlockDraft[] {
  const document = parseDocument(html)
  removeJunk(document)
  const embeds = extractEmbeds(document)
  // The declarations name the browser's Document, which linkedom's stands in for.
  const reader = new Readability<PageElement>(document as never, {
    serializer: (node) => node as never,
    disableJSONLD: true,
    charThreshold: 350,
  })
  const content = reader.parse()?.content
  return content ? blocksOf(content, { address, embeds }) : []
}

function wholePage(html: string, address: string | null): PlacedBlock[] {
  const document = parseDocument(html)
  removeJunk(document)
  const embeds = extractEmbeds(document)
  return document.body ? placedBlocksOf(document.body, { address, embeds }) : []
}

/** The paragraphs of an `articleBody`: its lines, or what its tags separate. */
function givenParagraphs(articleBody: string | undefined): string[] {
  if (!articleBody) return []
  const lines = articleBody.replace(/<(?:\/p|br|\/h\d|\/li|\/div)\b[^>]*>/gi, '\n').split(/\r?\n|\u2029/)
  return lines.map(plainFromHtml).filter((line) => /[\p{L}\p{N}]/u.test(line))
}

/**
 * Chooses by three measures: how much of the given body the found paragraphs hold, how much of what was
 * found the given body lacks, and how long both are. An `articleBody` is often only a teaser.
 */
function choose(found: BlockDraft[], given: string[], everything: BlockDraft[]): BlockDraft[] {
  const whole = key(given.join(' '))
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
  // A body flattened to one line that the page prints in other words: paragraphs are worth more.
  return foundText >= whole.length * 0.7 ? found : asParagraphs(given)
}

/** The blocks from the first to the last that the given body has: what stands outside is not of the story. */
function trimmed(blocks: BlockDraft[], whole: string): BlockDraft[] {
  const inside = (block: BlockDraft) => isIn(whole, block)
  return blocks.slice(blocks.findIndex(inside), blocks.findLastIndex(inside) + 1)
}

/** The blocks whose words the given body has, with the headings, pictures and posts that stand among them. */
function between(blocks: BlockDraft[], whole: string): BlockDraft[] {
  const seen = new Set<string>()
  const inside = blocks.map((block) => isIn(whole, block))
  const first = inside.indexOf(true)
  const last = inside.lastIndexOf(true)
  return blocks.filter((block, i) => {
    if (i < first || i > last) return false
    if (!('text' in block)) return true
    if (!inside[i] || seen.has(key(block.text))) return false
    seen.add(key(block.text))
    return true
  })
}

function isIn(whole: string, block: BlockDraft): boolean {
  return 'text' in block && key(block.text).length > 3 && whole.includes(key(block.text))
}

function asParagraphs(given: string[]): BlockDraft[] {
  return given.map((text) => ({ kind: 'PARAGRAPH', text }))
}

function textLength(blocks: BlockDraft[]): number {
  return blocks.reduce((sum, block) => sum + ('text' in block ? key(block.text).length : 0), 0)
}

/** Letters and digits only, so that spacing, quotes and dashes make no difference. */
function key(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
}

/** Drops what is printed elsewhere (headline, lead image), pull quotes, advertisements' labels and dangling headings. */
function tidy(
  blocks: BlockDraft[],
  page: { headline: string; leadImage: ImageDraft | undefined },
): BlockDraft[] {
  const headline = key(page.headline)
  const prose = blocks.filter((block) => block.kind === 'PARAGRAPH').map((block) => key(block.text))
  const pictures = new Set(page.leadImage ? [pictureName(page.leadImage.url)] : [])
  const start = blocks.findIndex((block) => block.kind === 'PARAGRAPH' && block.text.length >= 80)
  const kept = blocks.filter((block, i) => {
    if (block.kind === 'EMBED') return true
    if (block.kind === 'IMAGE') {
      const name = pictureName(block.image.url)
      return !pictures.has(name) && pictures.add(name)
    }
    const text = key(block.text)
    if (text === '' || embedAt(block.text) !== undefined || furniture.test(plain(block.text))) return false
    if (
      block.kind === 'PARAGRAPH' &&
      (isCaption(text, page.leadImage) || (i < start && isDateLine(block.text)))
    )
      return false
    if (block.kind === 'QUOTATION') return !prose.some((paragraph) => paragraph.includes(text))
    return block.kind === 'PARAGRAPH' || text !== headline
  })
  while (kept.at(-1)?.kind === 'HEADING') kept.pop()
  return kept.filter((block, i) => !(block.kind === 'HEADING' && kept[i + 1]?.kind === 'HEADING' && i === 0))
}

/** Whether a text, by its key, is the caption of the lead image, alone or with its credit. */
function isCaption(text: string, image: ImageDraft | undefined): boolean {
  const caption = key(image?.caption ?? '')
  return (
    caption !== '' &&
    text.startsWith(caption) &&
    text.length <= caption.length + key(image?.credit ?? '').length + 12
  )
}

/** "12 March 2024, 08:05 • 2 minutes": when a story was published, printed above it. */
function isDateLine(text: string): boolean {
  return (
    text.length < 70 &&
    /(?:^|\D)(?:(?:19|20)\d\d|\d{1,2}[:.]\d\d)(?:\D|$)/.test(text) &&
    !/[.!?؟]["”»]?$/.test(text)
  )
}

const furniture =
  /^(?:advertis?ements?|story continues below(?: this)? advertisement|article continues (?:below|after)[\w ]*|werbung|anzeige|publicidad|publicité|pubblicità|reklama?|реклама|إعلان|\*|share(?: this(?: article)?)?|read more|please follow and like us|all rights reserved|[©ⓒ].{0,80}|copyright .{0,80}|riproduzione riservata|[\s•·*–—-]+)[.:]?$/iu
