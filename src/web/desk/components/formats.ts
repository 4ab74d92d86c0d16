import { type DateFormats, datesOf } from '../../texts/dates.ts'
import { type Language, localesOf } from '../../texts/languages.ts'
import { useLanguage } from '../shell/language.tsx'

const known = new Map<Language, DateFormats>()

/** The dates in the language of the desk, in the time zone of the browser. */
export function useDates(): DateFormats {
  const { language } = useLanguage()
  const before = known.get(language)
  if (before) return before
  const dates = datesOf(language)
  known.set(language, dates)
  return dates
}

/** A moment as text, for sentences. Time is the same as an element. */
export function useMoment(): (at: string) => string {
  const dates = useDates()
  return (at) => dates.moment(new Date(at))
}

/** A number in the language of the desk. */
export function useNumber(): (value: number) => string {
  const { language } = useLanguage()
  const format = new Intl.NumberFormat(localesOf(language))
  return (value) => format.format(value)
}
