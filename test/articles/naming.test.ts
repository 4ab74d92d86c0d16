import { describe, expect, test } from 'vitest'
import type { ArticleDraft, BlockDraft, NamedPerson } from '../../src/articles/draft.ts'
import { findMentions } from '../../src/articles/mentions.ts'
import { searchable, searchConfiguration, searchText } from '../../src/articles/search-text.ts'
import { NameIndex } from '../../src/names/link.ts'

const index = new NameIndex([
  { text: 'Ana President', kind: 'CANONICAL', owner: { kind: 'PERSON', id: 'ana' } },
  { text: 'Bo Speaker', kind: 'CANONICAL', owner: { kind: 'PERSON', id: 'bo' } },
  { text: 'Example Office', kind: 'CANONICAL', owner: { kind: 'ORGANISATION', id: 'office' } },
  { text: 'AEX', kind: 'ACRONYM', owner: { kind: 'ORGANISATION', id: 'agency' } },
  { text: 'BM', kind: 'ACRONYM', language: 'tr', owner: { kind: 'ORGANISATION', id: 'un' } },
])
const ids = {
  PERSON: new Map(['ana', 'bo', 'cy'].map((slug) => [slug, slug])),
  ORGANISATION: new Map(['office', 'agency', 'bureau'].map((slug) => [slug, slug])),
}
const draft: ArticleDraft = {
  slug: 'a',
  canonicalUrl: 'https://news.example/a',
  language: 'en',
  headline: 'Nobody',
  publishedAt: new Date(0),
  blocks: [],
}
const paragraph = (text: string): BlockDraft => ({ kind: 'PARAGRAPH', text })
const name = (changes: Partial<ArticleDraft>) => findMentions({ ...draft, ...changes }, index, ids)
const told = (changes: Partial<ArticleDraft>) => {
  return name(changes).entities.map(({ id, namedIn }) => `${id} ${namedIn}`)
}

describe('whom a story names', () => {
  test.each<[string, Partial<ArticleDraft>, string[]]>([
    ['in its headline', { headline: 'Ana President speaks' }, ['ana ARTICLE']],
    ['in its standfirst', { standfirst: 'By Example Office' }, ['office ARTICLE']],
    ['in a heading', { blocks: [{ kind: 'HEADING', text: 'Bo Speaker', level: 2 }] }, ['bo ARTICLE']],
    [
      'in a quotation',
      { blocks: [{ kind: 'QUOTATION', text: 'Bo Speaker!', direct: true }] },
      ['bo ARTICLE'],
    ],
    [
      'as who speaks',
      { blocks: [{ kind: 'QUOTATION', text: 'We', direct: true, speaker: { person: 'cy' } }] },
      ['cy ARTICLE'],
    ],
    [
      'as what speaks',
      { blocks: [{ kind: 'QUOTATION', text: 'We', direct: true, speaker: { organisation: 'bureau' } }] },
      ['bureau ARTICLE'],
    ],
    ['in a caption', { leadImage: { url: '/a', caption: 'Bo Speaker' } }, ['bo CAPTION']],
    [
      'in a caption of the body',
      { blocks: [{ kind: 'IMAGE', image: { url: '/a', caption: 'Bo Speaker' } }] },
      ['bo CAPTION'],
    ],
    ['in a credit', { leadImage: { url: '/a', credit: 'Bo Speaker / AEX' } }, ['bo CREDIT', 'agency CREDIT']],
    [
      'as photographer and agency, where no credit is printed',
      { leadImage: { url: '/a', photographer: 'Bo Speaker', agency: 'AEX' } },
      ['bo CREDIT', 'agency CREDIT'],
    ],
    [
      'by the printed credit alone, where there is one',
      { leadImage: { url: '/a', credit: 'Archive', photographer: 'Bo Speaker', agency: 'AEX' } },
      [],
    ],
    ['as author', { byline: 'Bo Speaker' }, ['bo BYLINE']],
    ['by what it says itself', { people: [{ person: 'cy', namedIn: 'CAPTION' }] }, ['cy CAPTION']],
    [
      'by what it says itself of an organisation',
      { organisations: [{ organisation: 'bureau', namedIn: 'BYLINE' }] },
      ['bureau BYLINE'],
    ],
    ['not in an alternative text', { leadImage: { url: '/a', alt: 'Bo Speaker' } }, []],
    ['by an acronym of its language', { language: 'tr-TR', headline: 'BM' }, ['un ARTICLE']],
    ['not by one of another', { headline: 'BM', blocks: [paragraph('BM')] }, []],
  ])('%s', (_where, changes, named) => {
    expect(told(changes)).toEqual(named)
  })

  test('once for each place, in the order of places and of first naming', () => {
    const changes: Partial<ArticleDraft> = {
      byline: 'Ana President',
      leadImage: { url: '/a', caption: 'Ana President', credit: 'Ana President' },
      blocks: [paragraph('Bo Speaker and Ana President met Bo Speaker.')],
    }
    expect(told(changes)).toEqual(['bo ARTICLE', 'ana ARTICLE', 'ana CAPTION', 'ana CREDIT', 'ana BYLINE'])
  })

  test('with each of their roles once', () => {
    const quotation = (roleAsPrinted?: string): BlockDraft => ({
      ...{ kind: 'QUOTATION', text: 'We', direct: true, speaker: { person: 'bo' } },
      roleAsPrinted,
    })
    const { entities } = name({
      blocks: [quotation('speaker'), quotation(), quotation('leader'), quotation('speaker')],
      people: [{ person: 'bo', namedIn: 'ARTICLE', rolesAsPrinted: ['leader', 'deputy'] }],
    })
    expect(entities).toEqual([
      { kind: 'PERSON', id: 'bo', namedIn: 'ARTICLE', rolesAsPrinted: ['speaker', 'leader', 'deputy'] },
    ])
  })

  test('in which block, where in it, and by which words', () => {
    const { mentions } = name({
      blocks: [{ kind: 'IMAGE', image: { url: '/a' } }, paragraph('The Example Office said.')],
    })
    expect(mentions).toEqual([
      {
        block: 1,
        start: 4,
        end: 18,
        surface: 'Example Office',
        owner: { kind: 'ORGANISATION', id: 'office' },
        roleAsPrinted: undefined,
      },
    ])
  })
})

describe('the role beside a name', () => {
  const roleIn = (text: string, ...rolesAsPrinted: string[]) => {
    const people: NamedPerson[] = [{ person: 'bo', namedIn: 'ARTICLE', rolesAsPrinted }]
    return name({ blocks: [paragraph(text)], people }).mentions.map(({ roleAsPrinted }) => roleAsPrinted)
  }
  const gap = (length: number) => ` ${'x'.repeat(length - 2)} `

  test.each<[string, string, string[], (string | undefined)[]]>([
    ['stands before it', 'The speaker Bo Speaker', ['speaker'], ['speaker']],
    ['stands behind it', 'Bo Speaker, the chair', ['chair'], ['chair']],
    ['is in other capitals', 'CHAIR Bo Speaker', ['Chair'], ['Chair']],
    ['is 40 characters before it', `chair${gap(40)}Bo Speaker`, ['chair'], ['chair']],
    ['is 41 characters before it, too far', `chair${gap(41)}Bo Speaker`, ['chair'], [undefined]],
    ['is 40 characters behind it', `Bo Speaker${gap(40)}chair`, ['chair'], ['chair']],
    ['is 41 characters behind it, too far', `Bo Speaker${gap(41)}chair`, ['chair'], [undefined]],
    ['is the nearest', 'chair, then leader Bo Speaker', ['chair', 'leader'], ['leader']],
    ['is the longer of two as near', 'vice chair Bo Speaker', ['chair', 'vice chair'], ['vice chair']],
    [
      'is found behind an earlier one that is too far',
      `chair${gap(60)}chair Bo Speaker`,
      ['chair'],
      ['chair'],
    ],
    ['is part of the name, and so is none', 'Bo Speaker', ['Speaker'], [undefined]],
    ['belongs to somebody else', 'The chair Ana President', ['chair'], [undefined]],
  ])('%s', (_what, text, roles, found) => {
    expect(roleIn(text, ...roles)).toEqual(found)
  })
})

describe('what a story is searched by', () => {
  test('headline and kicker first, then the standfirst, then body and captions', () => {
    expect(
      searchText({
        ...draft,
        headline: 'Héad',
        kicker: 'Kick',
        standfirst: 'Stand',
        byline: 'Line',
        leadImage: { url: '/a', caption: 'Lead', alt: 'Alt', credit: 'Credit' },
        blocks: [
          paragraph('Para'),
          { kind: 'IMAGE', image: { url: '/b', caption: 'Cap', alt: 'Alt' } },
          { kind: 'EMBED', embed: { provider: 'X', url: 'https://x.example/1', text: 'Post' } },
          { kind: 'HEADING', text: 'Sub', level: 2 },
          { kind: 'QUOTATION', text: 'Said', direct: true },
        ],
      }),
    ).toEqual({ a: 'head kick', b: 'stand', c: 'para post sub said lead cap' })
    expect(searchable(undefined, '', 'One', 'Two')).toBe('one two')
  })

  test.each([
    ['ar', 'arabic'],
    ['ca', 'catalan'],
    ['da', 'danish'],
    ['de-AT', 'german'],
    ['el', 'greek'],
    ['EN-gb', 'english'],
    ['es', 'spanish'],
    ['eu', 'basque'],
    ['fi', 'finnish'],
    ['fr', 'french'],
    ['ga', 'irish'],
    ['hi', 'hindi'],
    ['hu', 'hungarian'],
    ['hy', 'armenian'],
    ['id', 'indonesian'],
    ['it', 'italian'],
    ['lt', 'lithuanian'],
    ['nb', 'norwegian'],
    ['ne', 'nepali'],
    ['nl', 'dutch'],
    ['nn', 'norwegian'],
    ['no', 'norwegian'],
    ['pt', 'portuguese'],
    ['ro', 'romanian'],
    ['ru', 'russian'],
    ['sr', 'serbian'],
    ['sv', 'swedish'],
    ['ta', 'tamil'],
    ['tr', 'turkish'],
    ['yi', 'yiddish'],
    ['ckb', undefined],
    ['fa', undefined],
    ['ku', undefined],
  ])('in %s by the words of %s', (language, configuration) => {
    expect(searchConfiguration(language)).toBe(configuration)
  })
})
