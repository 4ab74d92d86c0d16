import { KeptCharacters } from './kept-characters.ts'

// Normalises text that people submit. Every step takes time proportional to the text's length.

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
  return !VISIBLE.test(withoutInvisible(text))
}

/** The text without surrounding blanks. */
export function trimBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && BLANK.test(text[from] as string)) from++
  while (to > from && BLANK.test(text[to - 1] as string)) to--
  return text.slice(from, to)
}

/**
 * Removes characters that show nothing, nothing definite (private use, unassigned) or only a longer line between
 * letters (the Arabic tatweel), for comparisons.
 */
export function withoutInvisible(text: string): string {
  // Blanks first: some of them are ignorable too.
  return text.replace(BLANKS, ' ').replace(INSIGNIFICANT, '')
}

/** A run of marks of any kind, longer than any script uses on one letter. */
const MARK_RUNS = /(\p{M}{30})\p{M}+/gu

/** A letter, digit, sign or picture. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Signs without a glyph: the null notehead and the blanks of hieroglyphs. */
const UNSEEN = '\\u{1d159}\\u{13441}\\u{13442}'
/** The letters that only stretch a word, in Arabic, N'Ko and Mongolian. */
const STRETCHES = '\\u0640\\u07fa\\u180a'
/** Stands for an object, such as an image, that was not pasted with the text. */
const OBJECT_REPLACEMENT = '\\ufffc'
/** New emoji may be unassigned in this version of Unicode, but their code points are known to be pictures. */
const INSIGNIFICANT = new RegExp(
  `(?!\\p{Extended_Pictographic})[\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Co}\\p{Cn}${UNSEEN}${STRETCHES}${OBJECT_REPLACEMENT}]`,
  'gu',
)

/** Letters and symbols without a glyph: Hangul fillers, and the empty Braille pattern. */
export const BLANKS = /[\u115f\u1160\u3164\uffa0\u2800]/g
const BLANK = /[\s\u115f\u1160\u3164\uffa0\u2800\u200b\u2060]/
/** Leading blanks with their marks: without the blank, a mark would have no base. */
const LEADING_BLANKS = /^[\s\u115f\u1160\u3164\uffa0\u2800\u200b\u2060\p{Mn}\p{Me}]+/u

/** Characters that need the detailed check; other texts skip it. */
const REMARKABLE = new RegExp(
  `[\\p{M}\\p{Cf}\\p{Noncharacter_Code_Point}\\p{Default_Ignorable_Code_Point}${UNSEEN}]`,
  'u',
)

/** The flags of England, Scotland and Wales are the only ones spelt with tag characters. */
const TAGS = /(\p{RGI_Emoji_Tag_Sequence})|[\u{e0000}-\u{e007f}]/gv

function strip(text: string): string {
  if (!REMARKABLE.test(text)) return text
  const kept = new KeptCharacters()
  let from = 0
  for (const { 0: match, 1: flag, index } of text.matchAll(TAGS)) {
    kept.add(text.slice(from, index))
    if (flag) kept.addWhole(flag)
    from = index + match.length
  }
  kept.add(text.slice(from))
  return kept.end()
}
