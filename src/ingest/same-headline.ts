import { normaliseName } from '../names/names.ts'

/**
 * Whether two headlines are equal, or one adds a few words to the other: at least two thirds of the longer one are
 * in the shorter one, and their numbers are the same.
 */
export function isSameHeadline(one: string, other: string): boolean {
  const [short, long] = [wordsOf(one), wordsOf(other)].toSorted((a, b) => a.length - b.length)
  if (short!.join(' ') === long!.join(' ')) return true
  if (short!.length < MIN_WORDS || short!.length < (long!.length * 2) / 3) return false
  const words = new Set(long)
  return short!.every((word) => words.has(word)) && long!.filter(isNumber).every((n) => short!.includes(n))
}

/**
 * Whether two headlines share more than half of the longer one's words. Numbers and a label that both have
 * ("Live:", "Match report:") do not count.
 */
export function isSimilarHeadline(one: string, other: string): boolean {
  if (wordsOf(one).join(' ') === wordsOf(other).join(' ')) return true
  const hasSameLabel = labelOf(one) !== '' && labelOf(one) === labelOf(other)
  const [words, others] = [one, other].map(
    (text) => new Set(wordsOf(hasSameLabel ? withoutLabel(text) : text).filter((word) => !isNumber(word))),
  )
  const shared = [...words!].filter((word) => others!.has(word)).length
  return shared > Math.max(words!.size, others!.size) / 2
}

const MIN_WORDS = 3

function wordsOf(text: string): string[] {
  return normaliseName(text).split(' ')
}

function isNumber(word: string): boolean {
  return /\p{N}/u.test(word)
}

/** The text before a colon, a vertical bar or a spaced dash, for comparison; empty if there is none. */
function labelOf(headline: string): string {
  return label.test(headline) ? normaliseName(label.exec(headline)![0]) : ''
}

function withoutLabel(headline: string): string {
  return headline.replace(label, '')
}

const label = /^[^:|]{1,40}?(?::|\||\s[–—-]\s)\s*/u
