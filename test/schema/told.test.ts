import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveArticle } from '../../src/articles/save.ts'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'

// What is told of people and organisations: their names, posts, stories and quotations, to whoever may see them.

const NOW = new Date('2026-02-01T00:00:00Z')
const day = (number: number) => new Date(Date.UTC(2026, 0, number))
const kinds = ['person', 'organisation'] as const
const ids: Record<string, string> = {}
let app: TestApp
let editor: string
let reader: string

beforeAll(async () => {
  app = await freshApp({ now: () => NOW })
  const { prisma } = app.database
  editor = await app.token('editor', { ttlSeconds: 10 * 365 * 24 * 3600 })
  reader = await app.token('reader', { name: 'Ada', ttlSeconds: 10 * 365 * 24 * 3600 })
  const names = [
    { text: 'Zulu Alias', kind: 'ALIAS' as const },
    { text: 'Alpha Alias', kind: 'ALIAS' as const },
    { text: 'ACRO', kind: 'ACRONYM' as const, language: 'en' },
  ]
  const externalIds = { wikidata: 'Q7', isni: '42' }
  for (const slug of ['the-office', 'the-board'])
    ids[slug] = await saveOrganisation(prisma, { slug, name: slug })
  ids.organisation = await saveOrganisation(prisma, {
    slug: 'organisation',
    name: 'Main Organisation',
    description: 'What it is.',
    names,
    externalIds,
  })
  ids.person = await savePerson(prisma, {
    slug: 'person',
    name: 'Main Person',
    description: 'Who that is.',
    names: names.map((name) => ({ ...name, text: `P${name.text}` })),
    externalIds: { wikidata: 'Q8', isni: '43' },
    affiliations: [
      {
        organisation: 'the-office',
        title: 'first',
        from: new Date('2001-02-03'),
        to: new Date('2004-05-06'),
      },
      { organisation: 'organisation', title: 'third', from: new Date('2010-01-01') },
      { organisation: 'the-board', title: 'second', from: new Date('2005-01-01') },
    ],
  })
  await savePerson(prisma, { slug: 'other', name: 'Another Person' })

  const quotation = (text: string, more: object = {}) => ({
    kind: 'QUOTATION' as const,
    text,
    direct: true,
    ...more,
  })
  for (const kind of kinds) {
    const speaker = kind === 'person' ? { person: kind } : { organisation: kind }
    const said = (text: string) => [quotation(text, { speaker })]
    // Stored in another order than they were published.
    await addArticle(prisma, { slug: `${kind}-newest`, publishedAt: day(9), blocks: said('one') })
    await addArticle(prisma, {
      slug: `${kind}-oldest`,
      publishedAt: day(2),
      blocks: [
        quotation('two', {
          speaker,
          roleAsPrinted: 'chair',
          direct: false,
          via: { text: 'a wire', organisation: 'the-board' },
        }),
      ],
    })
    await addArticle(prisma, { slug: `${kind}-middle`, publishedAt: day(5), blocks: said('three') })
    await addArticle(prisma, {
      slug: `${kind}-embargoed`,
      embargoedUntil: new Date('2026-02-02T00:00:00Z'),
      blocks: said('not yet'),
    })
    await addArticle(prisma, { slug: `${kind}-withheld`, status: 'WITHHELD', blocks: said('never') })
    await addArticle(prisma, {
      slug: `${kind}-ahead`,
      publishedAt: new Date('2026-02-02T00:00:00Z'),
      blocks: said('tomorrow'),
    })
    for (const namedIn of ['CAPTION', 'CREDIT', 'BYLINE'] as const) {
      await addArticle(prisma, {
        slug: `${kind}-${namedIn.toLowerCase()}`,
        ...(kind === 'person'
          ? { people: [{ person: kind, namedIn }] }
          : { organisations: [{ organisation: kind, namedIn }] }),
      })
    }
  }
})
afterAll(() => app.close())

interface Node {
  slug: string
  text: string
}
const nodes = <Item = Node>({ edges }: { edges: { node: Item }[] }) => edges.map(({ node }) => node)

describe.each(kinds)('a %s', (kind) => {
  const type = kind === 'person' ? 'Person' : 'Organisation'
  const ask = async (fields: string, token?: string) =>
    (await app.ask(`{ ${kind}(slug: "${kind}") { ${fields} } }`, {}, token))[kind]

  test('is found by slug and by id, and only by what is its own', async () => {
    const id = globalId(type, ids[kind]!)
    const other = globalId(kind === 'person' ? 'Organisation' : 'Person', ids[kind]!)
    const find = async (argument: string) =>
      (await app.post(`{ ${kind}(${argument}) { slug id name description } }`)).data?.[kind]
    const found = {
      slug: kind,
      id,
      name: `Main ${type}`,
      description: kind === 'person' ? 'Who that is.' : 'What it is.',
    }
    expect(await find(`slug: "${kind}"`)).toEqual(found)
    expect(await find(`id: "${id}"`)).toEqual(found)
    expect(await find('slug: "nobody"')).toBeNull()
    expect((await find(`id: "${other}"`)) ?? null).toBeNull()
    const { node } = await app.ask('query ($id: ID!) { node(id: $id) { __typename id } }', { id })
    expect(node).toEqual({ __typename: type, id })
  })

  test('has its names by kind and then by the alphabet, and its keys in registers by theirs', async () => {
    const { names, externalIds } = await ask('names { text kind language } externalIds { scheme value }')
    const p = kind === 'person' ? 'P' : ''
    expect(names).toEqual([
      { text: `Main ${type}`, kind: 'CANONICAL', language: null },
      { text: `${p}Alpha Alias`, kind: 'ALIAS', language: null },
      { text: `${p}Zulu Alias`, kind: 'ALIAS', language: null },
      { text: `${p}ACRO`, kind: 'ACRONYM', language: 'en' },
    ])
    expect(externalIds).toEqual(
      kind === 'person'
        ? [
            { scheme: 'isni', value: '43' },
            { scheme: 'wikidata', value: 'Q8' },
          ]
        : [
            { scheme: 'isni', value: '42' },
            { scheme: 'wikidata', value: 'Q7' },
          ],
    )
  })

  test.each([
    ['the public', () => undefined, []],
    ['a reader who is signed in', () => reader, []],
    ['an editor', () => editor, ['ahead', 'withheld', 'embargoed']],
  ])('has the quotations of stories that %s may see, the latest first', async (_, token, more) => {
    const { quotations } = await ask('quotations { edges { node { text article { slug } } } }', token())
    expect(nodes(quotations)).toEqual([
      ...more.map((slug) => ({
        text: { ahead: 'tomorrow', withheld: 'never', embargoed: 'not yet' }[slug],
        article: { slug: `${kind}-${slug}` },
      })),
      { text: 'three', article: { slug: `${kind}-middle` } },
      { text: 'two', article: { slug: `${kind}-oldest` } },
      { text: 'one', article: { slug: `${kind}-newest` } },
    ])
  })

  test('has quotations in pages', async () => {
    const page = async (args: string) => {
      const { quotations } = await ask(
        `quotations(${args}) { edges { node { text } } pageInfo { hasNextPage endCursor } }`,
      )
      return { ...quotations.pageInfo, texts: nodes(quotations).map((node) => node.text) }
    }
    const first = await page('first: 2')
    expect(first).toMatchObject({ texts: ['three', 'two'], hasNextPage: true })
    expect(await page(`first: 2, after: "${first.endCursor}"`)).toMatchObject({
      texts: ['one'],
      hasNextPage: false,
    })
    expect(await page('last: 1')).toMatchObject({ texts: ['one'] })
  })

  test('has the stories whose own text names it, newest first, each once', async () => {
    const stories = async (token?: string) =>
      nodes((await ask('articles { edges { node { slug } } }', token)).articles).map((node) => node.slug)
    const seen = ['newest', 'middle', 'oldest'].map((slug) => `${kind}-${slug}`)
    expect(await stories()).toEqual(seen)
    expect(await stories(reader)).toEqual(seen)
    expect(await stories(editor)).toHaveLength(6)
  })
})

test('a quotation says how, in which role and through whom somebody said it', async () => {
  const fields = 'speaker { __typename slug name } roleAsPrinted direct via viaOrganisation { slug }'
  const said = async (slug: string) =>
    nodes(
      (await app.ask(`{ ${slug}(slug: "${slug}") { quotations { edges { node { text ${fields} } } } } }`))[
        slug
      ].quotations,
    )
  for (const kind of kinds) {
    const type = kind === 'person' ? 'Person' : 'Organisation'
    const [, second, first] = await said(kind)
    const speaker = { __typename: type, slug: kind, name: `Main ${type}` }
    expect(first).toEqual({
      text: 'one',
      speaker,
      roleAsPrinted: null,
      direct: true,
      via: null,
      viaOrganisation: null,
    })
    expect(second).toEqual({
      text: 'two',
      speaker,
      roleAsPrinted: 'chair',
      direct: false,
      via: 'a wire',
      viaOrganisation: { slug: 'the-board' },
    })
  }
})

test('a speaker is an entity and a node, with names, ids in registers, and what its type has', async () => {
  const fields = `__typename id kind slug name description names { text kind } externalIds { scheme value }
    ... on Node { node: id } ... on Entity { entity: name } ... on Person { affiliations { title from } }
    ... on Organisation { quotations(first: 1) { edges { node { text } } } }`
  for (const kind of kinds) {
    const [{ speaker } = { speaker: {} as Record<string, unknown> }] = nodes<{
      speaker: Record<string, unknown>
    }>(
      (
        await app.ask(
          `{ ${kind}(slug: "${kind}") { quotations(first: 1) { edges { node { speaker { ${fields} } } } } } }`,
        )
      )[kind].quotations,
    )
    const own = await app.ask(
      `query ($id: ID!) { node(id: $id) { __typename ... on Entity { id kind slug name description
        names { text kind } externalIds { scheme value } } } }`,
      { id: speaker.id },
    )
    expect(speaker).toMatchObject(own.node)
    expect(own.node).toMatchObject({
      id: globalId(own.node.__typename, ids[kind]!),
      kind: kind.toUpperCase(),
    })
    expect(speaker).toMatchObject({ node: speaker.id, entity: speaker.name })
    expect(speaker.names).toContainEqual({ text: speaker.name, kind: 'CANONICAL' })
    expect(speaker.externalIds).toHaveLength(2)
    if (kind === 'person') expect(speaker.affiliations).toContainEqual({ title: 'first', from: '2001-02-03' })
    else expect(speaker.quotations).toMatchObject({ edges: [{ node: { text: expect.any(String) } }] })
  }
})

test('a person’s posts are told latest first, with their days, and an organisation’s likewise', async () => {
  const fields = 'title from to person { slug } organisation { slug }'
  const { person } = await app.ask(`{ person(slug: "person") { affiliations { ${fields} } } }`)
  const post = (title: string, organisation: string, from: string, to: string | null = null) => ({
    title,
    from,
    to,
    person: { slug: 'person' },
    organisation: { slug: organisation },
  })
  expect(person.affiliations).toEqual([
    post('third', 'organisation', '2010-01-01'),
    post('second', 'the-board', '2005-01-01'),
    post('first', 'the-office', '2001-02-03', '2004-05-06'),
  ])
  await savePerson(app.database.prisma, {
    slug: 'other',
    name: 'Another Person',
    affiliations: [{ organisation: 'organisation', title: 'latest', from: new Date('2020-01-01') }],
  })
  const { organisation } = await app.ask(`{ organisation(slug: "organisation") { affiliations { title } } }`)
  expect(organisation.affiliations).toEqual([{ title: 'latest' }, { title: 'third' }])
})

test('lists of people and organisations go by name, in pages', async () => {
  const list = async (field: string, args = '') => {
    const { [field]: found } = await app.ask(
      `{ ${field}${args} { edges { node { slug } } pageInfo { endCursor hasNextPage } } }`,
    )
    return { ...found.pageInfo, slugs: nodes(found).map((node) => node.slug) }
  }
  expect(await list('people')).toMatchObject({ slugs: ['other', 'person'] })
  expect((await list('organisations')).slugs.toSorted()).toEqual(['organisation', 'the-board', 'the-office'])
  const { endCursor, hasNextPage } = await list('people', '(first: 1)')
  expect(hasNextPage).toBe(true)
  expect(await list('people', `(first: 1, after: "${endCursor}")`)).toMatchObject({
    slugs: ['person'],
    hasNextPage: false,
  })
  expect(await list('people', '(filter: { name: "main" })')).toMatchObject({ slugs: ['person'] })
  expect(await list('organisations', '(filter: { name: "main" })')).toMatchObject({ slugs: ['organisation'] })
})

test('a story tells whom it names where, in the order of first naming, with every role and the first of them', async () => {
  const { prisma } = app.database
  const story = {
    slug: 'roles',
    canonicalUrl: 'https://dateline.example/roles',
    language: 'en',
    headline: 'Roles',
    publishedAt: day(1),
    blocks: [
      {
        kind: 'PARAGRAPH' as const,
        text: 'Another Person met Main Person at the-board, before Main Organisation.',
      },
    ],
    people: [
      { person: 'person', namedIn: 'ARTICLE' as const, rolesAsPrinted: ['chair', 'doctor'] },
      { person: 'other', namedIn: 'BYLINE' as const },
    ],
    organisations: [{ organisation: 'the-office', namedIn: 'CAPTION' as const }],
  }
  await saveArticle(prisma, story, { now: day(1) })
  const { article } = await app.ask(`{ article(slug: "roles") {
    people { person { slug } namedIn roleAsPrinted rolesAsPrinted }
    bylines: people(namedIn: [BYLINE]) { person { slug } roleAsPrinted }
    organisations { organisation { slug } namedIn }
    captions: organisations(namedIn: [CAPTION]) { organisation { slug } } } }`)
  expect(article.people).toHaveLength(2)
  expect(article.people).toContainEqual({
    person: { slug: 'person' },
    namedIn: 'ARTICLE',
    roleAsPrinted: 'chair',
    rolesAsPrinted: ['chair', 'doctor'],
  })
  expect(article.bylines).toEqual([{ person: { slug: 'other' }, roleAsPrinted: null }])
  expect(
    article.organisations.map(({ organisation, namedIn }: { organisation: Node; namedIn: string }) => [
      organisation.slug,
      namedIn,
    ]),
  ).toEqual([
    ['the-board', 'ARTICLE'],
    ['organisation', 'ARTICLE'],
    ['the-office', 'CAPTION'],
  ])
  expect(article.captions).toEqual([{ organisation: { slug: 'the-office' } }])
})
