import { foldCharacter } from './letters.ts'

/**
 * Normalises a name or text for comparison: compatibility forms resolved, diacritics and tatweel removed,
 * letter variants of the Arabic script unified, digits European, case folded (dotted and dotless i are one
 * letter), everything except letters and digits as one space. Idempotent.
 */
export function normaliseName(text: string): string {
  return words(text)
    .map((word) => word.text)
    .join(' ')
}

/** `normaliseName` without case folding, for names that require their own capitals. */
export function normaliseCased(text: string): string {
  return words(text, true)
    .map((word) => word.text)
    .join(' ')
}

/** A word of a text: its normalised form, and its offsets in the original in UTF-16 code units. */
export interface Word {
  text: string
  start: number
  /** The offset after the word's last code unit, combining marks included. */
  end: number
  /** The offset of the word's second letter; `end` when it has only one. */
  second: number
}

/** Digits of footnotes, which stand directly after a name. */
const SUPERSCRIPT_DIGITS = /^[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]$/

/** The words of a text in order: the longest runs of letters and digits. */
export function words(text: string, keepCase = false): Word[] {
  const found: Word[] = []
  let word: Word | undefined
  let offset = 0
  for (const character of text) {
    const start = offset
    offset += character.length
    const folded = foldCharacter(character, keepCase)
    if (folded.kind === 'boundary' || SUPERSCRIPT_DIGITS.test(character)) word = undefined
    else if (folded.kind === 'mark') {
      if (word) word.end = offset
    } else if (folded.kind === 'letters') {
      if (!word) {
        word = { text: folded.text, start, end: offset, second: -1 }
        found.push(word)
      } else {
        if (word.second < 0) word.second = start
        word.text += folded.text
        word.end = offset
      }
    }
  }
  for (const each of found) if (each.second < 0) each.second = each.end
  return found
}

/** The script of most letters of a text, as an ISO 15924 code; "Zyyy" when it has none of a known script. */
export function scriptOf(text: string): string {
  let best = 'Zyyy'
  let most = 0
  for (const [code, letters] of scripts) {
    const count = text.match(letters)?.length ?? 0
    if (count > most) {
      best = code
      most = count
    }
  }
  return best
}

const scripts: [string, RegExp][] = [
  ['Latn', /\p{Script=Latin}/gu],
  ['Arab', /\p{Script=Arabic}/gu],
  ['Cyrl', /\p{Script=Cyrillic}/gu],
  ['Grek', /\p{Script=Greek}/gu],
  ['Hebr', /\p{Script=Hebrew}/gu],
  ['Armn', /\p{Script=Armenian}/gu],
  ['Geor', /\p{Script=Georgian}/gu],
  ['Syrc', /\p{Script=Syriac}/gu],
  ['Ethi', /\p{Script=Ethiopic}/gu],
  ['Deva', /\p{Script=Devanagari}/gu],
  ['Beng', /\p{Script=Bengali}/gu],
  ['Guru', /\p{Script=Gurmukhi}/gu],
  ['Gujr', /\p{Script=Gujarati}/gu],
  ['Taml', /\p{Script=Tamil}/gu],
  ['Telu', /\p{Script=Telugu}/gu],
  ['Knda', /\p{Script=Kannada}/gu],
  ['Mlym', /\p{Script=Malayalam}/gu],
  ['Sinh', /\p{Script=Sinhala}/gu],
  ['Thai', /\p{Script=Thai}/gu],
  ['Khmr', /\p{Script=Khmer}/gu],
  ['Mymr', /\p{Script=Myanmar}/gu],
  ['Hang', /\p{Script=Hangul}/gu],
  ['Jpan', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['Hani', /\p{Script=Han}/gu],
]
