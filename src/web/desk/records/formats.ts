import { type Language, localesOf } from '../../texts/languages.ts'
import { useLanguage } from '../shell/language.tsx'

/** A moment as text, for sentences. Time is the same as an element. */
export function useMoment(): (at: string) => string {
  const { language } = useLanguage()
  const format = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' })
  return (at) => format.format(new Date(at))
}

/** A number in the language of the desk. */
export function useNumber(): (value: number) => string {
  const { language } = useLanguage()
  const format = new Intl.NumberFormat(localesOf(language))
  return (value) => format.format(value)
}

/** Browsers that don't know Sorani would use the language of the system. */
export function localeOf(language: Language): string {
  return Intl.DateTimeFormat.supportedLocalesOf([language]).length > 0 ? language : 'en-GB'
}
