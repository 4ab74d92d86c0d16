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
