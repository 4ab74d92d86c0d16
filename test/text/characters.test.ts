import { describe, expect, test } from 'vitest'
import {
  HIDDEN,
  JOINING,
  kindOf,
  MODIFIER,
  PICTOGRAPH,
  SELECTOR,
  SHARED,
  SPACELESS,
  STACKED,
} from '../../src/text/characters.ts'

const bits = { HIDDEN, SELECTOR, STACKED, SHARED, PICTOGRAPH, MODIFIER, JOINING, SPACELESS }

/** The kinds of a character by name. */
function kindsOf(character: string): string[] {
  const kind = kindOf(character)
  return Object.entries(bits).flatMap(([name, bit]) => (kind & bit ? [name] : []))
}

describe('a character is', () => {
  test.each([
    ['a', []],
    [' ', []],
    ['\n', []],
    ['é', []],
    ['王', []],
    ['\ufe0f', ['SELECTOR', 'STACKED', 'SHARED']],
    ['\ufe00', ['SELECTOR', 'STACKED', 'SHARED']],
    ['\u180b', ['SELECTOR', 'STACKED', 'JOINING']],
    ['\u180d', ['SELECTOR', 'STACKED', 'JOINING']],
    ['\u{e0100}', ['SELECTOR', 'STACKED', 'SHARED']],
    ['\u{e01ef}', ['SELECTOR', 'STACKED', 'SHARED']],
    ['\u0301', ['STACKED', 'SHARED']],
    ['\u20dd', ['STACKED', 'SHARED']],
    ['\u05b7', ['STACKED']],
    ['\u0488', ['STACKED', 'SHARED']],
    ['\u094d', ['STACKED', 'JOINING']],
    ['\u0e31', ['STACKED', 'SPACELESS']],
    ['😀', ['PICTOGRAPH']],
    ['❤', ['PICTOGRAPH']],
    ['©', ['PICTOGRAPH']],
    ['🏽', ['MODIFIER']],
    ['🇮', []],
    // The last one is Thaana, whose letters no joiner changes.
    ...[...'مܡߊᠭकকਕકକகకಕമක'].map((letter) => [letter, ['JOINING']] as [string, string[]]),
    ['ހ', []],
    ...[...'กກកက'].map((letter) => [letter, ['SPACELESS']] as [string, string[]]),
    ['', []],
  ])('%j: %j', (character, kinds) => {
    expect(kindsOf(character)).toEqual(kinds)
    // Asked again, it is remembered.
    expect(kindsOf(character)).toEqual(kinds)
  })

  // Both ends of each range.
  const hidden = [
    ...'\u034f\u00ad\u180e\u2060\u2065\u206a\u206f\ufeff\ufff0\ufffb\u200e\u200f\u061c\u202a\u202e\u2066\u2069\ufdd0\ufdef\ufffe',
    ...[
      0x1bca0, 0x1bca3, 0x1d173, 0x1d17a, 0xe0000, 0xe0001, 0xe00ff, 0xe01f0, 0xe0fff, 0x1fffe, 0x10ffff,
    ].map((code) => String.fromCodePoint(code)),
  ]
  test.each(hidden)('hidden: %j', (character) => {
    expect(kindsOf(character)).toContain('HIDDEN')
  })

  test.each(['\u200b', '\u200c', '\u200d', '\ufffc', '\u2010', '\u00a0', '\u{e0100}'])(
    'not hidden: %j',
    (character) => {
      expect(kindsOf(character)).not.toContain('HIDDEN')
    },
  )
})
