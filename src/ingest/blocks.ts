import type { BlockDraft, EmbedDraft, ImageDraft } from '../articles/draft.ts'
import { attribute, isElement, isText, type PageElement, type PageNode } from './dom.ts'
import { embedAt } from './embeds.ts'
import { readFigure, readImage } from './images.ts'
import { MAX_BLOCK_CHARACTERS } from './max.ts'
import { plain } from './text.ts'
import { furnitureOf, inline, TextBuilder, textOf } from './text-of.ts'

/** What a walk over a page's elements needs to know beside them. */
export interface Surroundings {
  /** Addresses of pictures are relative to this one. */
  address: string | null
  embeds: EmbedDraft[]
}

/**
 * The blocks inside an element, in reading order. Lists of links to other pages are left out, and so are
 * scripts, forms and what is hidden.
 */
export function blocksOf(root: PageElement, surroundings: Surroundings): BlockDraft[] {
  return placedBlocksOf(root, surroundings).map(({ block }) => block)
}

/** A block with its position, stored when it was read: the document may change later. */
export interface PlacedBlock {
  block: BlockDraft
  /** The element that directly holds it. */
  holder: PageElement
  /** That element and its parent by tag and class, without the numbers that classes count with. */
  kind: string
  /** The nearest `<article>` around it. */
  article: PageElement | undefined
  /** Whether a header, footer or aside holds it. */
  isAside: boolean
}

/** `blocksOf`, with the position of each block. */
export function placedBlocksOf(root: PageElement, surroundings: Surroundings): PlacedBlock[] {
  const walk = new Walk(surroundings, root)
  walk.enter(root)
  walk.flush()
  return withoutLinkLists(walk.placed)
}

type Place = Omit<PlacedBlock, 'block'>
type WalkedBlock = PlacedBlock & { isLink?: boolean }

class Walk {
  readonly placed: WalkedBlock[] = []
  private readonly surroundings: Surroundings
  private place: Place
  /** Text since the last block, and how much of it is the text of links. */
  private text = new TextBuilder()
  private linked = 0
  private links = 0
  private isInLink = false
  private breaks = 0
  /** Whether the walk is in a row of data, which is one paragraph. */
  private isInRow = false

  constructor(surroundings: Surroundings, root: PageElement) {
    this.surroundings = surroundings
    this.place = placeOf(root, undefined)
  }

  enter(node: PageNode): void {
    for (const child of node.childNodes) {
      if (isText(child)) this.addText(child.textContent ?? '')
      else if (isElement(child)) this.visit(child)
    }
  }

  flush(): void {
    const text = plain(this.text.text())
    const { linked, links } = this
    this.text = new TextBuilder()
    this.linked = 0
    this.links = 0
    this.breaks = 0
    if (text === '') return
    const embed = this.surroundings.embeds[embedAt(text) ?? -1]
    if (embed) {
      this.add({ kind: 'EMBED', embed })
      return
    }
    const isLink = linked >= text.length * 0.9 && !(text.length > 200 && /[.!?؟。]$/.test(text))
    if (isLink && (links !== 1 || this.place.holder.tagName.toUpperCase() !== 'P')) return
    for (const part of parted(text)) this.add({ kind: 'PARAGRAPH', text: part }, isLink)
  }

  private visit(element: PageElement): void {
    const tag = element.tagName.toUpperCase()
    if (ignored.has(tag) || isHidden(element)) return
    if (tag === 'BR') this.lineBreak()
    else if (/^H[1-6]$/.test(tag)) this.heading(element, Number(tag[1]))
    else if (tag === 'BLOCKQUOTE') this.quotation(element)
    else if (tag === 'FIGURE' || tag === 'AMP-IMG' || tag === 'IMG') this.picture(element, tag)
    else if (tag === 'SUP' || tag === 'SUB') this.text.raised(element, tag)
    else if (tag === 'A' && !this.isInLink) this.link(element)
    else if (tag === 'TD' || tag === 'TH') {
      this.text.boundary()
      this.enter(element)
      this.text.boundary()
    } else if (inline.has(tag) || tag === 'CENTER') this.enter(element)
    else this.block(element)
  }

  private link(element: PageElement): void {
    const { text } = this
    const before = text.mark()
    this.isInLink = true
    this.enter(element)
    this.isInLink = false
    if (text !== this.text) return
    const words = plain(text.since(before))
    this.linked += words.length
    if (words !== '') this.links += 1
  }

  private block(element: PageElement): void {
    if (this.isInRow) {
      this.text.boundary()
      this.enter(element)
      this.text.boundary()
      return
    }
    this.flush()
    const outer = this.place
    this.place = placeOf(element, outer)
    this.isInRow = isDataRow(element)
    this.enter(element)
    this.isInRow = false
    this.flush()
    this.place = outer
  }

  private add(block: BlockDraft, isLink = false): void {
    this.placed.push({ block, ...this.place, isLink })
  }

  private addText(text: string): void {
    if (text.trim() !== '') this.breaks = 0
    this.text.add(text)
  }

  private lineBreak(): void {
    this.breaks += 1
    if (this.breaks > 1 && !this.isInRow) this.flush()
    else this.text.boundary()
  }

  private heading(element: PageElement, level: number): void {
    this.flush()
    const text = furnitureOf(element)
    if (element.querySelector('img')) this.enter(element)
    else if (text !== '') this.add({ kind: 'HEADING', text, level: Math.max(2, level) as 2 | 3 | 4 | 5 | 6 })
  }

  /** A quotation of few paragraphs; a long one is the page's way to indent text. Who said it is printed below. */
  private quotation(element: PageElement): void {
    this.flush()
    if (element.querySelector('img, figure, blockquote') || [...element.querySelectorAll('p')].length > 4) {
      this.enter(element)
      this.flush()
      return
    }
    const source = sourceOf(element)
    const builder = new TextBuilder()
    builder.addChildren(element, source)
    const words = withoutQuotes(plain(builder.text()))
    const said = source ? textOf(source).replace(/^[\s–—-]+/u, '') : ''
    if (words !== '') this.add({ kind: 'QUOTATION', text: words, direct: true })
    if (said !== '') this.add({ kind: 'PARAGRAPH', text: said })
  }

  private picture(element: PageElement, tag: string): void {
    this.flush()
    const { address } = this.surroundings
    const image: ImageDraft | undefined =
      tag === 'FIGURE' ? readFigure(element, address) : readImage(element, address)
    if (image) this.add({ kind: 'IMAGE', image })
    else if (tag === 'FIGURE') this.enter(element)
  }
}

/** The element that ends a quotation and names its source: a `<cite>` or a `<footer>`. */
function sourceOf(quotation: PageElement): PageElement | undefined {
  const whole = textOf(quotation)
  return [...quotation.querySelectorAll('cite, footer')].slice(-3).find((source) => {
    const ending = textOf(source)
    return ending !== '' && ending !== whole && whole.endsWith(ending)
  })
}

/** A row of a table with data: two or more cells of short text. Cells of a layout hold whole parts of the page. */
function isDataRow(element: PageElement): boolean {
  if (element.tagName.toUpperCase() !== 'TR') return false
  const cells = [...element.children].filter(({ tagName }) => /^T[DH]$/i.test(tagName))
  if (cells.length < 2 || element.querySelector('table, h1, h2, h3, h4, h5, h6, blockquote, figure, img'))
    return false
  return cells.every((cell) => textOf(cell, MAX_CELL_CHARACTERS).length <= MAX_CELL_CHARACTERS)
}

const MAX_CELL_CHARACTERS = 300

function withoutQuotes(text: string): string {
  const start = text.search(/[^"“”„«»'‘\s]/u)
  let end = text.length
  while (end > start && /["“”«»'’\s]/u.test(text[end - 1]!)) end -= 1
  return start < 0 ? '' : text.slice(start, end)
}

/** A paragraph that is one link is part of a story; two in a row are a list of other stories. */
function withoutLinkLists(placed: WalkedBlock[]): PlacedBlock[] {
  return placed.filter(({ isLink }, i) => !isLink || !(placed[i - 1]?.isLink || placed[i + 1]?.isLink))
}

/** A text in parts that a block can hold, cut between words. */
function parted(text: string): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > MAX_BLOCK_CHARACTERS) {
    const space = rest.lastIndexOf(' ', MAX_BLOCK_CHARACTERS)
    const at = space > MAX_BLOCK_CHARACTERS / 2 ? space : MAX_BLOCK_CHARACTERS
    parts.push(rest.slice(0, at).trim())
    rest = rest.slice(at).trim()
  }
  return [...parts, rest].filter(Boolean)
}

function placeOf(holder: PageElement, outer: Place | undefined): Place {
  const tag = holder.tagName.toUpperCase()
  return {
    holder,
    kind: `${named(holder)} ${named(holder.parentElement)}`,
    article: tag === 'ARTICLE' ? holder : outer ? outer.article : (holder.closest('article') ?? undefined),
    isAside: /^(?:FOOTER|ASIDE|HEADER)$/.test(tag) || (outer?.isAside ?? false),
  }
}

function named(element: PageElement | null): string {
  if (!element) return ''
  return `${element.tagName}.${(element.getAttribute('class') ?? '')
    .slice(0, 200)
    .replace(/[\d\s]+/g, ' ')
    .trim()}`
}

function isHidden(element: PageElement): boolean {
  return (
    element.getAttribute('hidden') !== null ||
    attribute(element, 'aria-hidden') === 'true' ||
    /display:\s*none/i.test(attribute(element, 'style') ?? '')
  )
}

const ignored = new Set(
  'SCRIPT STYLE NOSCRIPT TEMPLATE BUTTON INPUT SELECT TEXTAREA NAV SVG IFRAME OBJECT VIDEO AUDIO FIGCAPTION FOOTER RT RP RTC CANVAS META LINK HEAD'.split(
    ' ',
  ),
)
