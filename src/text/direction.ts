/**
 * The direction of a language's text. A BCP 47 tag's own script decides; without one, the script in which the
 * language is usually written (CLDR).
 */
export function directionOf(language: string): 'LTR' | 'RTL' {
  const locale: Intl.Locale & { readonly textInfo?: Intl.TextInfo } = new Intl.Locale(language)
  // Node 22 has the property of an earlier draft instead of the method.
  const info = locale.getTextInfo?.() ?? locale.textInfo
  return info?.direction === 'rtl' ? 'RTL' : 'LTR'
}
