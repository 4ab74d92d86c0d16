import { hasRole, type Viewer } from '../auth/viewer.ts'
import { DomainError } from '../base/errors.ts'
import { joinedWords, lookalikeReadings, lookalikeWords } from '../text/lookalikes.ts'

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

/** Symbols that sites use to mark staff and verified accounts, also a single V in a black circle or square. */
const STAFF_MARKS =
  /[\u2605\u2606\u2611\u2713\u2714\u2705\u2729-\u2730\u2b50\u2b51\u2b52\u{1f31f}\u{1f5f8}\u{1f5f9}\u{1f6e1}\u{1f451}\u{1f396}\u{1f46e}\u{1f530}\u{1fbb1}\u272a\u00a9\u00ae\u2122\u2120\u221a\u237b\u{1f535}\u{1f537}\u{1f539}\u{1f7e6}]|(?<![\u{1f150}-\u{1f189}])[\u{1f165}\u{1f185}](?![\u{1f150}-\u{1f189}])/u

/** Words that readers' names may not contain. */
const STAFF_WORDS = wordsOf(
  'moderator moderators moderation moderateur moderatrice moderador moderadora moderatrix admin admins ' +
    'administrator administrators administrateur administrador administration editor editors editorial editoren ' +
    'redakteur redakteurin redaktion redaction redaccion webmaster sysadmin verified yonetici ' +
    'модер модеры модерация модерації модерація админ админы админша админка сисадмин вебмастер администрация ' +
    'адмін адміни адмінка сисадмін вебмайстер адміністрація редактор редакторы редактори редакторша редакторка ' +
    'главред редакция редколлегия головред редакція редколегія мадэратар адміністратар рэдактар рэдакцыя ' +
    'уредник уредништво διαχειριστής διαχειρίστρια διαχειριστές διαχείριση συντονιστής συντονίστρια συντονιστές ' +
    'συντάκτης συντάκτρια συντάκτες σύνταξη αρχισυντάκτης αρχισυντάκτρια αρχισυνταξία επιμελητής επιμελήτρια',
)

/** Words that readers' names may not contain, not even as a part of a word. */
const STAFF_PARTS = wordsOf(
  'moderator administrator модератор администратор адміністратор главредактор ' +
    '管理员 管理員 管理者 管理人 版主 站长 站長 审核员 審核員 编辑 編輯 主编 主編 总编 總編 ' +
    '編集者 編集長 編集部 編集局 編集室 編集委員 論説委員 運営者 運営局 運営事務局 モデレーター モデレータ アドミン 管理チーム ' +
    '관리자 관리인 관리팀 운영자 운영진 운영팀 모더레이터 중재자 어드민 편집자 편집인 편집장 편집국 편집부 에디터',
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

/** In both cases: capitals of Greek resemble other letters than small letters do. */
function wordsOf(text: string): Set<string> {
  const capitalised = text.replace(/(?<=^| )\S/gu, (letter) => letter.toUpperCase())
  return new Set([text, text.toUpperCase(), capitalised].flatMap(lookalikeWords))
}

/** Whether a name, or a part of it that is set apart, says that its owner is one of the newsroom. */
function speaksForStaff(name: string): boolean {
  return [name, ...labelsIn(name)].flatMap(lookalikeReadings).some(namesStaff)
}

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

/** Whether a name contains the outlet's name, as words or as the whole name. */
function speaksForOutlet(name: string, outlet: string): boolean {
  const named = lookalikeWords(outlet).filter((word) => word !== THE)
  if (named.length === 0) return false
  return lookalikeReadings(name).some((words) => {
    const all = joinedWords(words.filter((word) => word !== THE))
    return ` ${words.join(' ')} `.includes(` ${named.join(' ')} `) || all === joinedWords(named)
  })
}

const [THE] = lookalikeWords('the')
