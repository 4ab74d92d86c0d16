/** The languages of the screens, as BCP 47 tags. The first one is used for all other languages. */
export const LANGUAGES = ['en', 'ar', 'ckb', 'tr'] as const

export type Language = (typeof LANGUAGES)[number]

/** The languages that are written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set<Language>(['ar', 'ckb'])

/** The name of each language in the language itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  ar: 'العربية',
  ckb: 'کوردیی ناوەندی',
  tr: 'Türkçe',
}

/**
 * The locales of a language for Intl. Most browsers have no numbers in Sorani, and would use those of their own
 * language: Arabic numbers of Iraq have the same digits.
 */
export function localesOf(language: Language): string[] {
  return language === 'ckb' ? ['ckb', 'ar-IQ'] : [language]
}

/** The first language of the screens that a list of BCP 47 tags names, the most preferred tag first. */
export function languageFor(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const [base = ''] = tag.toLowerCase().split('-')
    // Kurdish without a script or region is most often Sorani in news.
    const language = base === 'ku' ? 'ckb' : base
    const found = LANGUAGES.find((each) => each === language)
    if (found) return found
  }
  return LANGUAGES[0]
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'
}
