import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { addArticle } from '../../support/newsroom.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await saveOrganisation(prisma, {
    slug: 'isis',
    name: 'ISIS',
    names: [
      { text: 'Daesh', kind: 'ALIAS' },
      { text: 'Islamic State', kind: 'ALIAS' },
      { text: 'داعش', kind: 'TRANSLITERATION', language: 'ar', script: 'Arab' },
    ],
  })
  await saveOrganisation(prisma, {
    slug: 'pmf',
    name: 'Popular Mobilization Forces',
    names: [
      { text: 'PMF', kind: 'ACRONYM' },
      { text: 'Hashd al-Shaabi', kind: 'TRANSLITERATION' },
      { text: 'الحشد الشعبي', kind: 'TRANSLITERATION', language: 'ar', script: 'Arab' },
    ],
  })
  await savePerson(prisma, {
    slug: 'barham-salih',
    name: 'Barham Salih',
    names: [
      { text: 'برهم صالح', kind: 'TRANSLITERATION', language: 'ar', script: 'Arab' },
      { text: 'بەرهەم ساڵح', kind: 'TRANSLITERATION', language: 'ckb', script: 'Arab' },
    ],
  })
  const add = (slug: string, language: string, headline: string, text: string, date = '2026-01-01') =>
    addArticle(prisma, {
      slug,
      language,
      headline,
      blocks: [{ kind: 'PARAGRAPH', text }],
      publishedAt: new Date(`${date}T00:00:00Z`),
    })
  await add('last-village', 'en', 'The last village', 'ISIS lost the last village that it held.')
  await add('border', 'en-GB', 'Troops at the border', 'The PMF sent another brigade to the border posts.')
  await add('refugees', 'en', 'A new High Commissioner', 'Barham Salih takes office; no soldier is in sight.')
  await add('arabic', 'ar', 'انتخاب رئيس', 'انتخب البرلمان برهم صالح رئيسا للجمهورية.')
  await add('sorani', 'ckb', 'سەرۆکی نوێ', 'پەرلەمان: بەرهەم ساڵح بوو بە سەرۆک.')
  await add('turkish', 'tr', 'Kuraklık', 'Kuraklık barajdaki suyu azalttı; köyler boşaldı.')
  await add(
    'brigade',
    'en',
    'A brigade of firefighters',
    'The brigade put out the fire. One brigade more came.',
  )
})

afterAll(() => app.close())

async function find(text: string, language?: string) {
  const { search } = await app.ask(
    `query ($text: String!, $language: String) { search(text: $text, language: $language) {
      articles { edges { node { slug } } } people { slug } organisations { slug } } }`,
    { text, language },
  )
  return {
    stories: search.articles.edges.map(({ node }: { node: { slug: string } }) => node.slug) as string[],
    people: search.people.map(({ slug }: { slug: string }) => slug) as string[],
    organisations: search.organisations.map(({ slug }: { slug: string }) => slug) as string[],
  }
}

describe('names', () => {
  test.each(['Daesh', 'DAESH', 'daesh', 'داعش', 'islamic state', 'ISIS'])(
    '%s finds the story that says ISIS',
    async (name) => {
      expect(await find(name)).toMatchObject({ stories: ['last-village'], organisations: ['isis'] })
    },
  )

  test.each([
    'Hashd al Shabi',
    'hashd alshaabi',
    'Hashd al-Sha’abi',
    'Popular Mobilisation Forces',
    'الحشد الشعبى',
    'الحشد الشعبيّ',
  ])('%s, a spelling that is not stored, finds the PMF and its stories', async (name) => {
    const found = await find(name)
    expect(found.organisations[0]).toBe('pmf')
    expect(found.stories).toContain('border')
  })

  test.each(['Barham Salih', 'برهم صالح', 'بەرهەم ساڵح', 'بەرهەم ساڵخ', 'Barham Saleh', 'Berham Salih'])(
    '%s finds the person and the stories in every language',
    async (name) => {
      const { people, stories } = await find(name)
      expect(people).toEqual(['barham-salih'])
      expect(stories.toSorted()).toEqual(['arabic', 'refugees', 'sorani'])
    },
  )

  test('a name amid other words counts in every spelling', async () => {
    expect((await find('Daesh village')).stories).toEqual(['last-village'])
    expect((await find('Daesh refugees')).stories).toEqual([])
    expect((await find('داعش village')).stories).toEqual(['last-village'])
  })
})

describe('words', () => {
  test.each([
    ['troop', 'border'],
    ['TROOPS', 'border'],
    ['villages', 'last-village'],
    ['soldiers', 'refugees'],
    ['البرلمان', 'arabic'],
    ['پەرلەمان', 'sorani'],
    ['kuraklik', 'turkish'],
    ['koyler', 'turkish'],
  ])('%s finds %s, whatever the form of the word', async (word, slug) => {
    expect((await find(word)).stories).toEqual([slug])
  })

  test('all of them must be in the story', async () => {
    expect((await find('brigade border')).stories).toEqual(['border'])
    expect((await find('brigade drought')).stories).toEqual([])
  })

  test('in the headline count for more than in the text', async () => {
    expect((await find('brigade')).stories).toEqual(['brigade', 'border'])
  })

  test('are looked for in one language when it is given', async () => {
    expect((await find('Barham Salih', 'ckb')).stories).toEqual(['sorani'])
    expect((await find('brigade', 'en')).stories).toEqual(['brigade', 'border'])
    expect((await find('brigade', 'en-gb')).stories).toEqual(['border'])
    expect((await find('troop', 'zu')).stories).toEqual([])
  })
})

interface Page {
  edges: { node: { slug: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

async function watermelons(first: number | undefined, after: string | null): Promise<Page> {
  const { search } = await app.ask(
    `query ($first: Int, $after: String) { search(text: "watermelon") {
      articles(first: $first, after: $after) {
        edges { node { slug } } pageInfo { hasNextPage endCursor } } } }`,
    { first, after },
  )
  return search.articles
}

test('paging through the results loses and repeats nothing', async () => {
  const { prisma } = app.database
  // Equal ranks, so that only the keys tell the stories apart.
  for (let i = 0; i < 23; i++) {
    await addArticle(prisma, { headline: 'Watermelons', slug: `melon-${i}`, blocks: [] })
  }
  const paging = fc.asyncProperty(
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    async (sizes) => {
      const seen: string[] = []
      let after: string | null = null
      for (let turn = 0; ; turn++) {
        const { edges, pageInfo } = await watermelons(sizes[turn % sizes.length], after)
        seen.push(...edges.map(({ node }) => node.slug))
        if (!pageInfo.hasNextPage) break
        after = pageInfo.endCursor
      }
      expect(new Set(seen).size).toBe(23)
      expect(seen).toHaveLength(23)
    },
  )
  await fc.assert(paging, { numRuns: 15 })
})

describe('whatever is typed', () => {
  const codes = async (text: string, language?: string) => {
    const { errors = [] } = await app.post(
      `query ($text: String!, $language: String) { search(text: $text, language: $language) {
        articles { edges { node { slug } } } people { slug } organisations { slug } } }`,
      { text, language },
    )
    return errors.map(({ extensions }) => extensions?.code)
  }

  test('is answered or refused as invalid, never a fault', { timeout: 120_000 }, async () => {
    const odd = [
      '"',
      "'",
      '!',
      '&',
      '|',
      ':*',
      '(',
      ')',
      '<->',
      '\\',
      '%',
      '_',
      'OR',
      'the',
      'ISIS',
      '\0',
      '\ud800',
      '١٢',
      '🙂',
    ]
    const text = fc.oneof(
      fc
        .array(fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary' })), { maxLength: 12 })
        .map((a) => a.join(' ')),
      fc.array(fc.constantFrom(...odd), { maxLength: 12 }).map((a) => a.join('')),
    )
    const asked = fc.asyncProperty(text, async (typed) => {
      expect([[], ['INVALID_INPUT']]).toContainEqual(await codes(typed))
    })
    await fc.assert(asked, { numRuns: 200 })
  })

  test.each(['', '   ', '!!!', '"\'!&|:*()', '\u0640', 'x'.repeat(201)])(
    '%j is refused, with a reason',
    async (typed) => {
      expect(await codes(typed)).toEqual(['INVALID_INPUT'])
    },
  )

  test.each(['xx-', '%', 'e_', '\0', 'english language'])('the language %j is refused', async (language) => {
    expect(await codes('border', language)).toEqual(['INVALID_INPUT'])
  })

  test.each(['the', 'a of the', 'و', 'x'.repeat(200), 'a '.repeat(100)])('%j is answered', async (typed) => {
    expect(await codes(typed)).toEqual([])
  })

  test('only pages forwards', async () => {
    const { errors } = await app.post(
      '{ search(text: "border") { articles(last: 2) { edges { node { id } } } } }',
    )
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'last' } }])
  })
})
