import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NameIndex } from '../../src/names/link.ts'
import type { StoredName } from '../../src/names/name-entry.ts'

const org = (id: string, text: string, kind: StoredName['kind'] = 'CANONICAL'): StoredName => ({
  text,
  kind,
  owner: { kind: 'ORGANISATION', id },
})
const person = (id: string, text: string): StoredName => ({
  text,
  kind: 'CANONICAL',
  owner: { kind: 'PERSON', id },
})

const index = new NameIndex([
  org('is', 'Islamic State'),
  org('is', 'ISIS', 'ACRONYM'),
  org('is', 'داعش', 'ALIAS'),
  org('who', 'WHO', 'ACRONYM'),
  org('us', 'US', 'ACRONYM'),
  org('sdf', 'Syrian Democratic Forces'),
  org('council', 'Syrian Democratic Council'),
  org('pmf', 'الحشد الشعبي', 'ALIAS'),
  org('parliament', 'پەرلەمانی کوردستان'),
  org('moda', 'Ministry of Defense'),
  org('modb', 'Ministry of Defense'),
  org('ministry', 'Ministry', 'ALIAS'),
  org('apple', 'Apple'),
  org('tesla', 'Tesla, Inc.'),
  person('salih', 'Barham Salih'),
  person('erdogan', 'Recep Tayyip Erdoğan'),
  person('yildiz', 'Fatih Yıldız'),
])

function found(text: string): string[] {
  return index.findNames(text).map(({ surface, owner }) => `${surface} = ${owner.id}`)
}

describe('names in a text', () => {
  it.each([
    ['the longest one wins', 'The Syrian Democratic Council met.', ['Syrian Democratic Council = council']],
    ['only whole words count', 'ISISLAND and Barham Salihi', []],
    [
      'punctuation beside a name is no part of it',
      '(ISIS), “Barham Salih’s”',
      ['ISIS = is', 'Barham Salih = salih'],
    ],
    ['hyphens join words that are each whole', 'US-led, anti-ISIS', ['US = us', 'ISIS = is']],
    ['acronyms need their capitals', 'Who told us? The WHO told the US.', ['WHO = who', 'US = us']],
    ['names in capitals are the same names', 'BARHAM SALIH SPEAKS', ['BARHAM SALIH = salih']],
    ['a name of one word needs its capital', 'An apple for Apple', ['Apple = apple']],
    [
      'a Turkish suffix stays outside',
      "Recep Tayyip Erdoğan'ın ve FATİH YILDIZ'ın",
      ['Recep Tayyip Erdoğan = erdogan', 'FATİH YILDIZ = yildiz'],
    ],
    ['diacritics may be missing', 'Recep Tayyip Erdogan', ['Recep Tayyip Erdogan = erdogan']],
    ['Arabic conjunctions stay outside', 'وداعش والحشد الشعبي', ['داعش = is', 'الحشد الشعبي = pmf']],
    ['tashkeel stays inside', 'قالَ الحَشْدُ الشَّعبيُّ', ['الحَشْدُ الشَّعبيُّ = pmf']],
    ['Sorani in either spelling', 'په‌رله‌مانی کوردستان', ['په‌رله‌مانی کوردستان = parliament']],
    ['a name of two owners links to nobody, nor does a part of it', 'The Ministry of Defense', []],
    ['though the part alone does', 'The Ministry said', ['Ministry = ministry']],
    ['a name does not span two sentences', 'He met Barham. Salih left.', []],
    ['nor a comma', 'Barham, Salih', []],
    ['unless the name has one', 'Tesla, Inc. said', ['Tesla, Inc = tesla']],
    ['line breaks in a paragraph are spaces', 'Islamic   State', ['Islamic   State = is']],
  ])('%s', (_, text, names) => {
    expect(found(text)).toEqual(names)
  })

  const piece = fc.oneof(
    fc.constantFrom(
      'ISIS',
      'Islamic State',
      'Barham Salih',
      'داعش',
      'و',
      'the',
      ' ',
      '-',
      '. ',
      '’s',
      'US',
      '\u0301',
      '\u200c',
      'ـ',
      'Ministry of',
      ' Defense',
      '🙂',
    ),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  )

  it('are cut out of the text by their offsets, in order and never overlapping', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        let last = 0
        for (const { start, end, surface } of index.findNames(text)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(text.slice(start, end)).toBe(surface)
          last = end
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('are found wherever they stand among other words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<string>('the', 'of', 'x', '7', 'کە'), { maxLength: 9 }),
        fc.nat(9),
        (words, at) => {
          const text = words.toSpliced(at, 0, 'Barham Salih').join(' ')
          expect(index.findNames(text)).toEqual([
            {
              start: text.indexOf('Barham'),
              end: text.indexOf('Barham') + 12,
              surface: 'Barham Salih',
              owner: { kind: 'PERSON', id: 'salih' },
            },
          ])
        },
      ),
    )
  })

  it('are found among fifty thousand', () => {
    const many = new NameIndex()
    for (let i = 0; i < 50_000; i += 1) many.add(person(`p${i}`, `Person Number${i} of Somewhere`))
    expect(many.findNames('Person Number49999 of Somewhere met person number7 of somewhere.')).toMatchObject([
      { owner: { kind: 'PERSON', id: 'p49999' } },
      { owner: { kind: 'PERSON', id: 'p7' } },
    ])
  })
})

it('finds a name directly before the digits of a footnote', () => {
  const text = 'Barham Salih¹ and Fatih Yıldız¹² met.'
  expect(index.findNames(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'Barham Salih',
    'Fatih Yıldız',
  ])
})

describe('a name', () => {
  const one = (name: string, kind: StoredName['kind'] = 'CANONICAL', language?: string) =>
    new NameIndex([{ text: name, kind, language, owner: { kind: 'PERSON', id: 'x' } }])
  const surfaces = (index: NameIndex, text: string, language?: string) =>
    index.findNames(text, language).map(({ surface }) => surface)

  it.each<[string, string, string, string[]]>([
    ['of three letters needs its own capitals', 'Lee', 'LEE and lee and Lee', ['Lee']],
    ['of three letters in two words too', 'A Bc', 'a bc, A BC, A Bc', ['A Bc']],
    ['of four letters does not', 'Leeh', 'LEEH and leeh and Leeh', ['LEEH', 'Leeh']],
    ['of two words does not need capitals', 'Anna Lee', 'anna lee', ['anna lee']],
    ['without a capital needs none', 'lowercase', 'Lowercase lowercase', ['Lowercase', 'lowercase']],
    ['is not joined over a comma', 'Anna Lee', 'Anna, Lee', []],
    ['nor over a semicolon', 'Anna Lee', 'Anna; Lee', []],
    ['nor over brackets', 'Anna Lee', 'Anna (Lee)', []],
    ['nor over a line', 'Anna Lee', 'Anna\nLee', []],
    ['nor over the end of a sentence', 'Anna Lee', 'Anna. Lee', []],
    ['nor over the end of a sentence behind an acronym', 'EU Commission', 'the EU. Commission', []],
    ['but over the full stop of initials', 'J K Rowling', 'J. K. Rowling', ['J. K. Rowling']],
    ['and over that of up to three letters', 'St John', 'St. John, Saint', ['St. John']],
    ['and over hyphens', 'Anna Lee', 'Anna-Lee Anna–Lee', ['Anna-Lee', 'Anna–Lee']],
    [
      'and over apostrophes and quotation marks',
      'O Neil',
      "O'Neil O’Neil “O” Neil",
      ["O'Neil", 'O’Neil', 'O” Neil'],
    ],
    ['and over what stands in names of firms', 'A and B', 'A & B; A/and/B; A_and+B', ['A/and/B', 'A_and+B']],
    [
      'with a break of its own may have any',
      'Tesla, Inc',
      'Tesla, Inc; Tesla (Inc)',
      ['Tesla, Inc', 'Tesla (Inc'],
    ],
    ['behind a longer one that is none is found', 'Anna Lee', 'Anna Anna Lee', ['Anna Lee']],
  ])('%s', (_what, name, text, found) => {
    expect(surfaces(one(name), text)).toEqual(found)
  })

  it.each<[string, string, string[]]>([
    [
      'is found behind a prefix of one letter',
      'والموصل بالموصل فالموصل لالموصل كالموصل',
      Array(5).fill('الموصل'),
    ],
    ['not behind another letter', 'تالموصل', []],
    ['nor behind two', 'وبالموصل', []],
    ['and by itself', 'الموصل', ['الموصل']],
  ])('in Arabic %s', (_what, text, found) => {
    expect(surfaces(one('الموصل'), text)).toEqual(found)
  })

  it('of three Arabic letters has no prefix', () => {
    expect(surfaces(one('حلب'), 'وحلب حلب')).toEqual(['حلب'])
    expect(surfaces(one('حلبي'), 'وحلبي حلبي')).toEqual(['حلبي', 'حلبي'])
  })

  it('that is an acronym is found in texts of its language, or of none that is known', () => {
    const turkish = one('BM', 'ACRONYM', 'tr-TR')
    expect(surfaces(turkish, 'BM', 'tr')).toEqual(['BM'])
    expect(surfaces(turkish, 'BM', 'TR-cy')).toEqual(['BM'])
    expect(surfaces(turkish, 'BM')).toEqual(['BM'])
    expect(surfaces(turkish, 'BM', 'en')).toEqual([])
    expect(surfaces(one('BM', 'ACRONYM'), 'BM', 'en')).toEqual(['BM'])
    expect(surfaces(one('Birleşmiş Milletler', 'ALIAS', 'tr'), 'Birleşmiş Milletler', 'en')).toHaveLength(1)
  })

  it('that is added twice is still of one owner, and an acronym in two languages is found in both', () => {
    const index = one('Anna Lee')
    index.add(person('x', 'ANNA LEE'))
    expect(surfaces(index, 'Anna Lee')).toEqual(['Anna Lee'])
    index.add(person('y', 'Anna Lee'))
    expect(surfaces(index, 'Anna Lee')).toEqual([])
    const acronyms = one('BM', 'ACRONYM', 'tr')
    acronyms.add({ text: 'BM', kind: 'ACRONYM', language: 'az', owner: { kind: 'PERSON', id: 'x' } })
    expect(surfaces(acronyms, 'BM', 'az')).toEqual(['BM'])
  })

  it('without a letter is never found', () => {
    expect(surfaces(one('…'), '… and …')).toEqual([])
  })
})

describe('the owner of a whole name', () => {
  it('is told apart from nobody and from several', () => {
    expect(index.ownerOf('barham salih')).toEqual({ kind: 'PERSON', id: 'salih' })
    expect(index.ownerOf('Barham')).toBeUndefined()
    expect(index.ownerOf('Barham Salih Junior')).toBeUndefined()
    expect(index.ownerOf('who')).toBeUndefined()
    expect(index.ownerOf('Ministry of Defense')).toBe('several')
  })
})
