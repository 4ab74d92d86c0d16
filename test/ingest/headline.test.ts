import { describe, expect, it } from 'vitest'
import { headlineOf, resembles, standfirstOf } from '../../src/ingest/headline.ts'
import type { PageMetadata } from '../../src/ingest/metadata.ts'
import { digest, slugify, slugOf } from '../../src/ingest/slug.ts'

const said = (metadata: Partial<PageMetadata>) =>
  ({ headline: undefined, headings: [], title: undefined, ...metadata }) as PageMetadata

const FERRY = 'Ferry line to the islands is reopened'
const OUTLETS = ['The Gazette', 'gazette.example', 'gazette']

describe('a headline', () => {
  it.each<[string, (string | undefined)[], Partial<PageMetadata>, object | undefined]>([
    [
      'the visible one that others resemble',
      [FERRY],
      { headings: ['Other matters today', `${FERRY} today`] },
      { headline: `${FERRY} today` },
    ],
    [
      'linked data, when no heading resembles it',
      [FERRY],
      { headings: ['Other matters'] },
      { headline: FERRY },
    ],
    ['linked data, before Open Graph', [FERRY], { headline: 'Islands have a ferry' }, { headline: FERRY }],
    ['its name, when it has no headline', [undefined, FERRY], {}, { headline: FERRY }],
    ['Open Graph, before the title', [], { headline: FERRY, title: 'Islands' }, { headline: FERRY }],
    ['the title', [], { title: FERRY }, { headline: FERRY }],
    ['a heading alone', [], { headings: [FERRY] }, { headline: FERRY }],
    ['none', [''], {}, undefined],
    ['none that is the outlet', ['The Gazette', 'GAZETTE.example'], {}, undefined],
    ['without tags and entities', ['Ferry &amp;amp; <b>pier</b>'], {}, { headline: 'Ferry & pier' }],
    ['without the outlet behind it', [`${FERRY} | The Gazette`], {}, { headline: FERRY }],
    [
      'that names the outlet itself, without the outlet behind it',
      ['The Gazette moves to the islands | The Gazette'],
      {},
      { headline: 'The Gazette moves to the islands' },
    ],
    [
      'without the outlet before it',
      [`Gazette: x - ${FERRY}`, `The Gazette - ${FERRY}`],
      {},
      { headline: `Gazette: x - ${FERRY}` },
    ],
    ['without the outlet in front', [`The Gazette – ${FERRY}`], {}, { headline: FERRY }],
    ['without the outlet in one word', [`${FERRY} - TheGazette`], {}, { headline: FERRY }],
    [
      'with a dash of its own',
      ['Ferry line - and pier - reopened'],
      {},
      { headline: 'Ferry line - and pier - reopened' },
    ],
    ['longer, where one is cut off', ['Ferry line to the…'], { title: FERRY }, { headline: FERRY }],
    ['longer, where one is cut off by dots', ['Ferry line to the...'], { title: FERRY }, { headline: FERRY }],
    ['short, where it is whole', ['Ferry line to the'], { title: FERRY }, { headline: 'Ferry line to the' }],
    [
      'longer, where one has a hundred letters',
      ['x'.repeat(100)],
      { title: 'x'.repeat(101) },
      { headline: 'x'.repeat(101) },
    ],
    ['short, where it has 99', ['x'.repeat(99)], { title: 'x'.repeat(100) }, { headline: 'x'.repeat(99) }],
    [
      'apart from its kicker',
      [FERRY],
      { headings: [`Harbour: ${FERRY}`] },
      { headline: FERRY, kicker: 'Harbour' },
    ],
    [
      'apart from the kicker of another',
      [`Harbour | ${FERRY}`],
      { headings: [FERRY] },
      { headline: FERRY, kicker: 'Harbour' },
    ],
    [
      'with what is too long for a kicker',
      [FERRY],
      { headings: [`${'x '.repeat(30)}x: ${FERRY}`] },
      { headline: `${'x '.repeat(30)}x: ${FERRY}` },
    ],
    ['with what runs into it', [FERRY], { headings: [`Non-${FERRY}`] }, { headline: `Non-${FERRY}` }],
    [
      'whole, when the rest is too short',
      ['the ferry sails on'],
      { headings: ['Today: the ferry sails on'] },
      { headline: 'Today: the ferry sails on' },
    ],
  ])('is %s', (_, linked, metadata, headline) => {
    expect(headlineOf(linked, said(metadata), OUTLETS)).toEqual(headline)
  })

  it('has a kicker of at most 60 characters before at least 20', () => {
    const short = 'x'.repeat(10) + ' '.concat('y'.repeat(9))
    const split = (kicker: string, headline: string) =>
      headlineOf([headline], said({ headings: [`${kicker} ${headline}`] }), [])?.kicker
    expect(short).toHaveLength(20)
    expect(split('a b c', short)).toBe('a b c')
    expect(split('a b c', short.slice(1))).toBeUndefined()
    expect(split('k'.repeat(60), FERRY)).toBe('k'.repeat(60))
    expect(split('k'.repeat(61), FERRY)).toBeUndefined()
  })
})

it.each([
  ['one two three', 'one four five', true],
  ['one two three four', 'one five six seven', false],
  ['one', 'one two three', true],
  ['one', 'one two three four', false],
  ['ONE', 'one!', true],
  ['one', 'two', false],
])('"%s" resembles "%s": %s', (one, other, does) => {
  expect([resembles(one, other), resembles(other, one)]).toEqual([does, does])
})

describe('a standfirst', () => {
  const body = [{ kind: 'PARAGRAPH' as const, text: 'The ferry sails again from Monday, after a winter.' }]
  const of = (linked?: string, described?: string) => standfirstOf(linked, described, FERRY, body)
  const summary = 'Islanders wait no more.'

  it.each([
    [summary, undefined, summary],
    [undefined, summary, summary],
    [summary, 'Something else that is said.', summary],
    ['The ferry sails AGAIN from Monday', summary, summary],
    [FERRY, summary, summary],
    ['Too short a summary', summary, summary],
    ['Islanders wait no more and…', summary, summary],
    ['Islanders wait no more and...', summary, summary],
    ['Islanders wait no more [...]', summary, 'Islanders wait no more [...]'],
    ['Islanders wait no more […]', summary, summary],
    ['<p>Islanders wait no more.</p>', undefined, summary],
    ['y'.repeat(600), undefined, 'y'.repeat(600)],
    ['y'.repeat(601), undefined, undefined],
    ['y'.repeat(20), undefined, 'y'.repeat(20)],
    ['y'.repeat(19), undefined, undefined],
    [undefined, undefined, undefined],
  ])('of "%s" and "%s" is "%s"', (linked, described, standfirst) => {
    expect(of(linked, described)).toBe(standfirst)
  })

  it('may repeat what stands far down in the body', () => {
    const far = [
      { kind: 'PARAGRAPH' as const, text: 'x'.repeat(4_000) },
      { kind: 'PARAGRAPH' as const, text: summary },
    ]
    expect(standfirstOf(summary, undefined, FERRY, far)).toBe(summary)
  })
})

describe('a slug', () => {
  it.each([
    ['https://a.example/2026/ferry-line-reopened', 'ferry-line-reopened'],
    ['https://a.example/ferry-line-reopened.html', 'ferry-line-reopened'],
    ['https://a.example/ferry-line-reopened.php5', 'ferry-line-reopened'],
    ['https://a.example/ferry-line-reopened/', 'ferry-line-reopened'],
    ['https://a.example/ferry-line-reopened/12345', 'ferry-line-reopened'],
    ['https://a.example/ferry-line-reopened/12345/x', 'the-headline'],
    ['https://a.example/ferry-line', 'the-headline'],
    ['https://a.example/f-e-rry-l-i-ne', 'the-headline'],
    ['https://a.example/F%C3%A4hre_f%C3%A4hrt_heute', 'fahre-fahrt-heute'],
    ['https://a.example/%zz-ferry-line-open', 'zz-ferry-line-open'],
    ['https://a.example/', 'the-headline'],
  ])('is made of the address %s', (address, slug) => {
    expect(slugOf(address, 'The headline')).toBe(slug)
  })

  it('is a digest of the address when neither has words', () => {
    const address = 'https://a.example/1'
    expect(slugOf(address, 'Headline')).toBe(`story-${digest(address)}`)
    expect(slugOf(address, '新聞')).toBe(`story-${digest(address)}`)
    expect(digest(address)).toMatch(/^[0-9a-f]{8}$/)
    expect(digest(address)).not.toBe(digest(`${address}2`))
  })

  it.each([
    ['Ærø & Übersee: 3 Fähren!', 'aero-ubersee-3-fahren'],
    ['--x--', 'x'],
    ['Жёлтый щит', 'zheltyi-shchit'],
    ['Ђорђе Љубица Њ Ћ Џ Ј', 'djordje-ljubitsa-nj-c-dz-j'],
    ['Ωμέγα Ψ', 'omega-ps'],
    ['شارع', 'shara'],
    ['گێل پەژ چ', 'gyl-phzh-ch'],
    ['שלום', 'shlvm'],
    ['新聞', ''],
    ['', ''],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), 'x'.repeat(80)],
    [`${'x'.repeat(40)} ${'y'.repeat(39)} z`, `${'x'.repeat(40)}-${'y'.repeat(39)}`],
    [`${'x'.repeat(40)} ${'y'.repeat(40)}`, 'x'.repeat(40)],
  ])('of "%s" is "%s"', (text, slug) => {
    expect(slugify(text)).toBe(slug)
  })
})
