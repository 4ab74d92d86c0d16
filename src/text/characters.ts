/** Properties of a character, as bits. */
export const HIDDEN = 1
export const SELECTOR = 2
export const STACKED = 4
export const SHARED = 8
export const PICTOGRAPH = 16
export const MODIFIER = 32
export const JOINING = 64
export const SPACELESS = 128
const KNOWN = 256

const patterns: [bit: number, pattern: RegExp][] = [
  // Direction controls, invisible operators, annotations, shorthand and music controls, noncharacters, and signs
  // without a glyph: the null notehead and the blanks of hieroglyphs.
  [
    HIDDEN,
    /\u034f|[\p{Bidi_Control}\p{Noncharacter_Code_Point}\u00ad\u180e\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb\u{13441}\u{13442}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/u,
  ],
  [SELECTOR, /[\u180b-\u180d\u180f\p{Variation_Selector}]/u],
  // Marks above, below or around a letter, and those of them that are used with every script.
  [STACKED, /[\p{Mn}\p{Me}]/u],
  [SHARED, /[\p{Script=Inherited}\p{Me}]/u],
  [PICTOGRAPH, /\p{Extended_Pictographic}/u],
  [MODIFIER, /\p{Emoji_Modifier}/u],
  // Scripts in which a joiner changes the shape of letters.
  [
    JOINING,
    /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}]/u,
  ],
  // Scripts without spaces between words, which mark possible line breaks.
  [SPACELESS, /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u],
]

/** Cached bits per code point: testing the patterns each time would take most of the time. */
const kinds = new Uint16Array(0x110000)

/** The bits of a character, a string of one code point; 0 for the empty string. */
export function kindOf(character: string): number {
  const code = character.codePointAt(0)
  if (code === undefined) return 0
  const known = kinds[code] as number
  if (known !== 0) return known
  let kind = KNOWN
  for (const [bit, pattern] of patterns) if (pattern.test(character)) kind |= bit
  kinds[code] = kind
  return kind
}
