import type { BlockDraft, EmbedDraft, ImageDraft } from '../article/draft.ts'
import { attribute, isElement, isText, type PageElement, type PageNode } from './dom.ts'
import { embedAt } from './embeds.ts'
import { readFigure, readImage } from './images.ts'
import { plain } from './text.ts'

/** What a walk over a page's elements needs to know beside them. */
export interface Surroundings {
  /** Addresses of pictures are relative to this one. */
  address: string | null
  embeds: EmbedDraft[]
}

/**
 * The blocks inside an element, in reading order. Paragraphs that are nothing but links to other
 * pages are left out, and so are scripts, forms and what is hidden.
 */
export function blocksOf(root: PageElement, surroundings: Surroundings): BlockDraft[] {
  return placedBlocksOf(root, surroundings).map(({ block }) => block)
}

/** A block with the element that directly holds it. */
export interface PlacedBlock {
  block: BlockDraft
  holder: PageElement
}

/** `blocksOf`, with where each block stands. */
export function placedBlocksOf(root: PageElement, surroundings: Surroundings): PlacedBlock[] {
  const walk = new Walk(surroundings, root)
  walk.enter(root)
  walk.flush()
  return walk.placed
}

class Walk {
  readonly placed: PlacedBlock[] = []
  private readonly surroundings: Surroundings
  private holder: PageElement
  /** Text since the last block, and how much of it is the text of links. */
  private text = ''
  private linked = 0
  private breaks = 0

  constructor(surroundings: Surroundings, root: PageElement) {
    this.surroundings = surroundings
    this.holder = root
  }

  enter(node: PageNode): void {
    for (const child of node.childNodes) {
      if (isText(child)) this.addText(child.textContent ?? '')
      else if (isElement(child)) this.visit(child)
    }
  }

  flush(): void {
    const text = plain(this.text)
    const linked = this.linked
    this.text = ''
    this.linked = 0
    this.breaks = 0
    if (text === '') return
    const embed = this.surroundings.embeds[embedAt(text) ?? -1]
    if (embed) this.add({ kind: 'EMBED', embed })
    else if (linked < text.length * 0.9 || (text.length > 200 && /[.!?؟。]$/.test(text))) {
      this.add({ kind: 'PARAGRAPH', text })
    }
  }

  private visit(element: PageElement): void {
    const tag = element.tagName.toUpperCase()
    if (ignored.has(tag) || isHidden(element)) return
    if (tag === 'BR') this.lineBreak()
    else if (/^H[1-6]$/.test(tag)) this.heading(element, Number(tag[1]))
    else if (tag === 'BLOCKQUOTE') this.quotation(element)
    else if (tag === 'FIGURE' || tag === 'AMP-IMG' || tag === 'IMG') this.picture(element, tag)
    else if (tag === 'A') {
      const before = this.text.length
      this.enter(element)
      this.linked += plain(this.text.slice(before)).length
    } else if (inline.has(tag)) this.enter(element)
    else {
      this.flush()
      const outer = this.holder
      this.holder = element
      this.enter(element)
      this.flush()
      this.holder = outer
    }
  }

  private add(block: BlockDraft): void {
    this.placed.push({ block, holder: this.holder })
  }

  private addText(text: string): void {
    if (text.trim() !== '') this.breaks = 0
    this.text += text
  }

  private lineBreak(): void {
    this.breaks += 1
    if (this.breaks > 1) this.flush()
    else this.text += ' '
  }

  private heading(element: PageElement, level: number): void {
    this.flush()
    const text = plain(element.textContent ?? '')
    if (element.querySelector('img')) this.enter(element)
    else if (text !== '') this.add({ kind: 'HEADING', text, level: Math.max(2, level) as 2 | 3 | 4 | 5 | 6 })
  }

  private quotation(element: PageElement): void {
    this.flush()
    if (element.querySelector('img, figure') || [...element.querySelectorAll('p')].length > 4) {
      this.enter(element)
      return
    }
    const text = plain(element.textContent ?? '')
    const words = text.replace(/^["“”„«»'‘]+|["“”«»'’]+$/gu, '').trim()
    if (words !== '') this.add({ kind: 'QUOTATION', text: words, direct: true })
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

function isHidden(element: PageElement): boolean {
  return (
    element.getAttribute('hidden') !== null ||
    attribute(element, 'aria-hidden') === 'true' ||
    /display:\s*none/i.test(attribute(element, 'style') ?? '')
  )
}

const ignored = new Set(
  'SCRIPT STYLE NOSCRIPT TEMPLATE BUTTON INPUT SELECT TEXTAREA NAV SVG IFRAME OBJECT VIDEO AUDIO FIGCAPTION FOOTER CANVAS META LINK HEAD'.split(
    ' ',
  ),
)

const inline = new Set(
  'A ABBR B BDI BDO CITE CODE DATA DEL DFN EM FONT I INS KBD MARK Q S SAMP SMALL SPAN STRONG STRIKE SUB SUP TIME U VAR WBR ACRONYM BIG CENTER NOBR TT TD TH'.split(
    ' ',
  ),
)
