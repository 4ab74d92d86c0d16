import { InvalidInput } from '../base/errors.ts'

/**
 * The canonical form of a language tag ("EN-gb" becomes "en-GB").
 * @throws InvalidInput for an invalid BCP 47 tag
 */
export function canonicalLanguage(tag: string): string {
  try {
    const [canonical] = Intl.getCanonicalLocales(tag)
    if (canonical) return canonical
  } catch {
    // RangeError: not a BCP 47 tag.
  }
  throw new InvalidInput('language', 'The language must be a BCP 47 tag such as "en" or "ckb".')
}

/**
 * Whether one of the language ranges includes a language (RFC 4647, basic filtering): "en" includes "en-GB", and "*"
 * includes all.
 */
export function includesLanguage(ranges: readonly string[], language: string): boolean {
  const tag = language.toLowerCase()
  return ranges.some((range) => {
    const wanted = range.toLowerCase()
    return wanted === '*' || tag === wanted || tag.startsWith(`${wanted}-`)
  })
}
