import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'

// People and organisations are rows of one table. Nothing finds a row as one of the other kind.

let app: TestApp
let person: string
let organisation: string

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  person = await savePerson(prisma, { slug: 'ledger', name: 'Ann Ledger' })
  organisation = await saveOrganisation(prisma, { slug: 'ledger', name: 'Ledger Bureau' })
  await addArticle(prisma, { slug: 'of-ann', headline: 'Ann Ledger speaks', byline: 'Ledger Bureau' })
  await addArticle(prisma, { slug: 'of-bureau', headline: 'News of Ledger Bureau' })
  await addArticle(prisma, {
    slug: 'of-both',
    headline: 'Quoted',
    blocks: [
      { kind: 'PARAGRAPH', text: 'Ann Ledger met Ledger Bureau.' },
      {
        kind: 'QUOTATION',
        text: 'We',
        direct: true,
        speaker: { organisation: 'ledger' },
        via: { text: 'a wire', organisation: 'ledger' },
      },
      { kind: 'QUOTATION', text: 'I', direct: true, speaker: { person: 'ledger' } },
    ],
  })
})
afterAll(() => app.close())

describe('a person and an organisation with the same slug', () => {
  test('are found by the field of their kind', async () => {
    const data = await app.ask(
      '{ person(slug: "ledger") { kind name } organisation(slug: "ledger") { kind name } }',
    )
    expect(data).toEqual({
      person: { kind: 'PERSON', name: 'Ann Ledger' },
      organisation: { kind: 'ORGANISATION', name: 'Ledger Bureau' },
    })
  })

  test('are listed and searched with their kind', async () => {
    const data = await app.ask(`{ people { edges { node { name } } } organisations { edges { node { name } } }
      search(text: "ledger") { people { name } organisations { name } } }`)
    const [people, organisations] = [[{ name: 'Ann Ledger' }], [{ name: 'Ledger Bureau' }]]
    expect(data.people.edges).toEqual([{ node: people[0] }])
    expect(data.organisations.edges).toEqual([{ node: organisations[0] }])
    expect(data.search).toEqual({ people, organisations })
  })

  test('each filter the articles that name them', async () => {
    const slugs = async (filter: string) => {
      const { articles } = await app.ask(`{ articles(filter: { ${filter} }) { edges { node { slug } } } }`)
      return articles.edges.map(({ node }: { node: { slug: string } }) => node.slug).sort()
    }
    expect(await slugs('person: "ledger"')).toEqual(['of-ann', 'of-both'])
    expect(await slugs('organisation: "ledger"')).toEqual(['of-both', 'of-bureau'])
    expect(await slugs(`person: "${globalId('Person', organisation)}"`)).toEqual([])
    expect(await slugs(`organisation: "${globalId('Organisation', person)}"`)).toEqual([])
  })

  test('have a feed each', async () => {
    const titles = async (kind: string) => {
      const response = await fetch(new URL(`/feeds/${kind}/ledger/feed.json`, app.url))
      const { items } = (await response.json()) as { items: { title: string }[] }
      return items.map(({ title }) => title).sort()
    }
    expect(await titles('person')).toEqual(['Ann Ledger speaks', 'Quoted'])
    expect(await titles('organisation')).toEqual(['News of Ledger Bureau', 'Quoted'])
  })
})

test('an id with the type of the other kind finds nothing', async () => {
  const [wrongPerson, wrongOrganisation] = [
    globalId('Person', organisation),
    globalId('Organisation', person),
  ]
  const data = await app.ask(`{
    person(id: "${wrongPerson}") { name } organisation(id: "${wrongOrganisation}") { name }
    first: node(id: "${wrongPerson}") { __typename } second: node(id: "${wrongOrganisation}") { __typename } }`)
  expect(data).toEqual({ person: null, organisation: null, first: null, second: null })
  const ids = await app.ask(`{
    first: node(id: "${globalId('Person', person)}") { __typename id ... on Person { name } }
    second: node(id: "${globalId('Organisation', organisation)}") { __typename id ... on Organisation { name } } }`)
  expect(ids).toEqual({
    first: { __typename: 'Person', id: globalId('Person', person), name: 'Ann Ledger' },
    second: { __typename: 'Organisation', id: globalId('Organisation', organisation), name: 'Ledger Bureau' },
  })
})

test('the people and organisations of an article are told apart, with the same parts of it or others', async () => {
  const query = `{ article(slug: "of-ann") {
    people { person { __typename name } } organisations { organisation { name } }
    authors: people(namedIn: [BYLINE]) { person { name } }
    desks: organisations(namedIn: [BYLINE]) { namedIn organisation { __typename name } } } }`
  expect(await app.ask(query)).toEqual({
    article: {
      people: [{ person: { __typename: 'Person', name: 'Ann Ledger' } }],
      organisations: [],
      authors: [],
      desks: [{ namedIn: 'BYLINE', organisation: { __typename: 'Organisation', name: 'Ledger Bureau' } }],
    },
  })
})

test('mentions and speakers have the type of their kind', async () => {
  const { article } = await app.ask(`{ article(slug: "of-both") {
    mentions { surface person { id } organisation { id } }
    body { ... on QuotationBlock { quotation {
      speaker { __typename id kind ... on Person { quotations { edges { node { text } } } } }
      viaOrganisation { id } } } } } }`)
  const ann = { id: globalId('Person', person) }
  const bureau = { id: globalId('Organisation', organisation) }
  expect(article.mentions).toEqual([
    { surface: 'Ann Ledger', person: ann, organisation: null },
    { surface: 'Ledger Bureau', person: null, organisation: bureau },
  ])
  expect(article.body.slice(1)).toEqual([
    {
      quotation: {
        speaker: { __typename: 'Organisation', kind: 'ORGANISATION', ...bureau },
        viaOrganisation: bureau,
      },
    },
    {
      quotation: {
        speaker: {
          __typename: 'Person',
          kind: 'PERSON',
          ...ann,
          quotations: { edges: [{ node: { text: 'I' } }] },
        },
        viaOrganisation: null,
      },
    },
  ])
})

test('an editor can’t name a person by the id of an organisation', async () => {
  const token = await app.token('editor')
  const publish = (slug: string, more: string) =>
    app.ask(
      `mutation { publishArticle(input: { slug: "${slug}", url: "https://news.example/${slug}", language: "en",
        headline: "News", blocks: [{ paragraph: { text: "Words." } }], ${more} }) {
        __typename ... on InvalidInput { field } } }`,
      {},
      token,
    )
  const both = `people: [{ person: "${globalId('Person', organisation)}" }],
    organisations: [{ organisation: "${globalId('Organisation', organisation)}" }]`
  expect(await publish('wrong-id', both)).toEqual({
    publishArticle: { __typename: 'InvalidInput', field: 'people' },
  })
})
