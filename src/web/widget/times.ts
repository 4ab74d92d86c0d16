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
  return format(at, language, 'date')
}

/** The date and the time of a moment. */
export function fullTime(at: Date, language: Language): string {
  return format(at, language, 'time')
}

/**
 * Some browsers have no names of months in Sorani, and would use the language of the browser instead. Then the date
 * has digits only, as it is written in Iraq.
 */
function format(at: Date, language: Language, kind: 'date' | 'time'): string {
  const isKnown = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0
  const options: Intl.DateTimeFormatOptions = isKnown
    ? { dateStyle: 'long' }
    : { year: 'numeric', month: '2-digit', day: '2-digit' }
  const time: Intl.DateTimeFormatOptions = isKnown
    ? { timeStyle: 'short' }
    : { hour: '2-digit', minute: '2-digit' }
  return new Intl.DateTimeFormat(isKnown ? language : 'ar-IQ', {
    ...options,
    ...(kind === 'time' && time),
  }).format(at)
}
