import type { PageDocument, PageElement } from './dom.ts'
import { standsApart } from './junk.ts'
import type { ReadDate } from './metadata.ts'
import { labelTextOf } from './text-of.ts'
import { isAmericanZone, zoneAfter } from './zone-names.ts'

/**
 * The date printed near the headline, for pages without other dates: in an element whose class indicates a
 * date, otherwise in the lines before and after the heading, otherwise in the title. Month names may be in the
 * language of the page.
 */
export function visibleDate(
  document: PageDocument,
  language: string | undefined,
  read: ReadDate,
): Date | undefined {
  const months = monthNames(language)
  for (const text of candidates(document)) {
    const date = dateIn(text, months, read)
    if (date) return date
  }
  return undefined
}

function* candidates(document: PageDocument): Generator<string> {
  const title = document.querySelector('title')
  if (title) yield labelTextOf(title, 300).slice(0, 300)
  const heading = document.querySelector('article h1, main h1, h1')
  let holder: PageElement | null = heading
  for (let up = 0; holder && up < 3; up += 1, holder = holder.parentElement) {
    for (const sibling of holder.parentElement?.children ?? []) {
      const text = labelTextOf(sibling, 300)
      if (text.length >= 6 && text.length <= 200) yield text
    }
  }
  for (const selector of [dated, 'p, span, div, li']) {
    for (const element of document.querySelectorAll(selector)) {
      const text = labelTextOf(element, 300)
      if (text.length >= 8 && text.length <= 120 && !standsApart(element)) yield text
    }
  }
}

const dated =
  '[class*="date"], [class*="Date"], [class*="time"], [class*="Time"], [class*="publi"], [class*="tarih"], [class*="fecha"], [class*="datum"], [class*="meta"], [id*="date"]'

function dateIn(text: string, months: Map<string, number>, readDate: ReadDate): Date | undefined {
  const digits = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
  const { clock, isAmerican: isAmericanClock } = clockIn(digits)
  const iso = digits.match(/\b((?:19|20)\d\d)[-./年]\s?(\d{1,2})[-./月]\s?(\d{1,2})/)
  if (iso) return readDate(`${iso[1]}-${iso[2]!.padStart(2, '0')}-${iso[3]!.padStart(2, '0')}${clock}`)
  const numeric = digits.match(/\b(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?((?:19|20)\d\d)\b/)
  if (numeric) {
    const [, first, separator, second, year] = numeric
    const isAmerican = Number(second) > 12 || (separator === '/' && isAmericanClock && Number(first) <= 12)
    return readDate(`${isAmerican ? `${second}.${first}` : `${first}.${second}`}.${year}${clock}`)
  }
  const words = digits.toLowerCase()
  const dayFirst = words.match(
    /(\d{1,2})\.?(?:st|nd|rd|th)?\s+(?:de\s+|ی\s+)?(\p{L}[\p{L}\p{M}]+(?: الثاني| الأول)?)\.?,?(?:\s*\/\s*\p{L}+)?\s+(?:de\s+)?((?:19|20)\d\d)/u,
  )
  const monthFirst = words.match(/(\p{L}[\p{L}\p{M}]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)/u)
  const [day, name, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]]
  const month = months.get(name ?? '')
  if (!month || !day) return undefined
  return readDate(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}${clock}`)
}

/** The time of day in a text as " 15:48", with its time zone if there is one, and whether its notation is American. */
function clockIn(text: string): { clock: string; isAmerican: boolean } {
  const time = text.match(
    /(?:^|[^\d:.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\d|\.\d)(?:\s?([ap])\.?m\b|\s?(مساء))?/i,
  )
  if (!time) return { clock: '', isAmerican: false }
  const half = time[4] ? 'p' : time[3]?.toLowerCase()
  const hour = half ? (Number(time[1]) % 12) + (half === 'p' ? 12 : 0) : Number(time[1])
  const zone = zoneAfter(text.slice(time.index! + time[0].length))
  return {
    clock: ` ${String(hour).padStart(2, '0')}:${time[2]}${zone ? ` ${zone.replace(/\s/g, '')}` : ''}`,
    isAmerican: time[3] !== undefined || isAmericanZone(zone),
  }
}

/** Names of the months, long and short, in English and in the page's language. */
function monthNames(language: string | undefined): Map<string, number> {
  const names = new Map<string, number>(levantine)
  for (const tag of ['en', language]) {
    if (!tag) continue
    for (let month = 1; month <= 12; month += 1) {
      const day = Date.UTC(2001, month - 1, 15)
      for (const style of ['long', 'short'] as const) {
        for (const options of [{ month: style }, { month: style, day: 'numeric' }] as const) {
          const parts = partsOf(tag, options, day)
          if (parts && /\p{L}{2}/u.test(parts)) names.set(parts.toLowerCase().replace(/\.$/, ''), month)
        }
      }
    }
  }
  return names
}

/** The Arabic month names of Iraq and the Levant, which `Intl` knows only for those countries. */
const levantine = [
  ['كانون الثاني', 1],
  ['شباط', 2],
  ['آذار', 3],
  ['نيسان', 4],
  ['أيار', 5],
  ['حزيران', 6],
  ['تموز', 7],
  ['آب', 8],
  ['أيلول', 9],
  ['تشرين الأول', 10],
  ['تشرين الثاني', 11],
  ['كانون الأول', 12],
] as const

function partsOf(tag: string, options: Intl.DateTimeFormatOptions, day: number): string | undefined {
  try {
    const format = new Intl.DateTimeFormat(tag.replaceAll('_', '-'), {
      ...options,
      calendar: 'gregory',
      timeZone: 'UTC',
    })
    return format.formatToParts(day).find(({ type }) => type === 'month')?.value
  } catch {
    return undefined
  }
}
