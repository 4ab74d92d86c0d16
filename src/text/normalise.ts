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

// Normalises text that people submit. Every step takes time proportional to the text's length.

/** The most nonspacing marks per letter: of any script, and of those that are used with every script. */
const MAX_MARKS = 8
const MAX_SHARED_MARKS = 4

/** The most joiners per emoji; the longest in use has three. */
const MAX_EMOJI_JOINERS = 5

/**
 * Normalises text with several lines: every kind of line break becomes a line feed. Direction controls, tag
 * characters (except in flags), noncharacters, other hidden characters, and excessive marks are removed;
 * joiners stay where scripts and emoji need them. The result is in NFC and has no surrounding blanks.
 */
export function normaliseText(text: string): string {
  const lines = text.replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, '\n')
  // Marks are limited first: NFC sorts them in quadratic time.
  const bounded = strip(lines).replace(MARK_RUNS, '$1')
  const stripped = strip(bounded.normalize('NFC')).normalize('NFC')
  return trimBlanks(stripped.replace(LEADING_BLANKS, ''))
}

/** Normalises one line, such as a name. */
export function normaliseLine(text: string): string {
  return normaliseText(text.replace(/[\s\p{Cc}]+/gu, ' '))
}

/** Whether a text has no visible characters. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text.replace(BLANKS, ''))
}

/** The text without surrounding blanks. */
export function trimBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && BLANK.test(text[from] as string)) from++
  while (to > from && BLANK.test(text[to - 1] as string)) to--
  return text.slice(from, to)
}

/** Removes invisible characters, for comparisons. */
export function withoutInvisible(text: string): string {
  // Blanks first: some of them are ignorable too.
  return text.replace(BLANKS, ' ').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
}

/** A run of marks of any kind, longer than any script uses on one letter. */
const MARK_RUNS = /(\p{M}{30})\p{M}+/gu

/** A letter, digit, sign or picture. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Letters and symbols without a glyph: Hangul fillers, and the empty Braille pattern. */
export const BLANKS = /[\u115f\u1160\u3164\uffa0\u2800]/g
const BLANK = /[\s\u115f\u1160\u3164\uffa0\u2800\u200b\u2060]/
/** Leading blanks with their marks: without the blank, a mark would have no base. */
const LEADING_BLANKS = /^[\s\u115f\u1160\u3164\uffa0\u2800\u200b\u2060\p{Mn}\p{Me}]+/u

/** Characters that need the detailed check; other texts skip it. */
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

/** Writes the characters that are kept, and tracks what precedes them. */
class Writer {
  #out = ''
  /** The last character, and the last that is not a mark. */
  #last = ''
  #base = ''
  #marks = 0
  #sharedMarks = 0
  #emojiJoiners = 0
  /** A joiner that is kept if the next character needs it. */
  #joiner = ''

  add(text: string): void {
    for (const character of text) this.#addCharacter(character)
  }

  /** Adds a sequence that is known to be valid. */
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

  /** Writes the pending joiner if it has an effect. */
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

/** Whether a variation selector applies to the character before it: emoji, Han or Mongolian. */
function isSelected(last: string, selector: string): boolean {
  if (selector === '\ufe0e' || selector === '\ufe0f') return /\p{Emoji}/u.test(last)
  if (/[\u180b-\u180f]/u.test(selector)) return /\p{Script=Mongolian}/u.test(last)
  return /\p{Script=Han}/u.test(last) || (selector < '\ufe03' && /[\p{Sm}\p{Script=Myanmar}]/u.test(last))
}
