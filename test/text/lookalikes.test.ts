import { describe, expect, test } from 'vitest'
import { joinedWords, lookalikeReadings, lookalikeWords } from '../../src/text/lookalikes.ts'

// Words that a reader can't tell apart are the same words here.

const same = (one: string, other: string) => expect(lookalikeWords(one)).toEqual(lookalikeWords(other))

describe('taken for the Latin letter', () => {
  test.each(
    Object.entries({
      a: 'аαɑᴀ@4ªѧꭺАΑＡ𝐚ⓐä',
      b: 'ьвβʙϐᏼ6ВΒ𝓫',
      c: 'сϲϹᴄƈꮯ¢СⅭç',
      d: 'ԁᴅɗժđδꭰ𝕕',
      e: 'еєεҽɛᴇ3ꭼ€əЕΕéê',
      f: 'ƒғꜰ𝖋',
      g: 'ɡցɢԍ9ǥĝ',
      h: 'һнհʜℎħНΗ',
      i: 'іıιɩɪӏ1|!ⅼլʟłǀ׀ι¡lILІΙ𝟏ïⅠ',
      j: 'јʝᴊյЈ',
      k: 'кκᴋƙĸКΚK',
      m: 'мᴍʍꮇМΜ',
      n: 'пηոɴռΝñ',
      o: 'оοσօ0ᴏøөѳοסס٥۵๐ОΟöºº',
      p: 'рρᴘþРΡ',
      q: 'ԛգզʠ',
      r: 'гʀɾꭱ',
      s: 'ѕꜱ5$ʂꮪЅſş',
      t: 'тτᴛ7ţŧꭲТΤ',
      u: 'υսᴜцʋμü',
      v: 'ѵνᴠⱱ',
      w: 'ԝωшᴡա',
      x: 'хχ×ҳХΧ',
      y: 'уүγʏүყΥÿ',
      z: 'ᴢʐ2ζΖž',
    }).map(([latin, others]) => [latin, others] as const),
  )('%s: %s', (latin, others) => {
    for (const other of others) {
      const code = other.codePointAt(0)?.toString(16)
      expect(lookalikeWords(other), `${other} (U+${code})`).toEqual(lookalikeWords(latin))
    }
    expect(lookalikeWords(latin)).toHaveLength(1)
  })

  test('are the white letters on black, and the letters of flags', () => {
    same('🅐🅩', 'az')
    same('🅰🆉', 'az')
    same('🇦🇿', 'az')
  })

  test('are pairs that look like one letter', () => {
    same('rn', 'm')
    same('vv', 'w')
    same('cl', 'd')
    same('cornrnent', 'comment')
  })
})

describe('words are the same', () => {
  test.each([
    ['in any case', 'ADMIN', 'admin'],
    ['with any marks', 'Ádmïn̈', 'admin'],
    ['with invisible characters', 'a\u200bd\u2060m\u00adi\ufe0fn', 'admin'],
    ['in any width', 'ａｄｍｉｎ', 'admin'],
    ['with either yeh', 'علی', 'علي'],
    ['with alef maksura', 'على', 'علي'],
    ['with either kaf', 'کریم', 'كريم'],
  ])('%s: %s', (_how, one, other) => same(one, other))
})

describe('signs are read as letters and as signs', () => {
  test.each([
    ['ada', [['ada']]],
    ['@da', [['ada'], ['da']]],
    ['ada!', [['adal'], ['ada']]],
    ['a@a|', [['aaal'], ['aaa'], ['a', 'a']]],
    ['＠da', [['ada'], ['da']]],
  ])('%s', (text, readings) => expect(lookalikeReadings(text)).toEqual(readings))

  test('words written as one have the same form', () => {
    expect(joinedWords(['ac', 'lb'])).toBe(lookalikeWords('aclb')[0])
  })
})

describe('words are told apart', () => {
  test('at signs and spaces, and where small letters are followed by a capital', () => {
    expect(lookalikeWords('the chef')).toEqual(['the', 'chef'])
    expect(lookalikeWords('the-chef, "too"')).toEqual(['the', 'chef', 'too'])
    expect(lookalikeWords('theChef')).toEqual(['the', 'chef'])
    expect(lookalikeWords('TheCHEF')).toEqual(['the', 'chef'])
    expect(lookalikeWords('THEChef')).toEqual(['thechef'])
    expect(lookalikeWords('the\u3164chef')).toEqual(['the', 'chef'])
    expect(lookalikeWords('العربية ok')).toHaveLength(2)
  })

  test('and a name of signs has none', () => {
    for (const name of ['', ' ', '- . ,', '\u200b', '?']) expect(lookalikeWords(name)).toEqual([])
  })

  test('other letters stay themselves', () => {
    expect(lookalikeWords('ж 王 ש')).toEqual(['ж', '王', 'ש'])
    expect(lookalikeWords('xyz')).not.toEqual(lookalikeWords('abc'))
    expect(lookalikeWords('8')).toEqual(['8'])
  })
})
