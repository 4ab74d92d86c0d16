import { isElement, type PageElement, type PageNode } from './dom.ts'
import { plain, raisedDigits } from './text.ts'

/**
 * Extracts text from elements. Words of different blocks, cells and list items are separated by a space, and so are
 * lines. The letters of one word stay together, also if the word consists of several elements.
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
export class TextBuilder {
  private readonly parts: string[] = []
  private readonly apart: boolean
  private readonly maxCharacters: number
  length = 0

  constructor({ apart = false, maxCharacters = Number.POSITIVE_INFINITY } = {}) {
    this.apart = apart
    this.maxCharacters = maxCharacters
  }

  text(): string {
    return this.parts.join('')
  }

  /** A position in the text, for `since`. */
  mark(): number {
    return this.parts.length
  }

  since(mark: number): string {
    return this.parts.slice(mark).join('')
  }

  add(text: string): void {
    if (text === '') return
    this.parts.push(text)
    this.length += text.length
  }

  /** Ends the word: the following text is another one. */
  boundary(): void {
    if (this.parts.at(-1) !== ' ') this.add(' ')
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

  private addElement(element: PageElement, skip?: PageElement): void {
    const tag = element.tagName.toUpperCase()
    if (withoutText.has(tag)) return
    if (tag === 'SUP' || tag === 'SUB') {
      this.raised(element, tag)
      return
    }
    const isApart = tag === 'BR' || !inline.has(tag) || (this.apart && parting.has(tag))
    if (isApart) this.boundary()
    this.addChildren(element, skip)
    if (isApart) this.boundary()
  }

  /** `10<sup>th</sup>`, `m<sup>2</sup>` and `CO<sub>2</sub>` are one word; letters and signs after a word are not. */
  raised(element: PageElement, tag: 'SUP' | 'SUB'): void {
    const inner = textOf(element)
    const before = this.lastCharacters()
    if (tag === 'SUB' && /^[\p{L}\p{N}+-]{1,3}$/u.test(inner) && /[\p{L}\p{N})\]]$/u.test(before))
      this.add(inner)
    else if (tag === 'SUP' && isOrdinal(before, inner)) this.add(inner)
    else if (tag === 'SUP' && isPower(before, inner)) {
      this.add(raisedDigits(inner))
    } else {
      this.boundary()
      this.add(inner)
      this.boundary()
    }
  }

  private lastCharacters(): string {
    let text = ''
    for (let i = this.parts.length - 1; i >= 0 && text.length < 8; i -= 1)
      text = this.parts[i]!.slice(-8) + text
    return text.slice(-8)
  }
}

function isOrdinal(before: string, inner: string): boolean {
  return /^\p{Ll}{1,4}\.?$|^[ªº]$/u.test(inner) && /(?:\d|\b[IVXLC]+|\b(?:M|D|n|N))$/u.test(before)
}

/** A power, `mc<sup>2</sup>`, or a footnote: superscript digits have the same meaning and do not change the word. */
function isPower(before: string, inner: string): boolean {
  return /^[+\-−]?\d{1,3}$/.test(inner) && /[^\s\p{Cf}]$/u.test(before)
}

/** Elements inside a line of text. Table cells are not here: their words must be separated. */
export const inline = new Set(
  'A ABBR B BDI BDO CITE CODE DATA DEL DFN EM FONT I INS KBD LABEL MARK Q RUBY RB RT RP S SAMP SMALL SPAN STRONG STRIKE SUB SUP TIME TT U VAR WBR ACRONYM BIG NOBR'.split(
    ' ',
  ),
)

/** Elements that start a separate part in the text around an article. */
const parting = new Set('CITE DATA FONT LABEL SMALL SPAN TIME'.split(' '))

/** Elements without text of the article. The reading in `<ruby>` repeats the word. */
const withoutText = new Set('SCRIPT STYLE TEMPLATE NOSCRIPT HEAD SVG RT RP RTC'.split(' '))
