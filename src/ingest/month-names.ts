import { plainLetters } from './date-text.ts'

/** The months by name, in lower case and in plain letters. */
export interface MonthNames {
  numbers: ReadonlyMap<string, number>
  /** Patterns of dates with these names. */
  dates: RegExp[]
}

/** Names of the months, long and short, in the page's language and in Arabic, Kurdish and Persian. */
export function monthNames(language: string | undefined, withEnglish: boolean): MonthNames {
  rightToLeft ??= namesIn(['ar', 'ar-IQ', 'ar-DZ', 'ar-MA', 'ckb', 'fa'], otherNames)
  const own = namesIn([...(withEnglish ? ['en'] : []), ...(language ? [language] : [])])
  const numbers = new Map([...rightToLeft, ...own])
  return { numbers, dates: datePatterns([...numbers.keys()]) }
}

/** The day in a text as "2026-11-14". */
export function dayWithMonthName(text: string, { numbers, dates }: MonthNames): string | undefined {
  const words = plainLetters(text).toLowerCase()
  for (const pattern of dates) {
    const { day, name, year } = words.match(pattern)?.groups ?? {}
    if (day && name && year) return isoDay(year, numbers.get(name), day)
  }
  return undefined
}

/**
 * Day, month and year in the orders "14 November 2026", "November 14, 2026" and "2026 m. lapkričio 14". The month may
 * be given twice ("نوفمبر/تشرين الثاني").
 */
function datePatterns(names: string[]): RegExp[] {
  const any = names
    .sort((a, b) => b.length - a.length)
    .map((each) => each.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('|')
  const end = '(?![\\p{L}\\p{M}])'
  const name = `(?<![\\p{L}\\p{M}])(?<name>${any})ی?${end}\\.?(?: ?/ ?(?:${any})${end})?`
  const year = '(?<year>(?:19|20)\\d\\d)(?!\\d)'
  const day = '(?<!\\d)(?<day>\\d{1,2})(?:st|nd|rd|th|er|º)?'
  const link = '(?:(?:de|of|ی|من)\\s+)?'
  return [
    `${day}\\.?(?:ی|[\\s-])\\s*${link}${name}[,،]?[\\s-]+(?:del?\\s+|ی\\s*)?${year}`,
    `${name}\\s+${day}[,،]?\\s+${year}`,
    `(?<!\\d)${year}\\.?\\s*(?:m\\.)?\\s*${name}\\s+${day}(?!\\d|:)`,
  ].map((pattern) => new RegExp(pattern, 'u'))
}

function isoDay(year: string | undefined, month: number | undefined, day: string | undefined) {
  if (!year || !month || !day) return undefined
  return `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`
}

let rightToLeft: ReadonlyMap<string, number> | undefined

/** Names that `Intl` does not have: Sorani names of international months, and common spellings. */
const otherNames = [
  'جەنیوەری یەنایەر',
  'فێبریوەری فێبرێوەری فەیبەریوەری',
  'مارچ مارس',
  'ئەپریل ئاپریل',
  'مەی مایس',
  'جوون جون',
  'جولای جوولای تەممووز',
  'ئۆگەست ئۆگۆست ئاگوست',
  'سێپتەمبەر سیپتەمبەر',
  'ئۆکتۆبەر ئۆکتوبەر',
  'نۆڤەمبەر نوڤەمبەر نوڤێمبەر',
  'دیسەمبەر دێسەمبەر دیسێمبەر',
].map((names) => names.split(' '))

function namesIn(locales: string[], others: string[][] = []): Map<string, number> {
  const names = new Map<string, number>()
  const add = (name: string, month: number) => {
    const plain = plainLetters(name).toLowerCase().replace(/\.$/, '')
    if (/\p{L}{2}/u.test(plain)) names.set(plain, month)
  }
  others.forEach((each, index) => {
    for (const name of each) add(name, index + 1)
  })
  for (const locale of locales) {
    for (const month of ['long', 'short'] as const) {
      for (const options of [{ month }, { month, day: 'numeric' }] as const) {
        monthsOf(locale, options).forEach((name, index) => {
          add(name, index + 1)
        })
      }
    }
  }
  return names
}

/** The twelve names in a language; none for an invalid language tag. */
function monthsOf(tag: string, options: Intl.DateTimeFormatOptions): string[] {
  try {
    const format = new Intl.DateTimeFormat(tag.replaceAll('_', '-'), {
      ...options,
      calendar: 'gregory',
      timeZone: 'UTC',
    })
    return Array.from({ length: 12 }, (_, month) => {
      const parts = format.formatToParts(Date.UTC(2001, month, 15))
      return parts.find(({ type }) => type === 'month')?.value ?? ''
    })
  } catch {
    return []
  }
}
