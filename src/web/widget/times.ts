import { type DateFormats, datesOf } from '../texts/dates.ts'
import type { Language } from '../texts/languages.ts'
import type { WidgetText } from './language.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago a moment was; after a week, its date. */
export function relativeTime(at: Date, now: Date, language: Language, text: WidgetText): string {
  const ms = now.getTime() - at.getTime()
  if (ms < MINUTE) return text('secondsAgo')
  if (ms < HOUR) return text('minutesAgo', { count: Math.floor(ms / MINUTE) })
  if (ms < DAY) return text('hoursAgo', { count: Math.floor(ms / HOUR) })
  if (ms < 7 * DAY) return text('daysAgo', { count: Math.floor(ms / DAY) })
  return datesIn(language).day(at)
}

/** The date and the time of a moment. */
export function fullTime(at: Date, language: Language): string {
  return datesIn(language).moment(at)
}

const known = new Map<Language, DateFormats>()

function datesIn(language: Language): DateFormats {
  const dates = known.get(language) ?? datesOf(language)
  known.set(language, dates)
  return dates
}
