import { LANGUAGE_NAMES, type Language } from '../../texts/languages.ts'
import { useLanguage } from '../shell/language.tsx'

/** The name of a language in the language of the desk. */
export function LanguageName({ tag }: { tag: string }) {
  const { language } = useLanguage()
  return languageName(tag, language)
}

export function languageName(tag: string, language: Language): string {
  // Browsers have no names in Sorani: there, languages are named in themselves.
  if (tag in LANGUAGE_NAMES && Intl.DisplayNames.supportedLocalesOf([language]).length === 0)
    return LANGUAGE_NAMES[tag as Language]
  try {
    return new Intl.DisplayNames([language, 'en'], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
