import { describe, expect, it } from 'vitest'
import { isPersonsName, linkedAuthors, printedAuthors } from '../../src/ingest/authors.ts'
import { parseDocument } from '../../src/ingest/dom.ts'
import { readEntities } from '../../src/ingest/entities.ts'
import { isArticleType, LinkedData } from '../../src/ingest/json-ld.ts'

function linked(properties: object) {
  const json = JSON.stringify({ '@type': 'NewsArticle', ...properties })
  const data = new LinkedData(parseDocument(`<script type="application/ld+json">${json}</script><p>x`))
  return { data, article: data.ofType(isArticleType)[0] }
}

describe('bylines', () => {
  it.each([
    ['Ida Holm', ['Ida Holm']],
    ['By Ida Holm and Jon Berg', ['Ida Holm', 'Jon Berg']],
    ['von: Ida Holm und Jon Berg', ['Ida Holm', 'Jon Berg']],
    ['Ida Holm, Jon Berg; Ada Lund | Nils Rask', ['Ida Holm', 'Jon Berg', 'Ada Lund', 'Nils Rask']],
    ['Ida Holm &amp; Jon Berg', ['Ida Holm', 'Jon Berg']],
    ['Ramón y Cajal', ['Ramón y Cajal']],
    ['Ida and Jon', ['Ida and Jon']],
    ['Ida Holm (Reuters)', ['Ida Holm']],
    ['Ida Holm ih/nr', ['Ida Holm']],
    ['Ida Holm/ih', ['Ida Holm']],
    ['Sammy Davis jr', ['Sammy Davis jr']],
    ['Ida Holm, ida holm', ['Ida Holm']],
    ['https://gazette.example/authors/ida', []],
    ['www.gazette.example', []],
    ['@idaholm', []],
    ['ida@gazette.example', []],
    ['1234', []],
    ['X', []],
    ['<a href="/x">Ida Holm</a>', ['Ida Holm']],
    ['x'.repeat(80), ['x'.repeat(80)]],
    ['x'.repeat(81), []],
    ['بقلم: سارة علي', ['سارة علي']],
  ])('"%s" names %j', (written, names) => {
    expect(printedAuthors([written])).toEqual(names.map((name) => ({ name, kind: 'untyped' })))
  })

  it('name each author once, whatever meta tag has it', () => {
    expect(printedAuthors(['Ida Holm', 'Jon Berg', 'IDA HOLM']).map(({ name }) => name)).toEqual([
      'Ida Holm',
      'Jon Berg',
    ])
  })
})

describe('authors in linked data', () => {
  it.each<[unknown, [string, string][]]>([
    [
      'Ida Holm and Jon Berg',
      [
        ['Ida Holm', 'untyped'],
        ['Jon Berg', 'untyped'],
      ],
    ],
    [{ '@type': 'Person', name: 'Ida Holm' }, [['Ida Holm', 'person']]],
    [
      { '@type': 'NewsMediaOrganization', name: 'Holm, Berg and Sons' },
      [['Holm, Berg and Sons', 'organisation']],
    ],
    [{ '@type': ['Person', 'Organization'], name: 'Ida Holm' }, [['Ida Holm', 'organisation']]],
    [{ name: 'Ida Holm' }, [['Ida Holm', 'untyped']]],
    [
      { '@type': 'Person', name: ['Ida Holm', 'Jon Berg'] },
      [
        ['Ida Holm', 'person'],
        ['Jon Berg', 'person'],
      ],
    ],
    [[{ '@type': 'Person', name: 'Ida Holm' }, 'Ida Holm'], [['Ida Holm', 'person']]],
    [{ '@type': 'Person', name: 7 }, []],
    [7, []],
  ])('%j', (author, expected) => {
    const { data, article } = linked({ author })
    expect(linkedAuthors(data, article).map(({ name, kind }) => [name, kind])).toEqual(expected)
  })

  it('are the creators where none is an author, and keep the node that is one of them alone', () => {
    const node = { '@type': 'Person', name: 'Ida Holm' }
    const creators = linked({ creator: node })
    expect(linkedAuthors(creators.data, creators.article)).toEqual([
      { name: 'Ida Holm', kind: 'person', node },
    ])
    const both = linked({ author: 'Jon Berg', creator: node })
    expect(linkedAuthors(both.data, both.article)).toEqual([{ name: 'Jon Berg', kind: 'untyped' }])
    const two = linked({ author: { '@type': 'Person', name: 'Ida Holm, Jon Berg' } })
    expect(linkedAuthors(two.data, two.article).every((author) => author.node === undefined)).toBe(true)
  })
})

it.each([
  ['Ida Holm', true],
  ['Ida Maria van der Holm Berg', true],
  ['Ida Maria van der Holm Berg Lund', false],
  ['Ida', false],
  ['Ida 2', false],
  ['Ida Holm/Jon Berg', false],
  ['Agence France-Presse', false],
  ['News Desk', false],
  ['Our correspondent', false],
  ['Lokalredaktion Nord', false],
  ['Sportredaktion Nord', false],
  ['هيئة التحرير', false],
  ['The Gazette', false],
  ['Gazette Reader', false],
  ['Gazetteer Holm', true],
  [`${'x'.repeat(40)} ${'x'.repeat(39)}`, true],
  [`${'x'.repeat(40)} ${'x'.repeat(40)}`, false],
])('"%s" is kept as a person: %s', (name, is) => {
  expect(isPersonsName(name, ['Gazette', ''])).toBe(is)
})

describe('whom a page names and types', () => {
  const found = (properties: object, authors: Parameters<typeof readEntities>[2] = []) => {
    const { data, article } = linked(properties)
    return readEntities(data, article, authors, ['The Gazette'])
  }

  it('is who is in "about" and "mentions", each once, by what they are', () => {
    const person = { '@type': 'Person', name: 'Lena Mayor', jobTitle: '<b>Mayor</b>' }
    const board = { '@type': 'GovernmentOrganization', name: 'Harbour Board' }
    expect(found({ about: [person, board], mentions: [board, { ...person, jobTitle: 'x' }] })).toEqual({
      people: [{ slug: 'lena-mayor', name: 'Lena Mayor' }],
      organisations: [{ slug: 'harbour-board', name: 'Harbour Board' }],
      namedPeople: [{ person: 'lena-mayor', namedIn: 'ARTICLE', rolesAsPrinted: ['Mayor'] }],
      namedOrganisations: [{ organisation: 'harbour-board', namedIn: 'ARTICLE' }],
    })
  })

  it.each([
    ['no keyword', { '@type': 'Thing', name: 'Harbours' }],
    ['no place', { '@type': 'Place', name: 'Erbil' }],
    ['nobody without a type', { name: 'Lena Mayor' }],
    ['nobody in words', 'Lena Mayor'],
    ['not the outlet', { '@type': 'Organization', name: 'TheGazette' }],
    ['no agency as a person', { '@type': 'Person', name: 'Reuters' }],
    ['no person with a digit', { '@type': 'Person', name: 'Admin 2' }],
    ['no address', { '@type': 'Person', name: 'https://gazette.example/ida' }],
    ['no name without a letter', { '@type': 'Organization', name: '2024' }],
    ['no name beyond 120 characters', { '@type': 'Organization', name: `A ${'x'.repeat(119)}` }],
  ])('%s', (_, about) => {
    const { people, organisations, namedPeople, namedOrganisations } = found({ about })
    expect([people, organisations, namedPeople, namedOrganisations]).toEqual([[], [], [], []])
  })

  it('a name of 120 characters is one', () => {
    const name = `A ${'x'.repeat(118)}`
    expect(found({ about: { '@type': 'Organization', name } }).organisations).toMatchObject([{ name }])
  })

  it('is a typed author too, as named in the byline', () => {
    const node = { '@type': 'Person', name: 'Ida Holm', jobTitle: 'Reporter' }
    const authors = [
      { name: 'Ida Holm', kind: 'person' as const, node },
      { name: 'Jon Berg', kind: 'untyped' as const },
      { name: 'News Desk', kind: 'person' as const },
      { name: 'Reuters', kind: 'organisation' as const },
    ]
    const about = { '@type': 'Person', name: 'Ida Holm' }
    expect(found({ about }, authors)).toEqual({
      people: [{ slug: 'ida-holm', name: 'Ida Holm' }],
      organisations: [{ slug: 'reuters', name: 'Reuters' }],
      namedPeople: [
        { person: 'ida-holm', namedIn: 'ARTICLE' },
        { person: 'ida-holm', namedIn: 'BYLINE', rolesAsPrinted: ['Reporter'] },
      ],
      namedOrganisations: [{ organisation: 'reuters', namedIn: 'BYLINE' }],
    })
  })

  it.each([
    ['Q42', { sameAs: 'https://www.wikidata.org/wiki/Q42' }],
    ['Q42', { sameAs: ['https://x.example/', 'http://www.wikidata.org/entity/Q42'] }],
    ['Q42', { '@id': 'https://www.wikidata.org/wiki/Q42' }],
    [undefined, { sameAs: 'https://x.example/Q42' }],
  ])('is known by %s when the page says %j', (wikidata, properties) => {
    const [board] = found({
      about: { '@type': 'Organization', name: 'Harbour Board', ...properties },
    }).organisations
    expect(board?.externalIds?.wikidata).toBe(wikidata)
  })

  it.each([
    ['HBOARD', [{ text: 'HBOARD', kind: 'ACRONYM', script: 'Latn' }]],
    ['H.B.O.A.R.D.', [{ text: 'H.B.O.A.R.D.', kind: 'ALIAS', script: 'Latn' }]],
    ['H.BOARD', [{ text: 'H.BOARD', kind: 'ACRONYM', script: 'Latn' }]],
    ['Port Board', [{ text: 'Port Board', kind: 'ALIAS', script: 'Latn' }]],
    ['هيئة الميناء', [{ text: 'هيئة الميناء', kind: 'ALIAS', script: 'Arab' }]],
    ['港湾', [{ text: '港湾', kind: 'ALIAS', script: 'Hani' }]],
    ['港', undefined],
    ['HBO', undefined],
    ['port board', undefined],
    ['harbour  BOARD', undefined],
    [`P${'x'.repeat(120)}`, undefined],
    [7, undefined],
  ])('has the other name %s', (alternateName, names) => {
    const about = { '@type': 'Organization', name: 'Harbour Board', alternateName }
    expect(found({ about }).organisations[0]?.names).toEqual(names)
  })
})
