import { joinedWords, lookalikeWords } from '../text/lookalikes.ts'

/** Circled and squared letters. */
const ENCLOSED = '\\u{24b6}-\\u{24e9}\\u{1f150}-\\u{1f189}\\u{1f1e6}-\\u{1f1ff}'

/** Stars, check marks, badges, medals, shields and crowns, and the marks of companies. */
const BADGES =
  '\\u066d\\u2363\\u235f\\u22c6\\u2605\\u2606\\u2611\\u269d\\u26e4-\\u26e7\\u2705\\u2713\\u2714\\u2726\\u2727\\u2729-\\u2730\\u2734-\\u2739' +
  '\\u2b50-\\u2b52\\u2be8\\u2bea\\u2beb\\u{1f31f}\\u{1f396}\\u{1f3c5}\\u{1f3f5}\\u{1f451}\\u{1f46e}\\u{1f4a0}\\u{1f4db}\\u{1f530}' +
  '\\u{1f535}\\u{1f537}\\u{1f539}\\u{1f5f8}\\u{1f5f9}\\u{1f6e1}\\u{1f7c0}-\\u{1f7d8}\\u{1f7e6}\\u{1f947}-\\u{1f949}\\u{1fbb1}' +
  '\\u00a9\\u00ae\\u2120\\u2122\\u221a\\u237b'

/** Symbols that sites use to mark staff and verified accounts, also a single V or M in a circle or square. */
export const STAFF_MARKS = new RegExp(
  `[${BADGES}]|(?<![${ENCLOSED}]\\s?)(?:[Ⓥⓥ\\u{1f165}\\u{1f185}]|[Ⓜⓜ\\u{1f15c}\\u{1f17c}](?![\\p{L}]))(?!\\ufe0f?\\s?[${ENCLOSED}])`,
  'u',
)

/** Words that readers' names may not contain. */
export const STAFF_WORDS = wordsOf(
  'moderator moderators moderation moderateur moderatrice moderador moderadora moderatrix admin admins ' +
    'administrator administrators administrateur administrador administration editor editors editorial editoren ' +
    'redakteur redakteurin redaktion redaction redaccion webmaster sysadmin verified yonetici redactie redaktor redaktorka ' +
    'redaktør redaktören redacteur redactrice redazione redakcja amministratore amministratrice toimitus toimittaja ' +
    'ادمین أدمن الأدمن ئەدمین مۆدێراتۆر ' +
    'модер модеры модерация модерації модерація админ админы админша админка сисадмин вебмастер администрация ' +
    'адмін адміни адмінка сисадмін вебмайстер адміністрація редактор редакторы редактори редакторша редакторка ' +
    'главред редакция редколлегия головред редакція редколегія мадэратар адміністратар рэдактар рэдакцыя ' +
    'уредник уредништво διαχειριστής διαχειρίστρια διαχειριστές διαχείριση συντονιστής συντονίστρια συντονιστές ' +
    'συντάκτης συντάκτρια συντάκτες σύνταξη αρχισυντάκτης αρχισυντάκτρια αρχισυνταξία επιμελητής επιμελήτρια',
)

/** Words that readers' names may not contain, not even as a part of a word. */
export const STAFF_PARTS = wordsOf(
  'moderator administrator модератор администратор адміністратор главредактор ' +
    '管理员 管理員 管理者 管理人 版主 站长 站長 审核员 審核員 编辑 編輯 主编 主編 总编 總編 ' +
    '編集者 編集長 編集部 編集局 編集室 編集委員 論説委員 運営者 運営局 運営事務局 モデレーター モデレータ アドミン 管理チーム ' +
    'संपादक व्यवस्थापक ผู้ดูแล 小编 小編 ' +
    '관리자 관리인 관리팀 운영자 운영진 운영팀 모더레이터 중재자 어드민 편집자 편집인 편집장 편집국 편집부 에디터',
)

/** Words that denote staff unless the name has other words. */
export const STAFF_WORDS_ALONE = wordsOf(
  'staff mod mods official officials newsroom support system root team host operator owner مشرف المشرف محرر المحرر ' +
    'مدير المدير ادارة الإدارة التحرير ناظر سردبير دبير بەڕێوەبەر سەرنووسەر עורך עורכת העורך',
)

export const FILLERS = wordsOf(
  'the a an our site news comment comments community chief senior head in of and for your this page desk writer ' +
    'reporter journalist correspondent member account account service هيئة رئيس x xx xxx',
)

/** In both cases: capitals of Greek and Cyrillic resemble other letters than small letters do. */
function wordsOf(text: string): Set<string> {
  const forms = text.split(' ').flatMap((word) => {
    const [first = '', ...rest] = word
    return [word, word.toUpperCase(), first.toUpperCase() + rest.join('')]
  })
  // Indic vowel signs are no letters, and would divide a word.
  return new Set(forms.map((word) => joinedWords(lookalikeWords(word))))
}
