import type { Language } from '../../texts/languages.ts'
import { useLanguage } from '../shell/language.tsx'

/** The date and time in a language, in the time zone of the browser. */
export function momentFormat(language: Language): Intl.DateTimeFormat {
  return formatOf(language, { timeStyle: 'short' })
}

/** The date in a language, in the time zone of the browser. */
export function dateFormat(language: Language): Intl.DateTimeFormat {
  return formatOf(language, {})
}

/** A moment as text, for sentences. Time is the same as an element. */
export function useMoment(): (at: string) => string {
  const { language } = useLanguage()
  return (at) => momentFormat(language).format(new Date(at))
}

/** A number in the language of the desk. */
export function useNumber(): (value: number) => string {
  const { language } = useLanguage()
  const format = new Intl.NumberFormat(isKnown(language) ? language : 'en-GB')
  return (value) => format.format(value)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Browsers without names of months in Sorani would use the language of the system: there, dates are digits only. */
function formatOf(language: Language, time: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${time.timeStyle}`
  const known = formats.get(key)
  if (known) return known
  const format = isKnown(language)
    ? new Intl.DateTimeFormat(language, { dateStyle: 'medium', ...time })
    : new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', ...time })
  formats.set(key, format)
  return format
}

function isKnown(language: Language): boolean {
  return Intl.DateTimeFormat.supportedLocalesOf([language]).length > 0
}
