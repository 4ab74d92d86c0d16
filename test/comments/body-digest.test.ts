import { expect, test } from 'vitest'
import { bodyDigestOf, checkedBody } from '../../src/comments/body.ts'

test.each([
  ['letter case and width', 'Hello World', 'ｈＥＬＬＯ  world'],
  ['a null notehead', 'Hello world', 'Hello\u{1d159} world'],
  ['blanks of hieroglyphs', 'Hello world', 'Hel\u{13441}lo\u{13442} world'],
  ['an object replacement character', 'Hello world', 'Hello world\ufffc'],
  ['private use characters', 'Hello x', 'Hello x\ue000\u{f0000}'],
  ['unassigned characters', 'Hello x', 'Hello x\u0378'],
  ['tatweel', 'سلام عليكم', 'ســـلام عليكم'],
  ['a compatibility form with a tatweel', 'سلام\u064e', 'سلام\ufe77'],
])('a comment that differs only in %s is a repeat', (_what, one, other) => {
  expect(bodyDigestOf(checkedBody(other))).toEqual(bodyDigestOf(checkedBody(one)))
})

test.each([
  ['Hello', 'Hallo'],
  ['Hello 😀', 'Hello 😁'],
  ['سلام', 'سلم'],
])('%s and %s are different comments', (one, other) => {
  expect(bodyDigestOf(checkedBody(other))).not.toEqual(bodyDigestOf(checkedBody(one)))
})

test.each(['\u{1d159}', '\u{13441}\u{13442}', '\u0640', '\ufffc', '\ue000', '\u3164'])(
  'a comment that shows nothing is refused: %j',
  (text) => {
    expect(() => checkedBody(text)).toThrow('The comment is empty')
  },
)
