import { quotationMarksOf } from './quotation-marks.ts'
import { raisedText } from './raised.ts'

/**
 * Collects pieces of text in reading order, and decides where a word ends: at blocks, at raised text that does not
 * belong to the word, at quotations and at deleted words.
 */
export class Words {
  protected readonly parts: string[] = []
  length = 0
  /** A space must follow, unless the following text starts like this. */
  private spaceUnless: RegExp | undefined
  private followsDeletion = false
  /** The quotations that are open: their closing marks, empty if the text has its own. */
  private readonly closingMarks: string[] = []
  /** The opening mark of a quotation whose text has not started. */
  private openingMark: string | undefined

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
    if (this.spaceUnless && !this.spaceUnless.test(text)) this.push(' ')
    this.spaceUnless = undefined
    if (this.followsDeletion && punctuation.test(text)) this.trimEnd()
    this.followsDeletion = false
    if (this.openingMark === undefined) this.push(text)
    else if (text.trim() !== '') this.startQuotation(text.trimStart())
  }

  /** Ends the word: the following text is another one. */
  boundary(): void {
    this.spaceUnless = undefined
    if (this.parts.at(-1) !== ' ') this.add(' ')
  }

  /** Ends the word, but a comma or a full stop that follows belongs to it. */
  boundaryUnlessPunctuation(): void {
    if (/\S$/u.test(this.lastCharacters())) this.spaceUnless = punctuation
  }

  /** The plain text of a `<sup>` or `<sub>`. */
  raised(inner: string, tag: 'SUP' | 'SUB'): void {
    const joined = raisedText(this.lastCharacters(), inner, tag)
    if (joined !== undefined) {
      this.add(joined)
      return
    }
    this.boundary()
    this.add(inner)
    this.spaceUnless = continues
  }

  /** Deleted text is left out. One or two characters were part of a word, which stays together. */
  deleted(text: string): void {
    if (!/\s/.test(text) && text.length <= 2) return
    this.followsDeletion = true
    if (/\S$/u.test(this.lastCharacters())) this.spaceUnless = continues
  }

  openQuotation(language: string | null | undefined): void {
    if (this.openingMark !== undefined) this.startQuotation('')
    const [open, close] = quotationMarksOf(language)[this.closingMarks.length % 2]!
    if (this.spaceUnless || (open < '\u3000' && wordEnd.test(this.lastCharacters()))) this.boundary()
    this.openingMark = open
    this.closingMarks.push(close)
  }

  closeQuotation(): void {
    const close = this.closingMarks.pop()
    const isEmpty = this.openingMark !== undefined
    this.openingMark = undefined
    if (!close || isEmpty) return
    this.trimEnd()
    this.push(close)
    this.spaceUnless = continues
  }

  private startQuotation(text: string): void {
    const open = this.openingMark!
    this.openingMark = undefined
    if (/^["“”„«»‘‹「『]/u.test(text)) this.closingMarks[this.closingMarks.length - 1] = ''
    else this.push(open)
    if (text !== '') this.push(text)
  }

  private trimEnd(): void {
    const last = this.parts.length - 1
    if (last >= 0) this.parts[last] = this.parts[last]!.trimEnd()
  }

  private push(text: string): void {
    this.parts.push(text)
    this.length += text.length
  }

  private lastCharacters(): string {
    let text = ''
    for (let i = this.parts.length - 1; i >= 0 && text.length < 8; i -= 1)
      text = this.parts[i]!.slice(-8) + text
    return text.slice(-8)
  }
}

const punctuation = /^[\s,.;:!?)\]…،؛؟]/u

/** Text before which there is no space after raised text and quotations: closing punctuation, and scripts without spaces between words. */
const continues =
  /^[\s,.;:!?%)\]}”’"'»›…،؛؟。、，」』⁄∕/\-–—\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/** Text that an opening quotation mark must not touch. An apostrophe is no end: "l’« urgence »". */
const wordEnd = /[\p{L}\p{M}\p{N},.;:!?%)\]}»”]$/u
