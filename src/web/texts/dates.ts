import { type Language, localesOf } from './languages.ts'

/** How dates are written in a language. */
export interface DateFormats {
  /** A day: "30 November 2026". */
  day(at: Date): string
  /** A day and time; with the name of the time zone if one was given. */
  moment(at: Date): string
}

/**
 * Returns how dates are written in a language.
 * @param timeZone the time zone of the reader if not given
 */
export function datesOf(language: Language, timeZone?: string): DateFormats {
  const inZone = { timeZone, day: 'numeric', month: 'long', year: 'numeric' } as const
  const withTime = {
    ...inZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(timeZone && ({ timeZoneName: 'short' } as const)),
  } as const
  if (language === 'ckb') return soraniDates(withTime)
  // "30 November 2026", as most of the world writes it.
  const locale = language === 'en' ? 'en-GB' : language
  const day = new Intl.DateTimeFormat(locale, inZone)
  const moment = new Intl.DateTimeFormat(locale, withTime)
  return { day: (at) => day.format(at), moment: (at) => moment.format(at) }
}

const SORANI_MONTHS = [
  'کانوونی دووەم',
  'شوبات',
  'ئازار',
  'نیسان',
  'ئایار',
  'حوزەیران',
  'تەمموز',
  'ئاب',
  'ئەیلوول',
  'تشرینی یەکەم',
  'تشرینی دووەم',
  'کانوونی یەکەم',
]

/** Most browsers have no dates in Sorani: the names are from here in browsers and on the server. */
function soraniDates(options: Intl.DateTimeFormatOptions): DateFormats {
  const format = new Intl.DateTimeFormat('en', { ...options, month: 'numeric', hourCycle: 'h12' })
  const number = new Intl.NumberFormat(localesOf('ckb'), { useGrouping: false })
  const twoDigits = new Intl.NumberFormat(localesOf('ckb'), { minimumIntegerDigits: 2 })
  const partsOf = (at: Date) =>
    Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const day = (at: Date) => {
    const { day, month, year } = partsOf(at)
    return `${number.format(Number(day))}ی ${SORANI_MONTHS[Number(month) - 1]}ی ${number.format(Number(year))}`
  }
  return {
    day,
    moment(at) {
      const { hour, minute, dayPeriod, timeZoneName } = partsOf(at)
      const time = `${number.format(Number(hour))}:${twoDigits.format(Number(minute))}`
      const half = dayPeriod === 'AM' ? 'پ.ن' : 'د.ن'
      return [day(at), time, half, timeZoneName].filter(Boolean).join(' ')
    },
  }
}
