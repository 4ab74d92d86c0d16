/**
 * The direction of a language's text. A BCP 47 tag's own script decides; without one, the script in which the
 * language is usually written (CLDR).
 */
export function directionOf(language: string): 'LTR' | 'RTL' {
  const locale = new Intl.Locale(language).maximize()
  return RIGHT_TO_LEFT.has(locale.script ?? '') ? 'RTL' : 'LTR'
}

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg', 'Mand', 'Samr'])
