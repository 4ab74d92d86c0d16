import {
  HIDDEN,
  JOINING,
  kindOf,
  MODIFIER,
  PICTOGRAPH,
  SELECTOR,
  SHARED,
  SPACELESS,
  STACKED,
} from './characters.ts'

// Text that people hand in, in one form. Every step takes time in proportion to the text's length.

/** Nonspacing marks that one letter keeps: of any script, and of those that go with every script. */
const MAX_MARKS = 8
const MAX_SHARED_MARKS = 4

/** Joiners in a row that one emoji keeps; the longest in use, of four people, has three, and a spare. */
const MAX_EMOJI_JOINERS = 5

/**
 * Several lines of text: every kind of line break becomes a line feed. Direction controls, tag characters (but
 * for flags), noncharacters, other characters that only hide something, and stacks of marks are removed;
 * joiners stay where scripts and emoji need them. The result is in NFC and has no blanks around it.
 */
export function normaliseText(text: string): string {
  const lines = text.replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
  // Marks are bounded first: NFC sorts them, in time that grows with the square of their number.
  const bounded = strip(lines).replace(MARK_RUNS, '$1')
  const stripped = strip(bounded.normalize('NFC')).normalize('NFC')
  return trimBlanks(stripped.replace(LEADING_BLANKS, ''))
}

/** The same for one line, such as a name. */
export function normaliseLine(text: string): string {
  return normaliseText(text.replace(/[\s\p{Cc}]+/gu, ' '))
}

/** Whether a reader sees nothing: only white space, marks, and characters that are as empty. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text.replace(BLANKS, ''))
}

/** The text without blanks around it. */
export function trimBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && BLANK.test(text[from] as string)) from++
  while (to > from && BLANK.test(text[to - 1] as string)) to--
  return text.slice(from, to)
}

/** Without characters that nobody sees, for comparisons: those of one text and those of the other may differ. */
export function withoutInvisible(text: string): string {
  // Blanks first: some of them are ignorable too.
  return text.replace(BLANKS, ' ').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
}

/** Marks of any kind in a row, spacing ones too: far more than any script writes on one letter. */
const MARK_RUNS = /(\p{M}{30})\p{M}+/gu

/** A letter, digit, sign or picture. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Letters and signs that are drawn as nothing: fillers of Hangul, and the empty Braille pattern. */
export const BLANKS = /[\u115f\u1160\u3164\uffa0\u2800]/g
const BLANK = /[\s\u115f\u1160\u3164\uffa0\u2800\u200b\u2060]/
/** Blanks at the start, with the marks on them: without the blank, a mark would stand on nothing. */
const LEADING_BLANKS = /^[\s\u115f\u1160\u3164\uffa0\u2800\u200b\u2060\p{Mn}\p{Me}]+/u

/** A text without any of these characters needs no look at each of them. */
const REMARKABLE = /[\p{M}\p{Cf}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/u

/** The flags of England, Scotland and Wales are the only ones spelt with tag characters. */
const TAGS = /(\p{RGI_Emoji_Tag_Sequence})|[\u{e0000}-\u{e007f}]/gv

function strip(text: string): string {
  if (!REMARKABLE.test(text)) return text
  const writer = new Writer()
  let from = 0
  for (const { 0: match, 1: flag, index } of text.matchAll(TAGS)) {
    writer.add(text.slice(from, index))
    if (flag) writer.addWhole(flag)
    from = index + match.length
  }
  writer.add(text.slice(from))
  return writer.end()
}

/** Puts the characters together that stay, with what must be known of those before. */
class Writer {
  #out = ''
  /** The last character, and the last that is no mark. */
  #last = ''
  #base = ''
  #marks = 0
  #sharedMarks = 0
  #emojiJoiners = 0
  /** A joiner that stays if the next character needs it. */
  #joiner = ''

  add(text: string): void {
    for (const character of text) this.#addCharacter(character)
  }

  /** Adds what is known to be right. */
  addWhole(sequence: string): void {
    this.#flush(false)
    this.#out += sequence
    this.#begin('')
    this.#last = ''
  }

  end(): string {
    this.#flush(false)
    return this.#out
  }

  #addCharacter(character: string): void {
    if (character === ZWNJ || character === ZWJ) {
      if (this.#joiner === '') this.#joiner = character
      return
    }
    const kind = kindOf(character)
    if (kind & HIDDEN) return
    if (kind & SELECTOR) {
      if (this.#joiner === '' && isSelected(this.#last, character)) this.#put(character)
      return
    }
    if (character === ZWSP) {
      if (kindOf(this.#base) & SPACELESS) this.#put(character)
      return
    }
    if (kind & STACKED) this.#addMark(character, kind)
    else {
      this.#flush((kind & PICTOGRAPH) !== 0)
      if (!(kind & MODIFIER)) this.#begin(character)
      this.#out += character
      this.#last = character
    }
  }

  #addMark(mark: string, kind: number): void {
    if (this.#base === '' || this.#base === '\n') return
    const isShared = (kind & SHARED) !== 0
    if (this.#marks >= MAX_MARKS || (isShared && this.#sharedMarks >= MAX_SHARED_MARKS)) return
    this.#flush(false)
    this.#marks += 1
    if (isShared) this.#sharedMarks += 1
    this.#put(mark)
  }

  #put(character: string): void {
    this.#out += character
    this.#last = character
  }

  #begin(base: string): void {
    this.#base = base
    this.#marks = 0
    this.#sharedMarks = 0
  }

  /** Writes the joiner that waits, where it does something. */
  #flush(beforeEmoji: boolean): void {
    const joiner = this.#joiner
    this.#joiner = ''
    const base = kindOf(this.#base)
    if (base & JOINING) this.#out += joiner
    else if (joiner === ZWJ && beforeEmoji && base & PICTOGRAPH) {
      this.#emojiJoiners += 1
      if (this.#emojiJoiners <= MAX_EMOJI_JOINERS) this.#out += joiner
      return
    }
    this.#emojiJoiners = 0
  }
}

const ZWSP = '\u200b'
const ZWNJ = '\u200c'
const ZWJ = '\u200d'

/** Whether a selector picks a form of the character before it: emoji or text, a form of a Han or Mongolian letter. */
function isSelected(last: string, selector: string): boolean {
  if (selector === '\ufe0e' || selector === '\ufe0f') return /\p{Emoji}/u.test(last)
  if (/[\u180b-\u180f]/u.test(selector)) return /\p{Script=Mongolian}/u.test(last)
  return /\p{Script=Han}/u.test(last) || (selector < '\ufe03' && /[\p{Sm}\p{Script=Myanmar}]/u.test(last))
}
