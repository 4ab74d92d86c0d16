// Superscripts and subscripts as plain text. `<sup>` is used for powers, ordinals, charges and footnotes.

/**
 * The text of a `<sup>` or `<sub>` that belongs to the word before it: `10th`, `m²`, `2ⁿ`, `Ca²⁺`, `CO2`, `5¹⁄₂`.
 * Undefined if it is a word of its own, such as the letter of a footnote.
 */
export function raisedText(before: string, inner: string, tag: 'SUP' | 'SUB'): string | undefined {
  if (tag === 'SUB') return loweredText(before, inner)
  if (/^[®™℠°]$/u.test(inner)) return /\S$/u.test(before) ? inner : undefined
  if (isOrdinal(before, inner)) return inner
  if (/^[+\-−–]?\d{1,3}$|^\d{1,2}[+\-−–]$/.test(inner) && /[^\s\p{Cf}]$/u.test(before))
    return superscript(inner)
  if (/^[+\-−–]$/.test(inner) && /[\p{L}\p{N})\]]$/u.test(before))
    return ion.test(before) ? superscript(inner) : inner
  return power.test(inner) && base.test(before) ? superscript(inner) : undefined
}

/** As superscript characters if Unicode has all of them, otherwise after a circumflex: `2ⁿ`, `2^q`, `2^(q+1)`. */
export function superscript(text: string): string {
  const compact = text.replace(/\s+/g, '')
  const mapped = [...compact].map((character) => superscripts.get(character))
  if (!mapped.includes(undefined)) return mapped.join('')
  return /^(?:.|\d+(?:\.\d+)?)$/u.test(compact) ? `^${compact}` : `^(${compact})`
}

/** Digits as subscript characters, for the lower part of a fraction. */
export function subscriptDigits(text: string): string {
  return text.replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!)
}

function loweredText(before: string, inner: string): string | undefined {
  if (/[⁰¹²³⁴-⁹][⁄∕/]$/u.test(before) && /^\d+$/.test(inner)) return subscriptDigits(inner)
  return /^[\p{L}\p{N}+-]{1,3}$/u.test(inner) && /[\p{L}\p{N})\]⁄∕/]$/u.test(before) ? inner : undefined
}

function isOrdinal(before: string, inner: string): boolean {
  if (/^[A-Z]{2}$/.test(inner)) return /\d$/.test(before)
  // Other single Latin letters end no ordinal number: after a number they are exponents.
  if (/^[bcfgi-np-qu-z]$/.test(inner)) return false
  return /^\p{Ll}{1,4}\.?$|^[ªº]$/u.test(inner) && /(?:\d|\b[IVXLC]+|\b(?:M|D|n|N))$/u.test(before)
}

const ion = /(?:(?:^|[^\p{L}])(?:\p{Lu}\p{Ll}?){1,2}|[\d)\]])$/u

/** A number, a closing bracket or a variable of one letter. A letter after a longer word is a footnote. */
const base = /(?:^|[^\p{L}\p{M}])\p{L}$|[\d)\]]$/u

/** An exponent with letters, a fraction or an operator: `n`, `-x`, `2n`, `n+1`, `1/2`, `2.5`. */
const power =
  /^[+\-−–]?(?:\d{1,3}(?:\.\d+)?[A-Za-z]{0,2}|[A-Za-zα-ω]{1,2})(?:\s?[+\-−–/·*]\s?(?:\d{1,3}[A-Za-z]{0,2}|[A-Za-zα-ω]{1,2})){0,3}$/

const superscripts = new Map(
  [...'0123456789+-−–=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ'].map((character, i) => [
    character,
    [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ'][i]!,
  ]),
)
