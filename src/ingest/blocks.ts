import type { BlockDraft, EmbedDraft, ImageDraft } from '../articles/draft.ts'
import { isDataRow, isSkipped } from './block-elements.ts'
import { type Place, type PlacedBlock, placeOf } from './block-place.ts'
import { isElement, isText, type PageElement, type PageNode } from './dom.ts'
import { embedAt } from './embeds.ts'
import { readFigure, readImage } from './images.ts'
import { MAX_BLOCK_CHARACTERS } from './page-limits.ts'
import { isQuotationItem, readFigureCaption, readQuotation } from './quotation.ts'
import { plain, splitText } from './text.ts'
import { isInline, isInlineAsBlock, labelTextOf, TextBuilder } from './text-of.ts'

export interface Surroundings {
  /** The address of the page, the base of relative addresses of images. */
  address: string | null
  embeds: EmbedDraft[]
}

/**
 * The blocks inside an element, in reading order, without lists of links to other pages, scripts, forms and
 * hidden elements.
 */
export function blocksOf(root: PageElement, surroundings: Surroundings): BlockDraft[] {
  return placedBlocksOf(root, surroundings).map(({ block }) => block)
}

/** `blocksOf`, with the position of each block. */
export function placedBlocksOf(root: PageElement, surroundings: Surroundings): PlacedBlock[] {
  const walk = new BlockWalk(surroundings, root)
  walk.enter(root)
  walk.flush()
  return withoutLinkLists(walk.placed)
}

type WalkedBlock = PlacedBlock & { isLink?: boolean }

/** Walks over the elements of a page and collects blocks. */
class BlockWalk {
  readonly placed: WalkedBlock[] = []
  private readonly surroundings: Surroundings
  private place: Place
  /** The text since the last block; how much of it is the text of links, and how many links. */
  private text = new TextBuilder()
  private linked = 0
  private links = 0
  private isInLink = false
  private breaks = 0
  /** Whether the walk is in a table row with data, which becomes one paragraph. */
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
    for (const part of splitText(text, MAX_BLOCK_CHARACTERS))
      this.add({ kind: 'PARAGRAPH', text: part }, isLink)
  }

  private visit(element: PageElement): void {
    const tag = element.tagName.toUpperCase()
    if (isSkipped(element) || this.text.addSpecial(element)) return
    if (tag === 'BR') this.lineBreak()
    else if (/^H[1-6]$/.test(tag)) this.heading(element, Number(tag[1]))
    else if (tag === 'BLOCKQUOTE') this.quotation(element)
    else if (tag === 'FIGURE' || tag === 'AMP-IMG' || tag === 'IMG') this.picture(element, tag)
    else if (tag === 'A' && !this.isInLink) this.link(element)
    else if (tag === 'Q') this.text.addQuotation(element, () => this.enter(element))
    else if (tag === 'TD' || tag === 'TH' || isInlineAsBlock(element)) {
      this.text.boundary()
      this.enter(element)
      this.text.boundary()
    } else if (isInline(element) || tag === 'CENTER') this.enter(element)
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
    const text = labelTextOf(element)
    if (element.querySelector('img')) this.enter(element)
    else if (text !== '') this.add({ kind: 'HEADING', text, level: Math.max(2, level) as 2 | 3 | 4 | 5 | 6 })
  }

  /** A quotation of few paragraphs, and its source as a paragraph. A longer `<blockquote>` is only indented text. */
  private quotation(element: PageElement): void {
    this.flush()
    if (element.querySelector('img, figure, blockquote') || [...element.querySelectorAll('p')].length > 4) {
      this.enter(element)
      this.flush()
      return
    }
    const { words, source } = readQuotation(element)
    if (words !== '') this.add({ kind: 'QUOTATION', text: words, direct: true })
    if (source !== '') this.add({ kind: 'PARAGRAPH', text: source })
  }

  private picture(element: PageElement, tag: string): void {
    this.flush()
    const { address } = this.surroundings
    const image: ImageDraft | undefined =
      tag === 'FIGURE' ? readFigure(element, address) : readImage(element, address)
    if (image) this.add({ kind: 'IMAGE', image })
    else if (tag === 'FIGURE') this.figureWithoutImage(element)
  }

  /** The content of a figure, and its caption as a paragraph: the source of a quotation, the caption of a table. */
  private figureWithoutImage(figure: PageElement): void {
    const caption = isQuotationItem(figure) ? undefined : readFigureCaption(figure)
    if (caption?.isBefore) this.add({ kind: 'PARAGRAPH', text: caption.text })
    this.enter(figure)
    this.flush()
    if (caption && !caption.isBefore) this.add({ kind: 'PARAGRAPH', text: caption.text })
  }
}

/** A single paragraph that is a link is part of the article; two in a row are a list of other articles. */
function withoutLinkLists(placed: WalkedBlock[]): PlacedBlock[] {
  return placed.filter(({ isLink }, i) => !isLink || !(placed[i - 1]?.isLink || placed[i + 1]?.isLink))
}
