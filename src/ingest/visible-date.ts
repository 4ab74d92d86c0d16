import { labelledParts } from './date-labels.ts'
import { plainDateText } from './date-text.ts'
import { clockIn } from './dates.ts'
import { withKnownPeriods } from './day-periods.ts'
import type { PageDocument, PageElement } from './dom.ts'
import { standsApart } from './junk.ts'
import { dayWithMonthName, type MonthNames, monthNames } from './month-names.ts'
import type { ReadDate } from './page-times.ts'
import { labelTextOf } from './text-of.ts'

/**
 * The date printed near the headline, for pages without other dates: in an element whose class indicates a
 * date, otherwise in the lines before and after the heading, otherwise in the title. Month names may be in the
 * language of the page. A date with the label "Updated" is used if there is no other near the headline with the label
 * "Published".
 */
export function visibleDate(
  document: PageDocument,
  language: string | undefined,
  read: ReadDate,
): Date | undefined {
  const months = monthNames(language, true)
  let updated: Date | undefined
  for (const { text, isMarked } of candidates(document)) {
    if (updated && !isMarked) break
    if (!/\p{Nd}{4}/u.test(text)) continue
    const found = labelledDates(text, months, read)
    const date = found.published ?? (updated ? undefined : found.unlabelled)
    if (date) return date
    updated ??= found.updated
  }
  return updated
}

function labelledDates(text: string, months: MonthNames, read: ReadDate) {
  const dates: Partial<Record<'published' | 'updated' | 'unlabelled', Date | undefined>> = {}
  for (const { label = 'unlabelled', text: part } of labelledParts(text)) {
    dates[label] ??= dateIn(part, months, read)
  }
  return dates
}

/** Texts that may contain the date. Those near the heading or with a date's class are marked. */
function* candidates(document: PageDocument): Generator<{ text: string; isMarked: boolean }> {
  const title = document.querySelector('title')
  if (title) yield { text: labelTextOf(title, 300).slice(0, 300), isMarked: true }
  const heading = document.querySelector('article h1, main h1, h1')
  let holder: PageElement | null = heading
  for (let up = 0; holder && up < 3; up += 1, holder = holder.parentElement) {
    for (const sibling of holder.parentElement?.children ?? []) {
      const text = labelTextOf(sibling, 300)
      if (text.length >= 6 && text.length <= 200) yield { text, isMarked: true }
    }
  }
  for (const selector of [dated, 'p, span, div, li']) {
    for (const element of document.querySelectorAll(selector)) {
      const text = labelTextOf(element, 300)
      if (text.length >= 8 && text.length <= 120 && !standsApart(element)) {
        yield { text, isMarked: selector === dated }
      }
    }
  }
}

const dated =
  '[class*="date"], [class*="Date"], [class*="time"], [class*="Time"], [class*="publi"], [class*="tarih"], [class*="fecha"], [class*="datum"], [class*="meta"], [id*="date"]'

function dateIn(text: string, months: MonthNames, readDate: ReadDate): Date | undefined {
  const written = plainDateText(text)
  if (!/(?:19|20)\d\d/.test(written)) return undefined
  const plain = withKnownPeriods(written)
  const { clock, isAmerican: isAmericanClock } = clockIn(plain)
  const iso = plain.match(/\b((?:19|20)\d\d)[-./]\s?(\d{1,2})[-./]\s?(\d{1,2})/)
  if (iso) return readDate(`${iso[1]}-${iso[2]!.padStart(2, '0')}-${iso[3]!.padStart(2, '0')}${clock}`)
  const numeric = plain.match(/\b(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?((?:19|20)\d\d)\b/)
  if (numeric) {
    const [, first, separator, second, year] = numeric
    const isAmerican = Number(second) > 12 || (separator === '/' && isAmericanClock && Number(first) <= 12)
    return readDate(`${isAmerican ? `${second}.${first}` : `${first}.${second}`}.${year}${clock}`)
  }
  const day = dayWithMonthName(plain, months)
  return day ? readDate(`${day}${clock}`) : undefined
}
