import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseCased, normaliseName, scriptOf, words } from '../../src/names/names.ts'

describe('names as they are compared', () => {
  it.each([
    ['diacritics and case', 'Fatih YILDIZ', 'fatih yıldız'],
    ['Turkish dotted capital', 'İSTANBUL', 'istanbul'],
    ['circumflex of a transliteration', 'Ṣaddām', 'saddam'],
    ['half rings of scholars', 'al-Ḥashd al-Shaʿbī', 'Al Hashd al Shabi'],
    ['hyphens', 'Asaib Ahl al-Haq', 'asaib ahl al haq'],
    ['alef forms', 'أحمد الإمام آل', 'احمد الامام ال'],
    ['tashkeel and tatweel', 'مُحَمَّد عـــلي', 'محمد علي'],
    ['Persian yeh and kaf', 'کاظمی', 'كاظمي'],
    ['Kurdish heh with and without joiner', 'هەولێر', 'هه‌ولێر'],
    ['teh marbuta', 'فاطمة', 'فاطمه'],
    ['digits', 'فوج ٢٣', 'فوج 23'],
    ['Persian digits', '۱۲۳', '123'],
    ['full width letters', 'ＢＢＣ', 'bbc'],
    ['sharp s', 'Weiß', 'WEISS'],
    ['letters that do not decompose', 'Łukasz Sørensen', 'lukasz sorensen'],
    ['final sigma', 'Γιάννης', 'ΓΙΑΝΝΗΣ'],
  ])('%s make no difference', (_, one, other) => {
    expect(normaliseName(one)).toBe(normaliseName(other))
  })

  it('different names stay different', () => {
    expect(normaliseName('Barham Salih')).not.toBe(normaliseName('Barham Saleh'))
    expect(normaliseName('कमल')).not.toBe(normaliseName('कमला'))
    expect(normaliseName('か')).not.toBe(normaliseName('が'))
  })

  it('punctuation alone is no name', () => {
    expect(normaliseName(' – “…” !')).toBe('')
  })

  it('normalising again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normaliseName(text)
        expect(normaliseName(once)).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })

  it('normalising each character there is again changes nothing', () => {
    for (let point = 0; point <= 0x2ffff; point += 1) {
      const once = normaliseName(String.fromCodePoint(point))
      if (normaliseName(once) !== once)
        expect.fail(`U+${point.toString(16)}: ${once}, then ${normaliseName(once)}`)
    }
  })

  it('words have their marks inside, and know where their second letter is', () => {
    expect(words(' Ab, c\u0301 \u200cوَب d')).toEqual([
      { text: 'ab', start: 1, end: 3, second: 2 },
      { text: 'c', start: 5, end: 7, second: 7 },
      { text: 'وب', start: 9, end: 12, second: 11 },
      { text: 'd', start: 13, end: 14, second: 14 },
    ])
    expect(words('🌧Ab', true)).toEqual([{ text: 'Ab', start: 2, end: 4, second: 3 }])
    expect(words('a\u00adb\u200dc').map(({ text }) => text)).toEqual(['abc'])
    expect(normaliseCased('Çağ ØYE, isis')).toBe('Cag OYE isis')
  })

  it('each word is where it says it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        let last = 0
        for (const word of words(text)) {
          expect(word.start).toBeGreaterThanOrEqual(last)
          expect(normaliseName(text.slice(word.start, word.end))).toBe(word.text)
          last = word.end
        }
      }),
    )
  })
})

describe('the script of a text', () => {
  it.each([
    ['Barham Salih', 'Latn'],
    ['بەرهەم ساڵح', 'Arab'],
    ['Владимир', 'Cyrl'],
    ['ܒܪܗܡ', 'Syrc'],
    ['東京都', 'Hani'],
    ['AFP وكالة فرانس برس', 'Arab'],
    ['1234', 'Zyyy'],
    ['', 'Zyyy'],
    ['Αθήνα', 'Grek'],
    ['ירושלים', 'Hebr'],
    ['Երևան', 'Armn'],
    ['თბილისი', 'Geor'],
    ['አዲስ', 'Ethi'],
    ['दिल्ली', 'Deva'],
    ['ঢাকা', 'Beng'],
    ['ਪੰਜਾਬ', 'Guru'],
    ['ગુજરાત', 'Gujr'],
    ['தமிழ்', 'Taml'],
    ['తెలుగు', 'Telu'],
    ['ಕನ್ನಡ', 'Knda'],
    ['മലയാളം', 'Mlym'],
    ['සිංහල', 'Sinh'],
    ['ไทย', 'Thai'],
    ['ខ្មែរ', 'Khmr'],
    ['မြန်မာ', 'Mymr'],
    ['서울', 'Hang'],
    ['とうきょう', 'Jpan'],
    ['トウキョウ', 'Jpan'],
    // As many of each: the one that is looked for first.
    ['ab דו', 'Latn'],
  ])('of %s is %s', (text, script) => {
    expect(scriptOf(text)).toBe(script)
  })
})
