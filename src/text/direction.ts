import { LruCache } from '../base/lru-cache.ts'

/** The number of languages whose direction is remembered. */
const MAX_LANGUAGES = 1_000

/**
 * The direction of a language's text. A BCP 47 tag's own script decides; without one, the script in which the
 * language is usually written (CLDR).
 */
export function directionOf(language: string): 'LTR' | 'RTL' {
  const known = directions.get(language)
  if (known !== undefined) return known
  const direction = computeDirection(language)
  directions.set(language, direction)
  return direction
}

/** The directions of languages: to compute one takes as long as to resolve ten fields. */
const directions = new LruCache<string, 'LTR' | 'RTL'>(MAX_LANGUAGES)

function computeDirection(language: string): 'LTR' | 'RTL' {
  const locale: Intl.Locale & { readonly textInfo?: Intl.TextInfo } = new Intl.Locale(language)
  // Node 22 has the property of an earlier draft instead of the method.
  const info = locale.getTextInfo?.() ?? locale.textInfo
  return info?.direction === 'rtl' ? 'RTL' : 'LTR'
}
