import { hasRole, type Viewer } from '../auth/viewer.ts'
import { DomainError } from '../base/errors.ts'
import { lookalikeWords } from '../text/lookalikes.ts'

/** The name would be taken for one of the newsroom. */
export class DisplayNameRefused extends DomainError {
  constructor(message: string) {
    super('DISPLAY_NAME_REFUSED', message)
  }
}

/**
 * The name that a comment is shown under, as it was cleaned when the token was read. Moderators and above may
 * call themselves what they are.
 * @param outlet what the outlet is called
 * @throws DisplayNameRefused for a name that speaks for the outlet
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
      'Your display name reads like one of the newsroom. Change it, then send the comment again.',
    )
  }
  return name
}

/** Signs by which sites mark staff and verified accounts. */
const STAFF_MARKS =
  /[\u2605\u2606\u2611\u2713\u2714\u2705\u2729-\u2730\u2b50\u2b51\u2b52\u{1f31f}\u{1f5f8}\u{1f5f9}\u{1f6e1}\u{1f451}\u{1f396}\u{1f46e}\u{1f530}\u{1fbb1}\u272a\u00a9\u00ae\u2122\u2120]/u

/** Words that no reader's name has. */
const STAFF_WORDS = wordsOf(
  'moderator moderators moderation moderateur moderatrice moderador moderadora moderatrix admin admins ' +
    'administrator administrators administrateur administrador administration editor editors editorial editoren ' +
    'redakteur redakteurin redaktion redaction redaccion webmaster sysadmin verified yonetici',
)

/** Words that name staff where nothing else in the name does not. */
const STAFF_WORDS_ALONE = wordsOf(
  'staff mod mods official officials newsroom support system root team host operator owner مشرف المشرف محرر المحرر ' +
    'مدير المدير ادارة الإدارة التحرير ناظر سردبير دبير بەڕێوەبەر سەرنووسەر',
)

const FILLERS = wordsOf(
  'the a an our site news comment comments community chief senior head in of and for your this page desk writer ' +
    'reporter journalist correspondent member account account service هيئة رئيس',
)

function wordsOf(text: string): Set<string> {
  return new Set(lookalikeWords(text))
}

function speaksForStaff(name: string): boolean {
  const words = lookalikeWords(name)
  // "M.o.d.e.r.a.t.o.r" and "A d m i n" are words too, and "Moderator7" is one.
  const all = words.join('')
  const bare = words.map((word) => withoutNumber(word))
  if ([all, withoutNumber(all), ...words, ...bare].some((word) => STAFF_WORDS.has(word))) return true
  if (all.includes(MODERATOR) || all.includes(ADMINISTRATOR)) return true
  const isStaff = (word: string) => STAFF_WORDS_ALONE.has(word)
  return isStaff(all) || (bare.some(isStaff) && bare.every((word) => isStaff(word) || FILLERS.has(word)))
}

const [MODERATOR, ADMINISTRATOR] = lookalikeWords('moderator administrator') as [string, string]

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

/** Whether the outlet's name stands in it, as words or as the whole of it. */
function speaksForOutlet(name: string, outlet: string): boolean {
  const named = lookalikeWords(outlet).filter((word) => word !== THE)
  if (named.length === 0) return false
  const words = lookalikeWords(name)
  const all = words.filter((word) => word !== THE).join('')
  return ` ${words.join(' ')} `.includes(` ${named.join(' ')} `) || all === named.join('')
}

const [THE] = lookalikeWords('the')
