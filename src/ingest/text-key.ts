/** The letters, marks and digits of a text, in lower case, for comparisons without spaces and punctuation. */
export function textKey(text: string): string {
  return text
    .replace(/[⁰¹²³⁴-₎ᴬ-ᵪᶜᶠᶿᶻⁱⁿˡʰʲʳʷʸˢˣⱽ]/g, (raised) => raised.normalize('NFKC'))
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
}
