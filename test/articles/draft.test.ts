import { describe, expect, test } from 'vitest'
import { checkDraft } from '../../src/articles/check-draft.ts'
import type { ArticleDraft, BlockDraft, ImageDraft } from '../../src/articles/draft.ts'
import { sortedSlugs } from '../../src/articles/image-rights.ts'
import { images, mapImages } from '../../src/articles/images.ts'
import { draftOf, revisionOf, sameContent, sameDraft } from '../../src/articles/snapshot.ts'
import { directionOf } from '../../src/text/direction.ts'
import { canonicalLanguage } from '../../src/text/language.ts'

const none = new Date(Number.NaN)
const at = (day: number) => new Date(Date.UTC(2026, 0, day))

const draft: ArticleDraft = {
  slug: 'a-story',
  canonicalUrl: 'https://news.example/a',
  language: 'en',
  headline: 'A story',
  publishedAt: at(1),
  blocks: [{ kind: 'PARAGRAPH', text: 'Words.' }],
}

describe('a draft that is checked', () => {
  const embed = (more: object): BlockDraft[] => [
    { kind: 'EMBED', embed: { provider: 'X', url: 'https://x.example/1', ...more } },
  ]
  const picture = (url: string): BlockDraft[] => [{ kind: 'IMAGE', image: { url } }]

  test.each<[string, Partial<ArticleDraft>]>([
    ['slug', { slug: '' }],
    ['slug', { slug: 'A' }],
    ['slug', { slug: '-a' }],
    ['slug', { slug: 'a-' }],
    ['slug', { slug: 'a--b' }],
    ['slug', { slug: 'a_b' }],
    ['slug', { slug: 'a\n' }],
    ['canonicalUrl', { canonicalUrl: 'ftp://news.example/a' }],
    ['canonicalUrl', { canonicalUrl: '//news.example/a' }],
    ['headline', { headline: '' }],
    ['publishedAt', { publishedAt: none }],
    ['publishedAt', { publishedAt: undefined as never }],
    ['updatedAt', { updatedAt: none }],
    ['embargoedUntil', { embargoedUntil: none }],
    ['commenting', { commenting: { open: true, closesAt: none } }],
    ['leadImage', { leadImage: { url: 'ftp://a.example/a.jpg' } }],
    ['blocks[0]', { blocks: picture('a.jpg') }],
    ['blocks[0]', { blocks: embed({ url: '/relative' }) }],
    ['blocks[0]', { blocks: embed({ postedAt: none }) }],
    ['blocks[1]', { blocks: [...draft.blocks, { kind: 'HEADING', text: '\n', level: 2 }] }],
    ['blocks[1]', { blocks: [...draft.blocks, { kind: 'QUOTATION', text: '', direct: true }] }],
    ['language', { language: '' }],
    ['language', { language: 'x y' }],
  ])('is refused for its %s: %j', (field, changes) => {
    expect(() => checkDraft({ ...draft, ...changes })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field }),
    )
  })

  test.each<Partial<ArticleDraft>>([
    { slug: '7' },
    { slug: 'a-1-b' },
    { canonicalUrl: 'HTTP://news.example' },
    { updatedAt: at(1), embargoedUntil: null, commenting: { open: true, closesAt: null } },
    { leadImage: { url: '/pictures/a.jpg' }, blocks: picture('http://a.example/a.jpg') },
    { blocks: embed({ postedAt: at(1) }) },
    { blocks: [] },
  ])('is taken as it is: %j', (changes) => {
    expect(checkDraft({ ...draft, ...changes })).toEqual({ ...draft, ...changes })
  })

  test.each([
    ['EN-gb', 'en-GB'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['iw', 'he'],
    ['ckb', 'ckb'],
  ])('has its language %s as %s', (given, language) => {
    expect(checkDraft({ ...draft, language: given }).language).toBe(language)
    expect(canonicalLanguage(given)).toBe(language)
  })
})

test.each([
  ['en', 'LTR'],
  ['tr', 'LTR'],
  ['ku', 'LTR'],
  ['zh', 'LTR'],
  ['ar', 'RTL'],
  ['ckb', 'RTL'],
  ['fa-IR', 'RTL'],
  ['ur', 'RTL'],
  ['he', 'RTL'],
  ['yi', 'RTL'],
  ['syr', 'RTL'],
  ['dv', 'RTL'],
  ['nqo', 'RTL'],
  ['ff-Adlm', 'RTL'],
  ['rhg', 'RTL'],
  ['ku-Arab', 'RTL'],
  ['az-Arab', 'RTL'],
  ['pa-Arab', 'RTL'],
  ['pa', 'LTR'],
  ['sd', 'RTL'],
  ['ug', 'RTL'],
  ['ar-Latn', 'LTR'],
])('a text in %s runs %s', (language, direction) => {
  expect(directionOf(language)).toBe(direction)
})

describe('the fingerprint of a draft', () => {
  test('is the SHA-256 of its JSON with the keys in order, and does not depend on theirs', () => {
    const { snapshot, fingerprint } = revisionOf(draft)
    expect(JSON.stringify(snapshot)).toBe(
      '{"blocks":[{"kind":"PARAGRAPH","text":"Words."}],"canonicalUrl":"https://news.example/a",' +
        '"headline":"A story","language":"en","publishedAt":"2026-01-01T00:00:00.000Z","slug":"a-story"}',
    )
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
    const reversed = Object.fromEntries(Object.entries(draft).reverse()) as unknown as ArticleDraft
    expect(revisionOf({ ...reversed, kicker: undefined }).fingerprint).toBe(fingerprint)
    expect(revisionOf({ ...draft, kicker: '' }).fingerprint).not.toBe(fingerprint)
  })

  test('heeds the order of blocks', () => {
    const two = [...draft.blocks, { kind: 'HEADING' as const, text: 'Later', level: 2 as const }]
    expect(sameDraft({ ...draft, blocks: two }, { ...draft, blocks: two.toReversed() })).toBe(false)
  })

  // As it comes back from the database.
  const read = (whole: ArticleDraft) => draftOf(JSON.parse(JSON.stringify(revisionOf(whole).snapshot)))

  test('is kept by a revision, dates as dates wherever they stand', () => {
    const whole: ArticleDraft = {
      ...draft,
      headline: '2026-01-01T00:00:00.000Z',
      updatedAt: at(2),
      embargoedUntil: at(3),
      commenting: { open: true, closesAt: at(4) },
      blocks: [
        {
          kind: 'EMBED',
          embed: { provider: 'X', url: 'https://x.example/1', postedAt: at(5), text: 'posted' },
        },
      ],
    }
    expect(read(whole)).toEqual(whole)
    const open = { ...whole, embargoedUntil: null, commenting: { open: true, closesAt: null } }
    expect(read(open)).toEqual(open)
  })

  test.each<[string, Partial<ArticleDraft>]>([
    ['status', { status: 'WITHHELD' }],
    ['embargo', { embargoedUntil: at(9) }],
    ['comments', { commenting: { open: false } }],
    ['date of change', { updatedAt: at(9) }],
    ['rights of pictures', { leadImage: { url: '/a', syndicatable: true, partners: ['gazette'] } }],
    [
      'rights of pictures in the body',
      { blocks: [{ kind: 'IMAGE', image: { url: '/b', partners: ['x'] } }] },
    ],
  ])('may differ by the %s of what has the same content', (_what, changes) => {
    const bare = {
      ...draft,
      ...(changes.leadImage && { leadImage: { url: '/a' } }),
      ...(changes.blocks && { blocks: [{ kind: 'IMAGE' as const, image: { url: '/b' } }] }),
    }
    const changed = { ...bare, ...changes }
    expect(sameDraft(bare, changed)).toBe(false)
    expect(sameContent(bare, changed)).toBe(true)
  })

  test.each<Partial<ArticleDraft>>([
    { headline: 'Another' },
    { kicker: 'K' },
    { standfirst: 'S' },
    { byline: 'B' },
    { language: 'tr' },
    { publishedAt: at(2) },
    { topic: { slug: 'a', label: 'A' } },
    { dateline: { text: 'ERBIL' } },
    { leadImage: { url: '/a' } },
    { blocks: [] },
    { people: [{ person: 'a', namedIn: 'ARTICLE' }] },
  ])('tells other content: %j', (changes) => {
    expect(sameContent(draft, { ...draft, ...changes })).toBe(false)
  })
})

describe('the pictures of a draft', () => {
  const [lead, one, two] = ['/lead', '/one', '/two'].map((url): ImageDraft => ({ url }))
  const illustrated: ArticleDraft = {
    ...draft,
    leadImage: lead,
    blocks: [
      { kind: 'IMAGE', image: one as ImageDraft },
      ...draft.blocks,
      { kind: 'IMAGE', image: two as ImageDraft },
    ],
  }

  test('are the lead image and those in the body, in order', () => {
    expect(images(illustrated)).toEqual([lead, one, two])
    expect(images({ ...illustrated, leadImage: undefined })).toEqual([one, two])
    expect(images(draft)).toEqual([])
  })

  test('can each be changed, and nothing else with them', () => {
    const changed = mapImages(illustrated, (image) => ({ ...image, alt: image.url }))
    expect(images(changed).map(({ alt }) => alt)).toEqual(['/lead', '/one', '/two'])
    expect(changed.blocks[1]).toEqual(draft.blocks[0])
    expect(mapImages(draft, () => expect.fail('There is none.'))).toEqual({ ...draft, leadImage: undefined })
  })

  test('name each partner once, in order', () => {
    expect(sortedSlugs(['b', 'a', 'b', 'B', 'a'])).toEqual(['B', 'a', 'b'])
  })
})
