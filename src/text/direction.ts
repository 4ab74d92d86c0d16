/**
 * The direction of a language's text. A BCP 47 tag's own script decides; without one, the script in which the
 * language is usually written (CLDR).
 */
export function directionOf(language: string): 'LTR' | 'RTL' {
  return new Intl.Locale(language).getTextInfo().direction === 'rtl' ? 'RTL' : 'LTR'
}
