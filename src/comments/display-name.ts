import { hasRole, type Viewer } from '../auth/viewer.ts'
import { DomainError } from '../base/errors.ts'
import { lookalikeWords } from '../text/lookalikes.ts'

/** The display name looks like one of the newsroom. */
export class DisplayNameRefused extends DomainError {
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
      'Your display name looks like one of the newsroom. Change it, then send the comment again.',
    )
  }
  return name
}

/** Symbols that sites use to mark staff and verified accounts. */
const STAFF_MARKS =
  /[\u2605\u2606\u2611\u2713\u2714\u2705\u2729-\u2730\u2b50\u2b51\u2b52\u{1f31f}\u{1f5f8}\u{1f5f9}\u{1f6e1}\u{1f451}\u{1f396}\u{1f46e}\u{1f530}\u{1fbb1}\u272a\u00a9\u00ae\u2122\u2120]/u

/** Words that readers' names may not contain. */
const STAFF_WORDS = wordsOf(
  'moderator moderators moderation moderateur moderatrice moderador moderadora moderatrix admin admins ' +
    'administrator administrators administrateur administrador administration editor editors editorial editoren ' +
    'redakteur redakteurin redaktion redaction redaccion webmaster sysadmin verified yonetici',
)

/** Words that denote staff unless the name has other words. */
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
  // Also matches "M.o.d.e.r.a.t.o.r", "A d m i n" and "Moderator7".
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

/** Whether a name contains the outlet's name, as words or as the whole name. */
function speaksForOutlet(name: string, outlet: string): boolean {
  const named = lookalikeWords(outlet).filter((word) => word !== THE)
  if (named.length === 0) return false
  const words = lookalikeWords(name)
  const all = words.filter((word) => word !== THE).join('')
  return ` ${words.join(' ')} `.includes(` ${named.join(' ')} `) || all === named.join('')
}

const [THE] = lookalikeWords('the')
