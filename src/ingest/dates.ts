import { plainDateText } from './date-text.ts'
import { hourWith, withKnownPeriods } from './day-periods.ts'
import { dayWithMonthName, type MonthNames, monthNames } from './month-names.ts'
import { isAmericanZone, minutesOf, zoneAfter } from './zone-names.ts'

/** A date as a page writes it: the local time, as if it were UTC, and its offset from UTC. */
export interface Moment {
  /** Milliseconds. */
  wall: number
  /** Minutes east of UTC; undefined if the page does not state it. */
  offset: number | undefined
  /** A day without a time. */
  isDay: boolean
}

/** Reads a date. Without a time zone, it is UTC. */
export function readDate(written: string | null | undefined): Date | undefined {
  const moment = readMoment(written)
  return moment && new Date(moment.wall - (moment.offset ?? 0) * 60_000)
}

/**
 * Reads a date in the formats of news pages: ISO 8601 in its many forms, RFC 2822, seconds or milliseconds since
 * 1970, English month names, those of the page's language, day.month.year and month/day/year. Undefined for other
 * texts, and for years before 1970 or after 2100.
 */
export function readMoment(written: string | null | undefined, language?: string): Moment | undefined {
  const text = withKnownPeriods(plainDateText(written?.trim().slice(0, 120) ?? '')).trim()
  if (text === '') return undefined
  const moment =
    fromEpoch(text) ?? fromIso(text) ?? fromNumbers(text) ?? fromWords(text) ?? fromNames(text, language)
  if (!moment || Number.isNaN(moment.wall)) return undefined
  const year = new Date(moment.wall).getUTCFullYear()
  return year >= 1970 && year <= 2100 ? moment : undefined
}

/** The date in an address such as /2023/04/28/ or /2023-04-28-, as midnight UTC. */
export function dateInAddress(address: string): Date | undefined {
  const parts = address.match(
    /[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)/,
  )
  return parts ? readDate(`${parts[1]}-${parts[2]}-${parts[3]}`) : undefined
}

function fromEpoch(text: string): Moment | undefined {
  if (!/^(?:\d{10}|\d{13})$/.test(text)) return undefined
  return { wall: Number(text) * (text.length === 10 ? 1000 : 1), offset: 0, isDay: false }
}

const iso =
  /^(\d{4})-?(\d{1,2})-?(\d{1,2})(?:(?:T|,? ?T?)(\d{1,2}):?(\d{2})(?::?(\d{1,2})(?:[.,:](\d+))?)?(?: ?([ap])\.?m(?![A-Z])\.?)?)? ?(Z|UTC|GMT|[A-Z]{2,4}(?![A-Z/])|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?(?: ?\[?([A-Z]+(?:\/[\w+-]+)+)\]?|\[\w+\])?(?: [A-Z]{2,4})?$/i

function fromIso(text: string): Moment | undefined {
  const parts = text.replace(/^(\d{4})([/.]) ?(\d{1,2})\2 ?(\d{1,2})(?:\.(?= |$))?/, '$1-$3-$4').match(iso)
  if (!parts) return undefined
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', half, stated, city] = parts
  const zone = stated ?? city
  if (Number(month) > 12 || Number(day) > 31) return undefined
  const millisecond = Number(fraction.padEnd(3, '0').slice(0, 3))
  const utc = Date.UTC(
    +year!,
    +month! - 1,
    +day!,
    hourWith(half, +(hour ?? 0)),
    +minute,
    +second,
    millisecond,
  )
  const offset = zone === undefined ? undefined : minutesOf(zone, utc)
  if (zone !== undefined && offset === undefined) return undefined
  return { wall: utc, offset, isDay: hour === undefined }
}

/**
 * Dates such as "14.03.2026 20:30" and "03/14/2026 8:30 PM". The month comes first if the second number cannot be a
 * month, or if the time has AM, PM or an American time zone.
 */
function fromNumbers(text: string): Moment | undefined {
  const parts = text.match(/^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(.*)$/)
  if (!parts) return undefined
  const [, first, separator, second, year, rest = ''] = parts
  const time = rest.match(/(\d{1,2})[:.h](\d{2})(?::(\d{2}))?(?: ?([ap])\.?m\b)?/i)
  const after = time ? zoneAfter(rest.slice(time.index! + time[0].length).toUpperCase()) : undefined
  const isAmerican =
    Number(second) > 12 ||
    (separator === '/' && (time?.[4] !== undefined || isAmericanZone(after)) && Number(first) <= 12)
  const [day, month] = isAmerican ? [second, first] : [first, second]
  if (Number(month) > 12) return undefined
  const zone = after ?? rest.match(/[+-]\d{2}:?\d{2}$/)?.[0] ?? ''
  const hour = hourWith(time?.[4], Number(time?.[1]))
  const clock = time ? `T${String(hour).padStart(2, '0')}:${time[2]}:${time[3] ?? '00'}${zone}` : ''
  return fromIso(`${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}${clock}`)
}

/** RFC 2822 and English month names. `Date.parse` would use the time zone of the machine if none is given. */
function fromWords(text: string): Moment | undefined {
  // Date.parse reads other words as the first of January.
  if (!month.test(text) || !/\b(?:19|20)\d\d\b/.test(text)) return undefined
  const bare = text
    .replace(/^(?:published|posted|updated|on)\b[: ]*/i, '')
    .replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1')
    .replace(/(?<!\d{4} ?)\(([A-Z]{1,4})\)$/, '$1')
    .replace(/\bat\b|[|•·]|\([^()]*\)/gi, ' ')
    .replace(/(\d)\s?([ap])\.?m\.?/gi, '$1 $2m')
  const stated = bare.trim().match(/[+-]\d{2}:?\d{2}$/)
  if (stated) {
    const isKnown = minutesOf(stated[0], 0) !== undefined
    return isKnown ? { wall: Date.parse(bare), offset: 0, isDay: false } : undefined
  }
  const clock = bare.match(/\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m)?/i)
  const [before, after] = clock
    ? [bare.slice(0, clock.index), bare.slice(clock.index! + clock[0].length)]
    : [bare, '']
  const zone = clock && zoneAfter(after.toUpperCase())
  // Date.parse requires the day before the time, and knows few time zones.
  const day = `${before} ${zone ? after.replace(/^\W*[a-z]+(?:\/[\w+-]+)*(?: ?[+-][\d:]+)?/i, '') : after}`
  const wall = Date.parse(`${day.replace(/^[\W_]+/, '')} ${clock?.[0] ?? ''} UTC`)
  if (Number.isNaN(wall)) return undefined
  const offset = zone ? minutesOf(zone, wall) : undefined
  return zone && offset === undefined ? undefined : { wall, offset, isDay: !clock }
}

/** Month names in the page's language, in Arabic, Kurdish and Persian. */
function fromNames(text: string, language: string | undefined): Moment | undefined {
  if (!/(?<!\d)(?:19|20)\d\d(?!\d)/.test(text) || !/\p{L}{2}/u.test(text)) return undefined
  const day = dayWithMonthName(text, namesOf(language))
  return day ? fromIso(`${day}${clockIn(text).clock}`) : undefined
}

/** The names in the last language: the dates of a page are read one after the other. */
let lastNames: { language: string | undefined; names: MonthNames } | undefined

function namesOf(language: string | undefined): MonthNames {
  if (lastNames?.language !== language || !lastNames)
    lastNames = { language, names: monthNames(language, false) }
  return lastNames.names
}

/** The time of day in a text as " 15:48", with its time zone if there is one, and whether its notation is American. */
export function clockIn(text: string): { clock: string; isAmerican: boolean } {
  const time = text.match(
    /(?:^|[^\d:.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\d|\.\d)(?::[0-5]\d)?(?:\s?([ap])\.?m\b)?/i,
  )
  if (!time) return { clock: '', isAmerican: false }
  const hour = hourWith(time[3], Number(time[1]))
  const zone = zoneAfter(text.slice(time.index! + time[0].length))
  return {
    clock: ` ${String(hour).padStart(2, '0')}:${time[2]}${zone ? ` ${zone.replace(/\s/g, '')}` : ''}`,
    isAmerican: time[3] !== undefined || isAmericanZone(zone),
  }
}

const month = /(?:^|[^a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/i
