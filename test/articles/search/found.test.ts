import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../../src/articles/save-entity.ts'
import { matchNames, segment } from '../../../src/articles/search/names.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { addArticle } from '../../support/newsroom.ts'

// What a search finds, in which order, and for whom.

let app: TestApp
let editor: string
const ids: Record<string, string> = {}

beforeAll(async () => {
  app = await freshApp({ now: () => new Date('2026-02-01T00:00:00Z') })
  const { prisma } = app.database
  editor = await app.token('editor', { ttlSeconds: 10 * 365 * 24 * 3600 })
  for (let i = 10; i < 22; i++) {
    const name = `Anton Varga${'xyz'[i % 3]?.repeat(i - 9)}`
    ids[`anton-${i}`] = await savePerson(prisma, { slug: `anton-${i}`, name })
    await saveOrganisation(prisma, { slug: `mill-${i}`, name: `Paper Mill${'xyz'[i % 3]?.repeat(i - 9)}` })
  }
  ids.jane = await savePerson(prisma, {
    slug: 'jane',
    name: 'Jane Quillfeather',
    names: [{ text: 'JQ', kind: 'ACRONYM' }],
  })
  ids.guild = await saveOrganisation(prisma, {
    slug: 'guild',
    name: 'The Old Guild of Master Harbour Pilots of Erbil',
    names: [{ text: 'Guild of Harbour Pilots', kind: 'ALIAS' }],
  })
  const add = (slug: string, text: string, more: object = {}) =>
    addArticle(prisma, { slug, headline: slug, blocks: [{ kind: 'PARAGRAPH', text }], ...more })
  await add('by-caption', 'A pier.', { people: [{ person: 'jane', namedIn: 'CAPTION' }] })
  await add('by-words', 'The lanterns of Jane Quillfeather were lit. Lanterns, all of them.')
  await add('by-guild', 'Old lanterns were lit.', {
    organisations: [{ organisation: 'guild', namedIn: 'CREDIT' }],
  })
  await add('embargoed', 'Lanterns and Jane Quillfeather.', {
    embargoedUntil: new Date('2026-02-02T00:00:00Z'),
  })
  await add('withheld', 'Lanterns and Jane Quillfeather.', { status: 'WITHHELD' })
  await add('ahead', 'Lanterns and Jane Quillfeather.', { publishedAt: new Date('2026-02-02T00:00:00Z') })
})
afterAll(() => app.close())

async function find(
  text: string,
  { args = '', token, language }: { args?: string; token?: string; language?: string } = {},
) {
  const { search } = await app.ask(
    `query ($text: String!, $language: String) { search(text: $text, language: $language) {
      articles${args} { edges { node { slug } } } people { slug name } organisations { slug } } }`,
    { text, language },
    token,
  )
  return {
    stories: search.articles.edges.map(({ node }: { node: { slug: string } }) => node.slug) as string[],
    people: search.people.map(({ slug }: { slug: string }) => slug) as string[],
    organisations: search.organisations.map(({ slug }: { slug: string }) => slug) as string[],
  }
}

describe('a search', () => {
  test('finds whom a story names anywhere, those whose words fit too before the others', async () => {
    expect((await find('Jane Quillfeather')).stories).toEqual(['by-words', 'by-caption'])
    expect((await find('JQ')).stories).toEqual(['by-words', 'by-caption'])
    expect((await find('Guild of Harbour Pilots')).stories).toEqual(['by-guild'])
  })

  test('ranks by how often and how near the words stand', async () => {
    expect((await find('lantern')).stories).toEqual(['by-words', 'by-guild'])
    expect((await find('lanterns', { language: 'en' })).stories).toEqual(['by-words', 'by-guild'])
  })

  test.each(['lanterns', 'Jane Quillfeather'])(
    'for "%s" finds hidden stories for editors alone',
    async (text) => {
      const hidden = ['ahead', 'embargoed', 'withheld']
      const reader = await app.token('reader', { name: 'Ada', ttlSeconds: 10 * 365 * 24 * 3600 })
      const seen = async (token?: string) =>
        (await find(text, { token })).stories.filter((slug) => hidden.includes(slug)).toSorted()
      expect([await seen(), await seen(reader), await seen(editor)]).toEqual([[], [], hidden])
    },
  )

  test('tells at most ten people and ten organisations, the likest first', async () => {
    const { people } = await find('Anton Varga')
    expect(people).toHaveLength(10)
    expect(people.slice(0, 3)).toEqual(['anton-10', 'anton-11', 'anton-12'])
    const { organisations } = await find('Paper Mill')
    expect(organisations).toHaveLength(10)
    expect(organisations.slice(0, 3)).toEqual(['mill-10', 'mill-11', 'mill-12'])
    expect((await find('Paper Mill')).people).toEqual([])
  })

  test.each([
    ['Jane Quillfeather', ['jane']],
    ['Jane Quillfether', ['jane']],
    ['Jayne Quilfeather', ['jane']],
    ['Jane', []],
    ['Jane Quillan', ['jane']],
    ['Jane Father', []],
    ['JQ', ['jane']],
    ['Quillfeather', ['jane']],
  ])('for "%s" tells the people %j', async (text, people) => {
    expect((await find(text)).people).toEqual(people)
  })

  test('takes 200 characters, and no page backwards', async () => {
    const code = async (text: string, args = '') =>
      (
        await app.post(
          `query ($text: String!) { search(text: $text) { articles${args} { edges { cursor } } } }`,
          { text },
        )
      ).errors?.[0]?.extensions
    expect(await code('x'.repeat(200))).toBeUndefined()
    expect(await code('x'.repeat(201))).toMatchObject({ code: 'INVALID_INPUT', field: 'text' })
    expect(await code('x', '(last: 1)')).toMatchObject({ code: 'INVALID_INPUT', field: 'last' })
    expect(await code('x', '(before: "x")')).toMatchObject({ code: 'INVALID_INPUT', field: 'last' })
    expect(await code('x', '(after: "x")')).toMatchObject({ code: 'INVALID_INPUT', field: 'after' })
    expect(await code('x', '(first: 101)')).toMatchObject({ code: 'INVALID_INPUT', field: 'first' })
  })
})

test('names that are like a query come with how like they are, the likest first and at most twenty', async () => {
  const { prisma } = app.database
  const matches = await matchNames('Anton Varga', prisma)
  const scores = matches.map(({ score }) => score)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  expect(Math.min(...scores)).toBeGreaterThanOrEqual(0.45)
  expect(matches[0]).toMatchObject({ kind: 'PERSON', id: ids['anton-10'] })
  expect(await matchNames('Jane Quillfeather', prisma)).toMatchObject([
    { kind: 'PERSON', id: ids.jane, score: 1 },
  ])
  // Of somebody’s names the likest counts, and each owner is told once.
  expect(await matchNames('Guild of Harbour Pilots', prisma)).toMatchObject([
    { kind: 'ORGANISATION', id: ids.guild, score: 1 },
  ])
})

test('a query is cut into the longest names in it, of six words at most, and words', async () => {
  const { prisma } = app.database
  const guild = ['guild of harbour pilots', 'the old guild of master harbour pilots of erbil']
  const cut = async (text: string) =>
    (await segment(text, prisma)).map((piece) => ('word' in piece ? piece.word : piece.spellings.toSorted()))
  expect(await cut('JQ lit the Lanterns')).toEqual([['jane quillfeather', 'jq'], 'lit', 'the', 'lanterns'])
  expect(await cut('old Guild of Harbour Pilots')).toEqual(['old', guild])
  expect(await cut('lanterns jane quillfeather')).toEqual(['lanterns', ['jane quillfeather', 'jq']])
  expect(await cut('jane')).toEqual(['jane'])
  await saveOrganisation(prisma, { slug: 'six', name: 'One Two Three Four Five Six' })
  await saveOrganisation(prisma, { slug: 'seven', name: 'Uno Dos Tres Cuatro Cinco Seis Siete' })
  expect(await cut('one two three four five six')).toEqual([['one two three four five six']])
  expect(await cut('uno dos tres cuatro cinco seis siete')).toHaveLength(7)
})
