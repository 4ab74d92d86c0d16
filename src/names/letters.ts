import { BoundedMap } from '../base/bounded-map.ts'

/**
 * A character for the comparison of names: its letters and digits, a word boundary, or nothing when it only
 * decorates another character.
 */
export type Folded =
  | { kind: 'letters'; text: string }
  | { kind: 'boundary' }
  | { kind: 'mark' }
  | { kind: 'invisible' }

/**
 * Folds one code point: compatibility forms, diacritics, letter variants of Arabic, Persian and
 * Kurdish, digits of any script in common use and, unless `keepCase`, upper and lower case.
 */
export function foldCharacter(character: string, keepCase = false): Folded {
  const cache = keepCase ? foldedCharacters.cased : foldedCharacters.caseless
  const known = cache.get(character)
  if (known) return known
  const folded = fold(character, keepCase)
  cache.set(character, folded)
  return folded
}

/** More than the letters of a newsroom's languages, and far fewer than all code points. */
const MAX_FOLDED = 10_000

/** Cached results. */
export const foldedCharacters = {
  cased: new BoundedMap<string, Folded>(MAX_FOLDED),
  caseless: new BoundedMap<string, Folded>(MAX_FOLDED),
}

function fold(character: string, keepCase: boolean): Folded {
  if (strippedMark.test(character)) return { kind: 'mark' }
  if (invisible.test(character)) return { kind: 'invisible' }
  const cased = keepCase ? character : character.toUpperCase().toLowerCase()
  const text = [...cased.normalize('NFKD')].map((letter) => foldLetter(letter, keepCase)).join('')
  return /^[\p{L}\p{M}\p{N}]+$/u.test(text) ? { kind: 'letters', text } : { kind: 'boundary' }
}

function foldLetter(letter: string, keepCase: boolean): string {
  if (strippedMark.test(letter) || invisible.test(letter)) return ''
  const variant = variants.get(letter)
  if (variant) return keepCase && letter === letter.toUpperCase() ? variant.toUpperCase() : variant
  const lowerVariant = variants.get(letter.toLowerCase())
  if (lowerVariant) return keepCase ? lowerVariant.toUpperCase() : lowerVariant
  const zero = zeros.find((start) => letter >= start && letter <= nine(start))
  if (zero) return String(letter.codePointAt(0)! - zero.codePointAt(0)!)
  return keepCase ? letter : letter.toUpperCase().toLowerCase()
}

/**
 * Marks that decorate letters of these scripts, and tatweel. In other scripts (Devanagari, Thai, kana) marks
 * are letters.
 */
const strippedMark =
  /(?=\p{M})(?![\u3099\u309a])[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]|\u0640/u

/** Format characters, including joiners, and the half rings used for ayn and hamza. */
const invisible = /[\p{Cf}\u02be\u02bf]/u

const variants = new Map(
  Object.entries({
    // Arabic script: one letter for variants that keyboards and spelling habits exchange.
    ٱ: 'ا',
    ى: 'ي',
    ی: 'ي',
    ې: 'ي',
    ێ: 'ي',
    ے: 'ي',
    ک: 'ك',
    ڪ: 'ك',
    ة: 'ه',
    ە: 'ه',
    ہ: 'ه',
    ھ: 'ه',
    ۃ: 'ه',
    ۆ: 'و',
    ۇ: 'و',
    ڕ: 'ر',
    ڵ: 'ل',
    ں: 'ن',
    // Latin letters that Unicode does not decompose.
    ı: 'i',
    ø: 'o',
    ł: 'l',
    đ: 'd',
    ð: 'd',
    ħ: 'h',
    þ: 'th',
    æ: 'ae',
    œ: 'oe',
    ə: 'a',
  }),
)

const zeros = ['\u0660', '\u06f0', '\u0966', '\u09e6', '\u0e50']

function nine(zero: string): string {
  return String.fromCodePoint(zero.codePointAt(0)! + 9)
}
