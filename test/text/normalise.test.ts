import { array, assert, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countGraphemes, truncateGraphemes } from '../../src/text/length.ts'
import {
  isBlank,
  normaliseLine,
  normaliseText,
  trimBlanks,
  withoutInvisible,
} from '../../src/text/normalise.ts'

/** Words and signs in which an invisible character is part of the spelling. */
const spelt = [
  ['Persian', 'می‌خواهم کتاب‌ها'],
  ['Sorani', 'ده‌ستپێكردن ئه‌وه‌'],
  ['Arabic with vowels', 'مُحَمَّدٌ'],
  ['Hindi', 'क्‍ष और क्‌ष'],
  ['Sinhala', 'ශ්‍රී ලංකා'],
  ['Malayalam', 'ന്‍'],
  ['Hebrew with points', 'שָׁלוֹם'],
  ['Khmer', 'ភាសា\u200bខ្មែរ'],
  ['Mongolian', 'ᠭᠠᠨ᠋'],
  ['Japanese', '葛\u{e0100}城'],
  ['Vietnamese', 'Tiếng Việt'],
  ['a family', '👨‍👩‍👧‍👦'],
  ['a kiss of two skins', '👩🏽‍❤️‍💋‍👨🏿'],
  ['a firefighter', '👩🏽‍🚒'],
  ['a burning heart', '❤️‍🔥'],
  ['a rainbow flag', '🏳️‍🌈'],
  ["a pirates' flag", '🏴‍☠️'],
  ['the flag of England', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ['the flag of Iraq', '🇮🇶'],
  ['a keycap', '1️⃣'],
  ['a telephone as text', '☎︎'],
] as const

describe('text as it is stored', () => {
  test.each(spelt)('keeps %s', (_what, text) => {
    expect(normaliseText(text)).toBe(text.normalize('NFC'))
  })

  test.each([
    ['direction overrides', 'abc\u202edef\u202c', 'abcdef'],
    ['direction isolates', '\u2066abc\u2069\u2067', 'abc'],
    ['direction marks', 'a\u200eb\u200fc\u061c', 'abc'],
    ['tag characters', 'hi\u{e0068}\u{e0069}\u{e007f}', 'hi'],
    ['tags behind a flag that there is not', '🏴\u{e0075}\u{e0073}\u{e007f}', '🏴'],
    ['signs without a glyph', 'a\u{1d159}b\u{13441}c\u{13442}', 'abc'],
    ['noncharacters', 'a\ufdd0b\uffffc\u{1fffe}', 'abc'],
    ['joiners between Latin letters', 'a\u200db\u200cc', 'abc'],
    ['joiners between an emoji and a letter', '👩\u200da', '👩a'],
    ['joiners in a row', 'می\u200c\u200c\u200cخواهم', 'می\u200cخواهم'],
    ['the byte order mark and the word joiner', '\ufeffa\u2060b', 'ab'],
    ['soft hyphens and zero-width spaces', 'co\u00adop\u200berate', 'cooperate'],
    ['selectors that spell out bytes', `😀\ufe00\ufe01${'\u{e0100}\u{e0110}'.repeat(9)}`, '😀'],
    ['marks without a letter', '\u0301a\n\u0301b', 'a\nb'],
    ['marks on a blank at the start', ' \u3164\u0301a', 'a'],
    ['marks beyond four', `Z${'\u0335'.repeat(40)}!`, `Z${'\u0335'.repeat(4)}!`],
    ['marks beyond eight of a script', `ש${'\u05b7'.repeat(40)}`, `ש${'\u05b7'.repeat(8)}`],
    [
      'joiners of an endless family',
      `👩${'\u200d👩'.repeat(50)}`,
      `👩${'\u200d👩'.repeat(5)}${'👩'.repeat(45)}`,
    ],
    ['joiners of another kind between emoji', '👩\u200c👩', '👩👩'],
    ['joiners ahead of a mark, but for scripts that need them', 'a\u200d\u0301', 'á'],
    ['zero-width spaces outside of scripts that put none between words', 'ไ\u200bท a\u200bb', 'ไ\u200bท ab'],
    ['selectors behind what has no other form', 'a\ufe0f王\ufe0fب\ufe00', 'a王ب'],
    ['selectors of Mongolian behind other letters', 'a\u180b', 'a'],
    ['selectors behind a joiner', '👩\u200d\ufe0f👩', '👩\u200d👩'],
    ['marks on a line feed', 'a\n\u0301', 'a'],
    [
      'marks behind a flag',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}\u0301',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    ],
    [
      'marks beyond eight, of two scripts together',
      `ש${'\u05b7'.repeat(6)}${'\u0335'.repeat(4)}`,
      `ש${'\u05b7'.repeat(6)}${'\u0335'.repeat(2)}`.normalize('NFC'),
    ],
  ])('loses %s', (_what, text, stored) => {
    expect(normaliseText(text)).toBe(stored)
  })

  test('counts joiners of emoji for each emoji, and marks for each letter, over any length of text', () => {
    const families = Array(20).fill('👨‍👩‍👧‍👦').join(' ')
    expect(normaliseText(families)).toBe(families)
    expect(normaliseText('👩‍🚒'.repeat(20))).toBe('👩‍🚒'.repeat(20))
    const marked = `Z${'\u0335'.repeat(4)}`
    expect(normaliseText(marked.repeat(20))).toBe(marked.repeat(20))
    const pointed = `ש${'\u05b7'.repeat(8)}`
    expect(normaliseText(pointed.repeat(20))).toBe(pointed.repeat(20))
    const six = `👩${'\u200d👩'.repeat(6)}`
    const five = `👩${'\u200d👩'.repeat(5)}`
    expect(normaliseText(`${six}a${five}`)).toBe(`${five}👩a${five}`)
  })

  test('breaks lines wherever the pasted text did', () => {
    expect(normaliseText('1\r\n2\r3\v4\f5\u00856\u20287\u20298\n9')).toBe('1\n2\n3\n4\n5\n6\n7\n8\n9')
  })

  test('has no blanks around it, of any kind', () => {
    expect(normaliseText(' \u3164\u2800\n\u200b a b \u00a0\u115f\u1160\uffa0')).toBe('a b')
  })

  test.each([
    '',
    ' \n\t',
    '\u3164',
    '\u2800\u2800',
    '\u115f\u1160',
    '\uffa0',
    '\u200b\u200d\u2060',
    '\ufe0f\u0301',
    '\u{1d159}',
    '\u{13441}\u{13442}',
    '\ufffc',
    '\u0640\u0640 \u0640\u064e',
    '\ue000\u{f0000}',
    '\u0378',
  ])('is blank where nothing is to be seen: %j', (text) => {
    expect(isBlank(normaliseText(text))).toBe(true)
  })

  test('keeps the tatweel', () => {
    expect(normaliseText('ســـلام')).toBe('ســـلام')
  })

  test('of one line has no other', () => {
    expect(normaliseLine('  Ada\r\n\tLovelace\u2028 ')).toBe('Ada Lovelace')
  })

  const FORBIDDEN =
    /[\p{Bidi_Control}\p{Noncharacter_Code_Point}\u00ad\u2060-\u206f\ufeff\r\v\f\u0085\u2028\u2029]|\u034f|\p{Mn}{9,}/u

  const pieces = oneof(
    string({ unit: 'binary' }),
    constantFrom(...spelt.map(([, text]) => text)),
    constantFrom(
      '\u200d',
      '\u200c',
      '\u200b',
      '\u202e',
      '\u2066',
      '\u0301',
      '\u0323',
      '\u0344',
      '\u034f',
      '\ufe0f',
      '\u3164',
      '\u05b7',
      '\u1100',
      '\u1161',
      '\u{e0061}',
      '\u{e0100}',
      '🏴',
      '👩',
      '🏽',
      'م',
      'क',
      '्',
      'a',
      ' ',
      '\n',
      '\r',
      '\u0f71',
      '\u{1d173}',
    ),
  )
  const texts = array(pieces, { maxLength: 30 }).map((some) => some.join('').toWellFormed())

  test('does not change when it is cleaned again', () => {
    assert(
      property(texts, (text) => {
        const once = normaliseText(text)
        expect(normaliseText(once)).toBe(once)
      }),
      { numRuns: 1_000 },
    )
  })

  test('never holds what is forbidden, whatever comes in', () => {
    assert(
      property(texts, (text) => {
        const stored = normaliseText(text)
        expect(stored.match(FORBIDDEN)).toBeNull()
        expect(stored).toBe(stored.normalize('NFC'))
      }),
      { numRuns: 1_000 },
    )
  })

  test('keeps every letter, digit and sign in its order', () => {
    const seen = (text: string) =>
      text
        .normalize('NFC')
        .replace(
          /[^\p{L}\p{N}\p{P}\p{S}]|[\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}]/gu,
          '',
        )
        .normalize('NFD')
        .replace(/[\p{M}]/gu, '')
    assert(
      property(texts, (text) => {
        expect(seen(normaliseText(text))).toBe(seen(text))
      }),
      { numRuns: 500 },
    )
  })
})

describe('what is seen of a text', () => {
  test.each([
    ['a', false],
    ['7', false],
    ['.', false],
    ['€', false],
    ['😀', false],
    [' \u0301a', false],
    ['\u3164\u115f\u1160\uffa0\u2800', true],
    ['\u00a0\u2003\t\n', true],
    ['\u0301\u20dd', true],
    ['\u00ad\u200b', true],
    ['\u{1d159}\u{13441}\u{13442}\ufffc', true],
    ['\u0640', true],
    ['\ufffd', false],
    ['ـس', false],
  ])('%j is nothing: %j', (text, nothing) => {
    expect(isBlank(text)).toBe(nothing)
  })

  test('is without what is drawn as nothing, at its ends', () => {
    const blanks = ' \t\n\u115f\u1160\u3164\uffa0\u2800\u200b\u2060\u00a0'
    expect(trimBlanks(`${blanks}a${blanks}b${blanks}`)).toBe(`a${blanks}b`)
    expect(trimBlanks(blanks)).toBe('')
    expect(trimBlanks('')).toBe('')
  })

  test('is without what nobody sees, for comparisons', () => {
    expect(withoutInvisible('a\u3164b\u2800c')).toBe('a b c')
    expect(withoutInvisible('a\u200d\u2060\ufe0f\u00ad\u{e0061}b')).toBe('ab')
    expect(withoutInvisible('a b\u0301')).toBe('a b\u0301')
    expect(withoutInvisible('a\u{1d159}\u{13441}\ue000\u0378b')).toBe('ab')
    expect(withoutInvisible('ســـلام')).toBe('سلام')
    expect(withoutInvisible('\u{1faff}')).toBe('\u{1faff}')
  })
})

test('spacing marks are bounded like others: NFC sorts them in time that grows with the square of their number', () => {
  const text = `a${'\u{1d16d}'.repeat(12_600)}${'\u{1d165}'.repeat(12_600)}`
  expect([...normaliseText(text)].length).toBeLessThanOrEqual(31)
})

describe('the length of a text', () => {
  test.each([
    ['👨‍👩‍👧‍👦', 1],
    ['🇮🇶🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
    ['e\u0301a', 2],
    ['', 0],
  ])('of %s is %i', (text, length) => {
    expect(countGraphemes(text)).toBe(length)
  })

  test('is cut between characters', () => {
    expect(truncateGraphemes('ab👨‍👩‍👧‍👦c', 8)).toBe('ab')
    expect(truncateGraphemes('ab👨‍👩‍👧‍👦c', 9)).toBe('ab👨‍👩‍👧‍👦')
    expect(truncateGraphemes('abc', 80)).toBe('abc')
    expect(truncateGraphemes('abc', 3)).toBe('abc')
    expect(truncateGraphemes('abc', 2)).toBe('ab')
    expect(truncateGraphemes('abc', 0)).toBe('')
    expect(truncateGraphemes('e\u0301e\u0301', 3)).toBe('e\u0301')
    expect(truncateGraphemes('😀'.repeat(90), 80)).toBe('😀'.repeat(80))
  })
})
