import { describe, expect, test } from 'vitest'
import { checkedDisplayName } from '../../src/comments/display-name.ts'
import { someone } from '../support/newsroom.ts'

// Each word and sign by which a reader could pass for one of the newsroom.

const OUTLET = 'The Morning Post'
const check = (name: string, outlet = OUTLET) => checkedDisplayName(someone('reader', name), outlet)
const likeStaff = 'Your display name looks like one of the newsroom.'

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
  ].map((code) => String.fromCodePoint(code))

  test.each(signs)('%s is in no name', (sign) => {
    for (const name of [sign, `Ada ${sign}`, `${sign}Ada`, `A${sign}da`]) {
      expect(() => check(name), name).toThrow('contains a sign that marks staff')
    }
  })

  test.each(['✈', '✱', '⬛', '🌠', '🛢', '💐', '♥', '👒', '😀'])('%s may be', (sign) => {
    expect(check(`Ada ${sign}`)).toBe(`Ada ${sign}`)
  })
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

  test('may be anything, and where there is none, all names are free', () => {
    expect(() => check('Die Zeit', 'Die Zeit')).toThrow(likeStaff)
    for (const outlet of ['', 'The', ' - ']) {
      expect(check('The', outlet)).toBe('The')
      expect(check('Ada', outlet)).toBe('Ada')
      expect(check('-', outlet)).toBe('-')
    }
  })
})

test('moderators and above may call themselves what they are, but not when they are banned', () => {
  const viewer = someone('moderator', 'Moderator ✓')
  expect(checkedDisplayName(viewer, OUTLET)).toBe('Moderator ✓')
  expect(() => checkedDisplayName({ ...viewer, isBanned: true }, OUTLET)).toThrow('marks staff')
  expect(checkedDisplayName({ ...viewer, role: 'reader', displayName: null }, OUTLET)).toBe('Reader')
  expect(() => check('Moderator')).toThrow(expect.objectContaining({ code: 'DISPLAY_NAME_REFUSED' }))
})
