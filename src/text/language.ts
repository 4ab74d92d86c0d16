import { InvalidInput } from '../base/errors.ts'

/**
 * A language tag in its canonical spelling ("EN-gb" is "en-GB").
 * @throws InvalidInput for what is no BCP 47 tag
 */
export function canonicalLanguage(tag: string): string {
  try {
    const [canonical] = Intl.getCanonicalLocales(tag)
    if (canonical) return canonical
  } catch {
    // RangeError: not a BCP 47 tag.
  }
  throw new InvalidInput('language', 'The language is not a BCP 47 tag such as "en" or "ckb".')
}
