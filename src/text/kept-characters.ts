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

/** The most nonspacing marks per letter: of any script, and of those that are used with every script. */
const MAX_MARKS = 8
const MAX_SHARED_MARKS = 4

/** The most joiners per emoji; the longest in use has three. */
const MAX_EMOJI_JOINERS = 5

/**
 * Writes the characters of a text that normalisation keeps: at most a few marks per letter, and joiners and
 * variation selectors only after characters that use them.
 */
export class KeptCharacters {
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
