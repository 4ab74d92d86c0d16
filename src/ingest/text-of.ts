import { isElement, type PageElement, type PageNode } from './dom.ts'
import { mathText } from './math.ts'
import { plain } from './text.ts'
import { Words } from './words.ts'

/**
 * Extracts text from elements. Words of different blocks, cells and list items are separated by a space, and so are
 * lines. The letters of one word stay together, even if the word consists of several elements.
 */

/** The text of an element, for storage: see `plain`. */
export function textOf(element: PageElement, maxCharacters = Number.POSITIVE_INFINITY): string {
  const builder = new TextBuilder({ apart: false, maxCharacters })
  builder.addChildren(element)
  return plain(builder.text())
}

/**
 * The same for text around an article: headings, captions, bylines, dates. There a `<span>`, a `<cite>` or the
 * second of two links is a separate part, which style sheets put on another line.
 */
export function labelTextOf(element: PageElement, maxCharacters = Number.POSITIVE_INFINITY): string {
  const builder = new TextBuilder({ apart: true, maxCharacters })
  builder.addChildren(element)
  return plain(builder.text())
}

/** Collects the text of nodes in reading order. */
export class TextBuilder extends Words {
  private readonly apart: boolean
  private readonly maxCharacters: number

  constructor({ apart = false, maxCharacters = Number.POSITIVE_INFINITY } = {}) {
    super()
    this.apart = apart
    this.maxCharacters = maxCharacters
  }

  addChildren(parent: PageNode, skip?: PageElement): void {
    let before: PageElement | undefined
    for (const child of parent.childNodes) {
      if (this.length > this.maxCharacters) return
      if (!isElement(child)) {
        if (child.nodeType === 3) this.add(child.textContent ?? '')
        if (child.nodeType === 3 && child.textContent !== '') before = undefined
      } else if (child !== skip) {
        if (this.apart && before && before.tagName === child.tagName) this.boundary()
        this.addElement(child, skip)
        before = child
      }
    }
  }

  /**
   * Adds an element whose text differs from the text of its children: raised and lowered text, formulas, deleted
   * text. False for other elements.
   */
  addSpecial(element: PageElement): boolean {
    const tag = element.tagName.toUpperCase()
    if (tag === 'SUP' || tag === 'SUB') this.raised(textOf(element), tag)
    else if (deleted.has(tag)) this.deleted(element.textContent ?? '')
    else if (tag === 'MATH') this.add(mathText(element))
    else return false
    return true
  }

  /** Adds what `addChildren` adds, between the quotation marks that browsers print around a `<q>`. */
  addQuotation(element: PageElement, addChildren: () => void): void {
    this.openQuotation(element.closest('[lang]')?.getAttribute('lang'))
    addChildren()
    this.closeQuotation()
  }

  private addElement(element: PageElement, skip?: PageElement): void {
    const tag = element.tagName.toUpperCase()
    if (withoutText.has(tag) || this.addSpecial(element)) return
    if (tag === 'Q') {
      this.addQuotation(element, () => this.addChildren(element, skip))
      return
    }
    const isApart = tag === 'BR' || !isInline(element) || (this.apart && parting.has(tag))
    if (isApart) this.boundary()
    this.addChildren(element, skip)
    if (isApart && isInline(element) && tag !== 'BR') this.boundaryUnlessPunctuation()
    else if (isApart) this.boundary()
  }
}

/** Whether an element is part of a line of text. */
export function isInline(element: PageElement): boolean {
  return inline.has(element.tagName.toUpperCase()) && !isDisplayedAsBlock(element)
}

/** Whether an element is an inline element that its style makes a block. */
export function isInlineAsBlock(element: PageElement): boolean {
  return inline.has(element.tagName.toUpperCase()) && isDisplayedAsBlock(element)
}

function isDisplayedAsBlock(element: PageElement): boolean {
  const style = (element.getAttribute('style') ?? '').slice(0, MAX_STYLE_CHARACTERS)
  return /(?:^|;)\s*display\s*:\s*(?!inline\b|contents|none|ruby)[a-z]/i.test(style)
}

const MAX_STYLE_CHARACTERS = 1_000

/** Elements inside a line of text. Table cells are not here: their words must be separated. */
const inline = new Set(
  'A ABBR B BDI BDO CITE CODE DATA DFN EM FONT I INS KBD LABEL MARK Q RUBY RB RT RP SAMP SMALL SPAN STRONG TIME TT U VAR WBR ACRONYM BIG NOBR'.split(
    ' ',
  ),
)

/** Elements that start a separate part in the text around an article. */
const parting = new Set('CITE DATA FONT LABEL SMALL SPAN TIME'.split(' '))

/** Elements without text of the article. The reading in `<ruby>` repeats the word. */
const withoutText = new Set('SCRIPT STYLE TEMPLATE NOSCRIPT HEAD SVG RT RP RTC'.split(' '))

/** Text that the publisher took back. */
const deleted = new Set(['DEL', 'S', 'STRIKE'])
