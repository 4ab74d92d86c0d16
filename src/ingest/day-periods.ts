import { plainLetters } from './date-text.ts'
import { zoneAfter } from './zone-names.ts'

/** The hour from 0 to 23 of a time with AM or PM. A mark after an hour such as 20 changes nothing. */
export function hourWith(half: string | undefined, hour: number): number {
  if (!half || hour > 12) return hour
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

/**
 * Rewrites times with the marks of other languages than English ("8:30 p. m.", "午後8時30分") as times of 24 hours,
 * and spaced English marks ("8:30 P M") as "8:30 PM". A time with a mark that is not known is removed: otherwise the
 * date could be wrong by twelve hours.
 */
export function withKnownPeriods(text: string): string {
  if (/^[\dTZ:.,+/ -]*$/.test(text)) return text
  patterns ??= buildPatterns()
  return text
    .replace(
      /(\d{1,2}) ?[時时点點시] ?(?:(\d{1,2}) ?[分분])?(?: ?\d{1,2} ?[秒초])?/g,
      (_, hour, minute = '0') => `${hour}:${minute.padStart(2, '0')}`,
    )
    .replace(/(\d:\d\d(?::\d\d)?) ?([ap]) m\b/gi, '$1 $2m')
    .replace(/(?<![\d:.])(\d{1,2})\.(\d\d) ?([ap])\.?m\b/gi, '$1:$2 $3m')
    .replace(/(\d:\d\d)([ap])(?![\p{L}.])/giu, '$1 $2m')
    .replace(/(?<![\d:.])(\d{1,2})([:.h]\d\d(?::\d\d)?) ?([ap])\. ?m\.?(?= |$)/gi, spanish)
    .replace(patterns.eastAsian, (_, mark, hour, rest) => timeOr(hourIn(mark, Number(hour)), rest))
    .replace(patterns.after, (_, hour, rest, mark, apart) =>
      timeOr(hourIn(mark ?? apart, Number(hour)), rest),
    )
    .replace(patterns.before, (_, mark, hour, rest) => timeOr(hourIn(mark, Number(hour)), rest))
    .replace(unknownMark, (whole, mark) => (/^(?:[ap]\.?m\.?|h)$/i.test(mark) || isZone(mark) ? whole : ' '))
}

/** Spanish "8:30 p. m."; "8:30 p.m." is English too and stays. */
function spanish(whole: string, hour: string, rest: string, half: string): string {
  return /\. m/i.test(whole) ? `${hourWith(half, Number(hour))}${rest}` : whole
}

function timeOr(hour: number | undefined, rest: string): string {
  return hour === undefined ? ' ' : `${hour}${rest}`
}

/**
 * The hour from 0 to 23 at which a mark is used, or the one nearest to its hours ("8:30 de la tarde" is 20:30);
 * undefined if both hours are equally near.
 */
function hourIn(mark: string, hour: number): number | undefined {
  if (hour > 12) return hour
  const hours = [...(marks?.get(keyOf(mark)) ?? [])]
  const distance = (to: number) =>
    Math.min(...hours.map((each) => Math.min(Math.abs(each - to), 24 - Math.abs(each - to))))
  const [early, late] = [hour % 12, (hour % 12) + 12]
  const [toEarly, toLate] = [distance(early), distance(late)]
  if (toEarly === toLate) return undefined
  return toEarly < toLate ? early : late
}

/** Hours by mark, without dots and spaces. Built once, at the first date: it takes some milliseconds. */
let marks: Map<string, Set<number>> | undefined
let patterns: Record<'eastAsian' | 'after' | 'before', RegExp> | undefined

/** Languages whose marks do not look like words that stand after a time in another language. */
const languages =
  'en es pt it fr de nl el ar fa ckb ku ur he tr ja ko zh zh-Hant ru uk ro hi bn vi id sq'.split(' ')

/** Spellings that `Intl` does not give, with the hours at which they are used. */
const otherSpellings: [string, number][] = [
  ['مساءا', 20],
  ['مساء', 20],
  ['صباحا', 8],
  ['قبل الظهر', 10],
  ['سەرلەبەیانی', 8],
  ['بەیانی', 8],
  ['پاشنیوەڕۆ', 15],
  ['دوای نیوەڕۆ', 15],
  ['پێش نیوەڕۆ', 9],
  ['ئێوارە', 19],
  ['早上', 8],
  ['晚', 20],
]

function buildPatterns(): NonNullable<typeof patterns> {
  const spellings = new Set<string>()
  marks = new Map()
  const add = (mark: string, hour: number) => {
    const spelling = plainLetters(mark).toLowerCase()
    const key = keyOf(mark)
    if (/^(?:[ap]m|tr|sa|ch)$/.test(key) || /\d/.test(key)) return
    spellings.add(spelling)
    marks!.set(key, (marks!.get(key) ?? new Set()).add(hour))
  }
  for (const language of languages) for (const [mark, hour] of marksOf(language)) add(mark, hour)
  for (const [mark, hour] of otherSpellings) add(mark, hour)
  const all = [...spellings].sort((a, b) => b.length - a.length).map(patternOf)
  // Before a time, only marks that are no words of other texts there.
  const beforeTime = (script: RegExp) =>
    new RegExp(
      `(?<![\\p{Script=Arabic}\\p{Script=Latin}])(${all.filter((mark) => script.test(mark)).join('|')}) ?(\\d{1,2})([:.]\\d\\d(?::\\d\\d)?)`,
      'giu',
    )
  return {
    eastAsian: beforeTime(/[\p{Script=Han}\p{Script=Hangul}]/u),
    before: beforeTime(/\p{Script=Arabic}{3}|^ö|^akşam/u),
    after: new RegExp(
      `(?<![\\d:.])(\\d{1,2})([:.h]\\d\\d(?::\\d\\d)?)(?: ?(?:uhr|uur))?(?:[ ,،]{0,2}\\(?(${all.join('|')})| ?[-–] ?(${all.filter((mark) => /\p{L}{3}/u.test(mark)).join('|')}))(?![\\p{L}\\p{M}])\\)?`,
      'giu',
    ),
  }
}

function* marksOf(language: string): Generator<[string, number]> {
  const common = { hour: 'numeric', minute: 'numeric', timeZone: 'UTC', hour12: true } as const
  for (const dayPeriod of [undefined, 'short', 'long'] as const) {
    const format = new Intl.DateTimeFormat(language, { ...common, ...(dayPeriod && { dayPeriod }) })
    for (const half of halfHours) {
      const mark = format.formatToParts(half * 1_800_000).find(({ type }) => type === 'dayPeriod')
      if (mark) yield [mark.value, Math.floor(half / 2)]
    }
  }
}

/** Half past each hour, and noon, which has a mark of its own. */
const halfHours = [...Array.from({ length: 24 }, (_, hour) => 2 * hour + 1), 24]

/** A mark with optional dots and spaces. */
function patternOf(mark: string): string {
  return mark.replace(/\s+/g, ' ').replace(/\./g, '\\.? ?').replace(/ \? /g, ' ?').trim()
}

function keyOf(mark: string): string {
  return plainLetters(mark).toLowerCase().replace(/[.\s]/g, '')
}

/**
 * A time up to 12:59 with letters that look like an abbreviated mark: letters with dots, one consonant, two capitals,
 * or one or two letters of a script without capitals.
 */
const unknownMark =
  /(?:T| |^)(?:0?\d|1[0-2])[:h]\d\d(?::\d\d)? ?(\p{L}\. ?\p{L}\.?|\p{Lu}{2}|[b-df-gj-np-tv-xB-DF-GJ-NP-TV-X]|(?!(?:في|فی|من|عن|مع|او|و)(?!\p{L}))[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}]{1,2})(?![\p{L}\p{M}\p{N}/'’.])/gu

function isZone(mark: string): boolean {
  return zoneAfter(mark.toUpperCase()) !== undefined
}
