import { hasRole, type Viewer } from '../auth/viewer.ts'
import { DomainError } from '../base/errors.ts'
import { joinedWords, lookalikeReadings, lookalikeWords, upright } from '../text/lookalikes.ts'
import { FILLERS, STAFF_MARKS, STAFF_PARTS, STAFF_WORDS, STAFF_WORDS_ALONE } from './staff-words.ts'

/** The display name could be mistaken for a name of the newsroom. */
export class DisplayNameRefused extends DomainError<'DISPLAY_NAME_REFUSED'> {
  constructor(message: string) {
    super('DISPLAY_NAME_REFUSED', message)
  }
}

/**
 * The name shown with a comment. It was cleaned when the token was verified. Moderators and above may use any
 * name.
 * @param outlet the name of the outlet
 * @throws DisplayNameRefused for a name that impersonates staff or the outlet
 */
export function checkedDisplayName(viewer: Viewer, outlet: string): string {
  const name = viewer.displayName ?? 'Reader'
  if (hasRole(viewer, 'moderator')) return name
  if (STAFF_MARKS.test(name)) {
    throw new DisplayNameRefused(
      'Your display name contains a sign that marks staff, such as a check mark or a star. Change it, then send the comment again.',
    )
  }
  if (speaksForStaff(name) || speaksForOutlet(name, outlet)) {
    throw new DisplayNameRefused(
      'Your display name could be mistaken for a name of the newsroom. Change it, then send the comment again.',
    )
  }
  return name
}

/** Whether a name, or a part of it that is set apart, says that its owner is one of the newsroom. */
function speaksForStaff(name: string): boolean {
  return [name, ...labelsIn(name)].flatMap(readingsOf).some(namesStaff)
}

/**
 * The ways to read a text, as lookalikeWords: its digits may be letters or a number at a word, its case may be
 * without a meaning, and turned letters are read from the other end.
 */
function readingsOf(text: string): string[][] {
  const cased = [text, text.toLowerCase(), upright(text)]
  const leading = cased.map((each) => each.replace(LEADING_NUMBERS, ' '))
  const numbered = [...cased, ...leading]
  const trailing = numbered.map((each) => each.replace(TRAILING_NUMBERS, ' '))
  return [...new Set([...numbered, ...trailing])].flatMap(lookalikeReadings)
}

const LEADING_NUMBERS = /(?<![\p{L}\p{N}])\p{N}+/gu
const TRAILING_NUMBERS = /\p{N}+(?![\p{L}\p{M}\p{N}])/gu

/** Signs that set a label apart from a name, such as brackets. Hyphens do so only between spaces. */
const LABEL_SIGNS = /[\p{Ps}\p{Pe}<>|/\\•·~*=:«»“”„]|\s[-–—]+\s/u

/** Letters in another style: enclosed, mathematical, wide, raised and lowered letters, and small capitals. */
const STYLED =
  '\\u{2460}-\\u{24ff}\\u{1d400}-\\u{1d7ff}\\u{1f110}-\\u{1f189}\\u{1f1e6}-\\u{1f1ff}\\u{ff21}-\\u{ff5a}' +
  '\\u{2b0}-\\u{2b8}\\u{1d00}-\\u{1dbf}\\u{2071}\\u{207f}\\u{2090}-\\u{209c}\\u{a730}\\u{a731}' +
  '\\u{262}\\u{26a}\\u{274}\\u{280}\\u{299}\\u{29c}\\u{29f}'
const STYLED_WORDS = new RegExp(`[${STYLED}](?:[\\s\\p{M}\\u200b-\\u200d]*[${STYLED}])*`, 'gu')
const HAS_STYLED = new RegExp(`[${STYLED}]`, 'u')

/** The parts of a name in which a role is no surname: in brackets, after a line, or in another style. */
function labelsIn(name: string): string[] {
  const apart = LABEL_SIGNS.test(name) ? name.split(LABEL_SIGNS) : []
  const styled = name.split(/\s+/).filter((word) => HAS_STYLED.test(word))
  return [...apart, ...styled, ...(name.match(STYLED_WORDS) ?? [])]
}

function namesStaff(words: string[]): boolean {
  // Also matches "M.o.d.e.r.a.t.o.r", "A d m i n" and "Moderator7".
  const all = joinedWords(words)
  const bare = words.map((word) => withoutNumber(word))
  if ([all, withoutNumber(all), ...words, ...bare].some((word) => STAFF_WORDS.has(word))) return true
  if ([...STAFF_PARTS].some((part) => all.includes(part))) return true
  const isStaff = (word: string) => STAFF_WORDS_ALONE.has(word)
  return isStaff(all) || (bare.some(isStaff) && bare.every((word) => isStaff(word) || FILLERS.has(word)))
}

/**
 * A number of up to four digits at the end has been folded to the letters that its digits look like, so those may be
 * no part of the word.
 */
function withoutNumber(word: string): string {
  const [digits = ''] = /[loszeabgt8]{1,4}$/.exec(word) ?? []
  for (let count = 1; count <= digits.length; count++) {
    const rest = word.slice(0, -count)
    if (STAFF_WORDS.has(rest)) return rest
  }
  return word
}

/** Whether a name contains the outlet's name: as words, as the whole name, or joined with a word for staff. */
function speaksForOutlet(name: string, outlet: string): boolean {
  const named = lookalikeWords(outlet).filter((word) => word !== THE)
  if (named.length === 0) return false
  const forms = new Set(
    ['', ...STAFF_WORDS, ...STAFF_WORDS_ALONE, ...LABELS].flatMap((word) => [
      joinedWords([...named, word]),
      joinedWords([word, ...named]),
      joinedWords([THE as string, ...named, word]),
    ]),
  )
  return readingsOf(name).some((words) => {
    const all = joinedWords(words.filter((word) => word !== THE))
    return ` ${words.join(' ')} `.includes(` ${named.join(' ')} `) || forms.has(all)
  })
}

const [THE] = lookalikeWords('the')

/** Other words that, joined with the outlet's name, make a name of the outlet. */
const LABELS = lookalikeWords('news desk online live site account')
