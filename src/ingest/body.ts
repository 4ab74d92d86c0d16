import { Readability } from '@mozilla/readability'
import type { BlockDraft, ImageDraft } from '../articles/draft.ts'
import { blocksOf, placedBlocksOf } from './blocks.ts'
import { type PageDocument, type PageElement, parseDocument } from './dom.ts'
import { embedAt, extractEmbeds } from './embeds.ts'
import { pictureName } from './images.ts'
import { removeJunk } from './junk.ts'
import {
  MAX_ARTICLE_BODY_CHARACTERS,
  MAX_ATTRIBUTE_CHARACTERS,
  MAX_READABLE_DEPTHS,
  MAX_READABLE_ELEMENTS,
} from './max.ts'
import { completed } from './prose.ts'
import { withoutRepeatedRuns } from './repeats.ts'
import { Substrings } from './substrings.ts'
import { plain, plainFromHtml } from './text.ts'

interface StoryPage {
  address: string | null
  headline: string
  articleBody: string | undefined
  leadImage: ImageDraft | undefined
  /** The byline as the page prints it. */
  byline: string | undefined
}

/**
 * The body of an article: the paragraphs that Readability finds, compared with the `articleBody` in the page's
 * JSON-LD, if there is one. Returns the more complete and better structured of the two.
 */
export function readBody(html: string, page: StoryPage): BlockDraft[] {
  const document = parseDocument(html)
  removeJunk(document)
  keepSources(document)
  const surroundings = { address: page.address, embeds: extractEmbeds(document) }
  // Readability changes the document, so the whole page is read before it.
  const whole = document.body ? placedBlocksOf(document.body, surroundings) : []
  const content = readable(document)
  const found = tidy(completed(content ? blocksOf(content, surroundings) : [], whole), page)
  const given = givenParagraphs(page.articleBody)
  if (given.length === 0) return withoutRepeatedRuns(found)
  const everything = tidy(
    whole.map(({ block }) => block),
    page,
  )
  return withoutRepeatedRuns(choose(found, given, everything))
}

/** Readability drops every `<footer>`, also one that names the source of a quotation. */
function keepSources(document: PageDocument): void {
  for (const footer of [...document.querySelectorAll('blockquote footer')]) {
    const source = document.createElement('cite')
    source.append(...footer.childNodes)
    footer.replaceWith(source)
  }
}

/** The article that Readability finds; undefined if it finds none, or if the page is so large or deep that it takes seconds. */
function readable(document: PageDocument): PageElement | undefined {
  if (!isReadable(document)) return undefined
  // The declarations require the browser's Document; linkedom's is compatible.
  const reader = new Readability<PageElement>(document as never, {
    serializer: (node) => node as never,
    disableJSONLD: true,
    charThreshold: 350,
  })
  return reader.parse()?.content ?? undefined
}

function dropLongAttributes(element: PageElement): void {
  for (const name of element.getAttributeNames()) {
    if ((element.getAttribute(name)?.length ?? 0) > MAX_ATTRIBUTE_CHARACTERS) element.removeAttribute(name)
  }
}

function isReadable({ documentElement }: PageDocument): boolean {
  let elements = 0
  let depths = 0
  const count = (element: PageElement, depth: number): void => {
    elements += 1
    depths += depth
    dropLongAttributes(element)
    for (const child of element.children) count(child, depth + 1)
  }
  count(documentElement, 1)
  return elements <= MAX_READABLE_ELEMENTS && depths <= MAX_READABLE_DEPTHS
}

/** The paragraphs of an `articleBody`: its lines, or what its tags separate. */
function givenParagraphs(articleBody: string | undefined): string[] {
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
function choose(found: BlockDraft[], given: string[], everything: BlockDraft[]): BlockDraft[] {
  const whole = new Substrings(key(given.join(' ')))
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

/** The blocks from the first to the last that the `articleBody` contains. Blocks outside are not part of the article. */
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
  return 'text' in block && key(block.text).length > 3 && whole.has(key(block.text))
}

function asParagraphs(given: string[]): BlockDraft[] {
  return given.map((text) => ({ kind: 'PARAGRAPH', text }))
}

function textLength(blocks: BlockDraft[]): number {
  return blocks.reduce((sum, block) => sum + ('text' in block ? key(block.text).length : 0), 0)
}

/** Letters and digits only, in their plain forms, so that spacing, quotes and dashes make no difference. */
function key(text: string): string {
  return text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => digit.normalize('NFKC'))
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
}

/** Drops what is printed elsewhere (headline, lead image), pull quotes, advertisements' labels and dangling headings. */
function tidy(
  blocks: BlockDraft[],
  page: Pick<StoryPage, 'headline' | 'leadImage' | 'byline'>,
): BlockDraft[] {
  const headline = key(page.headline)
  const prose = new Substrings(
    blocks.flatMap((block) => (block.kind === 'PARAGRAPH' ? [key(block.text)] : [])).join(' '),
  )
  const byline = key(page.byline ?? '')
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
      (isCaption(text, page.leadImage) || (i < start && (isDateLine(block.text) || text === byline)))
    )
      return false
    if (block.kind === 'QUOTATION') return !prose.has(text)
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

/** "12 March 2024, 08:05 • 2 minutes": the time of publication, printed above the article. */
function isDateLine(text: string): boolean {
  return (
    text.length < 70 &&
    /(?:^|\D)(?:(?:19|20)\d\d|\d{1,2}[:.]\d\d)(?:\D|$)/.test(text) &&
    !/[.!?؟]["”»]?$/.test(text)
  )
}

const furniture =
  /^(?:advertis?ements?|story continues below(?: this)? advertisement|article continues (?:below|after)[\w ]*|werbung|anzeige|publicidad|publicité|pubblicità|reklama?|реклама|إعلان|\*|share(?: this(?: article)?)?|read more|please follow and like us|all rights reserved|[©ⓒ].{0,80}|copyright .{0,80}|riproduzione riservata|[\s•·*–—-]+)[.:]?$/iu
