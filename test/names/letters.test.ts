import { describe, expect, test } from 'vitest'
import { foldCharacter, foldedCharacters } from '../../src/names/letters.ts'
import { normaliseCased, normaliseName } from '../../src/names/names.ts'

test('however many characters clients send, at most 10,000 are remembered', () => {
  const every = Array.from({ length: 60_000 }, (_, i) => String.fromCodePoint(0x20000 + i)).join('')
  normaliseName(every)
  normaliseCased(every)
  expect(foldedCharacters.caseless.size).toBeLessThanOrEqual(10_000)
  expect(foldedCharacters.cased.size).toBeLessThanOrEqual(10_000)
  expect(normaliseName('Şêrko Bêkes')).toBe('serko bekes')
  expect(foldCharacter('É')).toEqual({ kind: 'letters', text: 'e' })
  expect(foldCharacter('É', true)).toEqual({ kind: 'letters', text: 'E' })
})

const letters = (text: string) => ({ kind: 'letters', text })

describe('a letter as names are compared', () => {
  const variants: [string, string][] = [
    ...[...'ىیېێے'].map((letter): [string, string] => [letter, 'ي']),
    ...[...'کڪ'].map((letter): [string, string] => [letter, 'ك']),
    ...[...'ةەہھۃ'].map((letter): [string, string] => [letter, 'ه']),
    ...[...'ۆۇ'].map((letter): [string, string] => [letter, 'و']),
    ['ٱ', 'ا'],
    ['آ', 'ا'],
    ['أ', 'ا'],
    ['إ', 'ا'],
    ['ؤ', 'و'],
    ['ئ', 'ي'],
    ['ڕ', 'ر'],
    ['ڵ', 'ل'],
    ['ں', 'ن'],
    ['ı', 'i'],
    ['İ', 'i'],
    ['ø', 'o'],
    ['ł', 'l'],
    ['đ', 'd'],
    ['ð', 'd'],
    ['ħ', 'h'],
    ['þ', 'th'],
    ['æ', 'ae'],
    ['œ', 'oe'],
    ['ə', 'a'],
    ['ß', 'ss'],
    ['ﬁ', 'fi'],
    ['ς', 'σ'],
    ['é', 'e'],
    ['ё', 'е'],
    ['Ⅳ', 'iv'],
    ['²', '2'],
  ]
  test.each(variants)('%s is %s', (letter, text) => {
    expect(foldCharacter(letter)).toEqual(letters(text))
  })

  test.each([
    ['Ø', 'O'],
    ['Æ', 'AE'],
    ['Þ', 'TH'],
    ['Ł', 'L'],
    ['ø', 'o'],
    ['æ', 'ae'],
    ['É', 'E'],
    ['İ', 'I'],
    ['ß', 'ß'],
    ['ك', 'ك'],
    ['ک', 'ك'],
  ])('%s with its case kept is %s', (letter, text) => {
    expect(foldCharacter(letter, true)).toEqual(letters(text))
  })

  test.each(['٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹', '०१२३४५६७८९', '০১২৩৪৫৬৭৮৯', '๐๑๒๓๔๕๖๗๘๙', '０１２３４５６７８９'])(
    'the digits %s are those of Europe',
    (digits) => {
      expect([...digits].map((digit) => foldCharacter(digit))).toEqual([...'0123456789'].map(letters))
    },
  )

  test.each(['\u0301', '\u064b', '\u0651', '\u0640', '\u05b0'])('the mark %j only decorates', (mark) => {
    expect(foldCharacter(mark)).toEqual({ kind: 'mark' })
  })

  test.each(['\u200c', '\u200d', '\u00ad', '\u200f', '\u02be', '\u02bf', '\ufeff'])(
    '%j is not there',
    (character) => {
      expect(foldCharacter(character)).toEqual({ kind: 'invisible' })
    },
  )

  test.each([' ', '\n', '-', '.', '’', '_', '&', '🌧', '،', '%'])('%j parts words', (character) => {
    expect(foldCharacter(character)).toEqual({ kind: 'boundary' })
  })

  test.each(['ा', '่', '\u3099'])('the mark %s of a script that needs it is a letter', (mark) => {
    expect(foldCharacter(mark)).toEqual(letters(mark))
  })
})
