import { describe, expect, test } from 'vitest'
import { checkedDisplayName } from '../../src/comments/display-name.ts'
import { someone } from '../support/newsroom.ts'

// Each word and sign by which a reader could pass for one of the newsroom.

const OUTLET = 'The Morning Post'
const check = (name: string, outlet = OUTLET) => checkedDisplayName(someone('reader', name), outlet)
const likeStaff = 'Your display name could be mistaken for a name of the newsroom.'

describe('no reader’s name has the word', () => {
  test.each(
    (
      'moderator moderators moderation moderateur moderatrice moderador moderadora moderatrix admin admins ' +
      'administrator administrators administrateur administrador administration editor editors editorial editoren ' +
      'redakteur redakteurin redaktion redaction redaccion webmaster sysadmin verified yonetici'
    ).split(' '),
  )('%s', (word) => {
    for (const name of [
      word,
      word.toUpperCase(),
      `${word}7`,
      `${word}2026`,
      `Ada the ${word}`,
      `Ada, ${word} 12`,
    ]) {
      expect(() => check(name), name).toThrow(likeStaff)
    }
    expect(() => check([...word].join('.')), 'letter by letter').toThrow(likeStaff)
  })
})

describe('a reader’s name is not only', () => {
  const words = (
    'staff mod mods official officials newsroom support system root team host operator owner مشرف المشرف محرر ' +
    'المحرر مدير المدير ادارة الإدارة التحرير ناظر سردبير دبير بەڕێوەبەر سەرنووسەر'
  ).split(' ')
  test.each(words)('%s', (word) => {
    for (const name of [word, `The ${word}`, `${word} ${word}`])
      expect(() => check(name), name).toThrow(likeStaff)
    expect(check(`Leon ${word}`)).toBe(`Leon ${word}`)
  })

  const fillers = (
    'the a an our site news comment comments community chief senior head in of and for your this page desk writer ' +
    'reporter journalist correspondent member account service هيئة رئيس'
  ).split(' ')
  test.each(fillers)('staff with "%s"', (word) => {
    expect(() => check(`${word} Staff`)).toThrow(likeStaff)
    expect(() => check(`Staff ${word}`)).toThrow(likeStaff)
    // Alone it says nothing of the newsroom.
    expect(check(word)).toBe(word)
  })
})

test.each(['xmoderatorx', 'supermoderators', 'theadministrator', 'A d m i n i s t r a t o r s'])(
  'the words moderator and administrator stand in no name: %s',
  (name) => {
    expect(() => check(name)).toThrow(likeStaff)
  },
)

describe('signs of staff', () => {
  const signs = [
    ...[
      0x2605, 0x2606, 0x2611, 0x2713, 0x2714, 0x2705, 0x2729, 0x272a, 0x272f, 0x2730, 0x2b50, 0x2b51, 0x2b52,
    ],
    ...[0x1f31f, 0x1f5f8, 0x1f5f9, 0x1f6e1, 0x1f451, 0x1f396, 0x1f46e, 0x1f530, 0x1fbb1],
    ...[0x00a9, 0x00ae, 0x2122, 0x2120],
    ...[0x221a, 0x237b, 0x1f165, 0x1f185, 0x1f535, 0x1f537, 0x1f539, 0x1f7e6],
  ].map((code) => String.fromCodePoint(code))

  test.each(signs)('%s is in no name', (sign) => {
    for (const name of [sign, `Ada ${sign}`, `${sign}Ada`, `A${sign}da`]) {
      expect(() => check(name), name).toThrow('contains a sign that marks staff')
    }
  })

  test.each(['✈', '✱', '⬛', '🌠', '🛢', '💐', '♥', '👒', '😀', '🔴', '🟩', '🟢', '🅘'])(
    '%s may be',
    (sign) => {
      expect(check(`Ada ${sign}`)).toBe(`Ada ${sign}`)
    },
  )
})

describe('the name of the outlet', () => {
  test.each([
    'Morning Post',
    'the morning post',
    'Ada of Morning Post',
    'MorningPost',
    'Morning the Post',
    'M0rning P0st',
  ])('is no reader’s: %s', (name) => {
    expect(() => check(name)).toThrow(likeStaff)
  })

  test.each([
    'Morning',
    'Post',
    'Post Morning',
    'Morning Posters',
    'Good Morning to the Post',
    'Morningpostfan',
  ])('is not %s', (name) => {
    expect(check(name)).toBe(name)
  })

  test('is found where its letters resemble one', () => {
    for (const name of ['Magic Lens', 'MagicLens', 'magiclens', 'Maglc lens'])
      expect(() => check(name, 'Magic Lens'), name).toThrow(likeStaff)
  })

  test('may be anything, and where there is none, all names are free', () => {
    expect(() => check('Die Zeit', 'Die Zeit')).toThrow(likeStaff)
    for (const outlet of ['', 'The', ' - ']) {
      expect(check('The', outlet)).toBe('The')
      expect(check('Ada', outlet)).toBe('Ada')
      expect(check('-', outlet)).toBe('-')
    }
  })
})

describe('where a sign may be a letter or not, both readings count', () => {
  test.each([
    '@Dateline',
    '@dateline',
    '＠dateline',
    '@d@teline',
    '@dateline_news',
    '@TheDateline',
    'Dateline!',
    '¡Dateline!',
    '$Dateline$',
    'Dateline|News',
    'nadia@dateline',
    '@admin',
    '@dmin',
    '@@admin!!',
    'ada@admin',
    'Editor!',
    '!mod!',
  ])('refused: %s', (name) => {
    expect(() => check(name, 'Dateline')).toThrow(likeStaff)
  })

  test.each(['@ada', 'Ada!', 'nadia@example', 'Nadia @ Work', 'Datelines!', 'Leon Staff!', '¡Ada!', 'A$AP'])(
    'allowed: %s',
    (name) => {
      expect(check(name, 'Dateline')).toBe(name)
    },
  )
})

describe('a role set apart from a name', () => {
  test.each([
    'Ada [staff]',
    'Ada (Staff)',
    'Ada [mod]',
    'Ada (site staff)',
    'Ada {mods}',
    'Ada <mod>',
    'Ada 【Mod】',
    'Ada （mod）',
    '[mod]Ada',
    '(Staff) Ada Smith',
    'Ada (M.o.d.)',
    'Ada [m0d]',
    'Ada | Staff',
    'Ada - Staff',
    'Ada — Mod',
    'Ada • Staff',
    'Ada ~mod~',
    'Mod: Ada',
    'Ada (مشرف)',
    'Ada 🅼🅾🅳',
    'Ada 🅼 🅾 🅳',
    'Ada 🅜🅞🅓',
    'Ada ⓂⓄⒹ',
    'Ada 🄼🄾🄳',
    'Ada 𝐌𝐎𝐃',
    'Ada ᴍᴏᴅ',
    'Ada ᴹᵒᵈ',
    'Ada 🅼od',
    'Ada ＳＴＡＦＦ',
    'Ada 𝕊𝕥𝕒𝕗𝕗',
  ])('refused: %s', (name) => {
    expect(() => check(name)).toThrow(likeStaff)
  })

  test.each([
    'Leon Staff',
    'Ada Mod',
    'Staff, Leon',
    'Ada Host-Müller',
    'Host–Müller',
    'Ada D’Host',
    'Ada (Berlin)',
    'Ada [she/her]',
    'Ada (Modena)',
    'Ada - Berlin',
    'Ada | Home Team',
    'Gal·la Root',
    '𝓐𝓭𝓪',
    '🅐🅓🅐 Staff',
    'Ａｄａ',
    'Ada 🇲🇴',
    '🅥🅘🅒🅣🅞🅡',
  ])('allowed: %s', (name) => {
    expect(check(name)).toBe(name)
  })
})

describe('lookalikes of staff', () => {
  test.each([
    'ꓟoderator',
    'ꓟꓳꓓꓰꓣꓮꓔꓳꓣ',
    'ꓮdmin',
    'ꓮꓓꓟꓲꓠ',
    'ꓟod',
    'ɱoderator',
    'Moclerator',
    'moclerators',
    'Aclmin',
    'ᗰOᗪEᖇᗩTOᖇ',
    'ᎷᎾDERATOR'.replace('Ꮎ', 'O'),
    'ƁƖɱ admıɲ',
    'Ⲙoⲇerator'.replace('ⲇ', 'd'),
    'stɑff',
    'ꓢtaff',
    'eɖiƭoɽ',
  ])('refused: %s', (name) => {
    expect(() => check(name)).toThrow(likeStaff)
  })

  test.each(['Claude', 'Clement', 'Dean', 'Macleod', 'ꓡꓲꓢꓴ', 'ᏣᎳᎩ', 'ᐃᓄᒃ', 'Ɓala', 'Ŋaba'])(
    'allowed: %s',
    (name) => {
      expect(check(name)).toBe(name)
    },
  )
})

describe('words for staff in other languages', () => {
  const words = [
    'Модератор Модераторы Модератора Модераторша Модератори Модераторка Модерация Модерація Модер',
    'Администратор Администраторы Администрация Админ Админы Админша Сисадмин Вебмастер',
    'Адміністратор Адміністратори Адміністрація Адмін Адміни',
    'Редактор Редакторы Редактори Редакторка Редакция Редакція Редколлегия Редколегія Главред Головред',
    'Διαχειριστής Διαχειρίστρια Διαχειριστές Διαχείριση Συντονιστής Συντονίστρια Συντάκτης Συντάκτρια Σύνταξη',
    'Αρχισυντάκτης Αρχισυντάκτρια Επιμελητής Επιμελήτρια',
    '管理员 管理員 管理者 管理人 版主 站长 站長 审核员 審核員 编辑 編輯 主编 主編 总编辑 總編輯 编辑部 編輯部',
    '編集者 編集長 編集部 編集局 編集委員 運営者 運営事務局 モデレーター モデレータ アドミン',
    '관리자 관리인 운영자 운영진 모더레이터 중재자 어드민 편집자 편집장 편집국 편집부 에디터',
  ].flatMap((line) => line.split(' '))

  test.each(words)('%s', (word) => {
    for (const name of [word, word.toUpperCase(), word.toLowerCase(), `Ada ${word}`, `Ada (${word})`]) {
      expect(() => check(name), name).toThrow(likeStaff)
    }
    expect(() => check([...word].join('.')), 'letter by letter').toThrow(likeStaff)
  })

  test.each([
    'Главный редактор',
    'Головний редактор',
    'шеф-редактор',
    'Супермодератор',
    'Модератор сайта',
    '网站管理员',
    '超级管理员',
    '网站管理员小明',
    'サイト管理者',
    'ﾓﾃﾞﾚｰﾀｰ',
    '사이트 관리자님',
    '관리자1',
    'Δ ι α χ ε ι ρ ι σ τ ή ς',
  ])('refused: %s', (name) => {
    expect(() => check(name)).toThrow(likeStaff)
  })

  test.each([
    'Модест Мусоргский',
    'Модест',
    'Адам',
    'Иван Редько',
    'Иван Редин',
    'Олексій Адаменко',
    'Δημήτρης Συνοδινός',
    'Διονύσιος',
    'Σταύρος',
    'ΣΤΑΥΡΟΣ',
    '王小明',
    '李编',
    '管野美穂',
    '山田太郎',
    'モデスト',
    '김민수',
    '관우',
    '편은지',
  ])('allowed: %s', (name) => {
    expect(check(name)).toBe(name)
  })
})

test('moderators and above may call themselves what they are, but not when they are banned', () => {
  const viewer = someone('moderator', 'Moderator ✓')
  expect(checkedDisplayName(viewer, OUTLET)).toBe('Moderator ✓')
  expect(() => checkedDisplayName({ ...viewer, isBanned: true }, OUTLET)).toThrow('marks staff')
  expect(checkedDisplayName({ ...viewer, role: 'reader', displayName: null }, OUTLET)).toBe('Reader')
  expect(() => check('Moderator')).toThrow(expect.objectContaining({ code: 'DISPLAY_NAME_REFUSED' }))
})

describe('a number, a filler or the outlet’s own name does not hide a word for staff', () => {
  test.each(
    (
      'Mod1|Mod 1|Mod #1|Mod007|7Mod|7Mod7|Staff1|xX_Mod_Xx|Ada [mod1]|M0d1|Mod①|' +
      'Dateline7|7Dateline|Dateline2026|Datelineofficial|OfficialDateline|officialdateline|datelinestaff|datelineteam|' +
      'thedatelinenews|TheDateline1'
    ).split('|'),
  )('refused: %s', (name) => {
    expect(() => check(name, 'Dateline')).toThrow(likeStaff)
  })

  test.each(['Harbour Post1', 'HarbourPost2', '1Harbour Post', 'harbourpostofficial', 'Harbour Post Team'])(
    'refused: %s',
    (name) => {
      expect(() => check(name, 'The Harbour Post')).toThrow(likeStaff)
    },
  )

  test.each(
    'Modesty|Staffan|Modi|Addison|Editha|Moda|Modi 7|Ada1|7Ada|Leon Staff 7|Datelined|Dateliner|Harbour7|Postman'.split(
      '|',
    ),
  )('allowed: %s', (name) => {
    expect(check(name, 'Dateline')).toBe(name)
    expect(check(name, 'The Harbour Post')).toBe(name)
  })
})

describe('spellings of words for staff', () => {
  test.each(
    (
      'مـشـرف|مــدير|سه\u200cرنووسه\u200cر|سەرنوسەر|به\u200cڕێوه\u200cبه\u200cر|بەریوەبەر|ادمین|ادمين|أدمن|ئەدمین|' +
      'ئه\u200cدمین|مۆدێراتۆر|Redactie|Redaktör|Redaktør|Redacteur|Rédacteur|Redazione|Redakcja|Amministratore|' +
      'Toimitus|עורך|संपादक|ผู้ดูแล|小编|Ada Redaktör|MODΣRATOR|MӨDΣRΛTӨЯ|ϺODERATOR|ꟽoderator|' +
      'modera†or|ɹoʇɐɹǝpoɯ|uᴉɯpɐ|ADMIИ|ДDMIN|аДМин|Mo\u{1d159}derator|Ad\u{13441}min'
    ).split('|'),
  )('refused: %s', (name) => {
    expect(() => check(name)).toThrow(likeStaff)
  })

  test.each('Яна|Инна|Дина|Λουκάς|ΣΩΚΡΑΤΗΣ|हेमंत|สมชาย|נועם|محمود|هەڵۆ|دانا'.split('|'))(
    'allowed: %s',
    (name) => {
      expect(check(name)).toBe(name)
    },
  )
})

test.each([...'✦⋆٭⚝⍟✧Ⓜⓥ💠🏅✪★🥇🟊✶'])('%s marks staff', (sign) => {
  for (const name of [`Ada ${sign}`, `${sign} Ada`]) {
    expect(() => check(name), name).toThrow('contains a sign that marks staff')
  }
})
