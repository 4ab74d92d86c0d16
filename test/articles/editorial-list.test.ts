import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'

const NOW = new Date('2026-02-01T00:00:00Z')
const LATER = new Date('2026-03-01T00:00:00Z')
let now = NOW
let app: TestApp
let editor: string

beforeAll(async () => {
  app = await freshApp({ now: () => now })
  editor = await app.token('editor', { ttlSeconds: 10 * 365 * 24 * 3600 })
  const { prisma } = app.database
  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  await addArticle(prisma, { slug: 'first', headline: 'Dam of Mosul', publishedAt: at(1) })
  await addArticle(prisma, { slug: 'withheld', publishedAt: at(2), status: 'WITHHELD' })
  await addArticle(prisma, { slug: 'canceled', publishedAt: at(3), status: 'CANCELED' })
  await addArticle(prisma, { slug: 'embargoed', publishedAt: at(4), embargoedUntil: LATER })
  await addArticle(prisma, { slug: 'closed', publishedAt: at(5), commenting: { open: false } })
  await addArticle(prisma, { slug: 'last', headline: 'A 100% DAM', publishedAt: at(6) })
  await addArticle(prisma, { slug: 'scheduled', publishedAt: LATER })
})
afterAll(() => app.close())

async function list(args: string, token: string | undefined = editor): Promise<Json> {
  const { editorialArticles } = await app.ask(
    `{ editorialArticles${args} { totalCount edges { node { slug } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`,
    {},
    token,
  )
  return { ...editorialArticles, slugs: editorialArticles.edges.map(({ node }: Json) => node.slug) }
}
const slugs = async (filter: string) => (await list(`(filter: { ${filter} })`)).slugs

test('editors see the articles of every state, latest publication first', async () => {
  expect((await list('')).slugs).toEqual([
    'scheduled',
    'last',
    'closed',
    'embargoed',
    'canceled',
    'withheld',
    'first',
  ])
})

test('each article is in one state', async () => {
  expect(await slugs('state: PUBLIC')).toEqual(['last', 'closed', 'first'])
  expect(await slugs('state: EMBARGOED')).toEqual(['scheduled', 'embargoed'])
  expect(await slugs('state: WITHHELD')).toEqual(['withheld'])
  expect(await slugs('state: CANCELED')).toEqual(['canceled'])
  now = LATER
  expect(await slugs('state: EMBARGOED')).toEqual([])
  expect(await slugs('state: PUBLIC')).toHaveLength(5)
  now = NOW
})

test('words of the headline and open comments filter, and characters of patterns are plain text', async () => {
  expect(await slugs('text: "dam"')).toEqual(['last', 'first'])
  expect(await slugs('text: "mosul DAM"')).toEqual(['first'])
  expect(await slugs('text: "100%"')).toEqual(['last'])
  expect(await slugs('text: "d%m"')).toEqual([])
  expect(await slugs('commentingOpen: false')).toEqual(['closed'])
  expect(await slugs('state: PUBLIC, commentingOpen: true, text: "dam"')).toEqual(['last', 'first'])
})

test('pages follow each other in both directions', async () => {
  const first = await list('(first: 3)')
  expect(first).toMatchObject({ slugs: ['scheduled', 'last', 'closed'], totalCount: 7 })
  const second = await list(`(first: 3, after: "${first.pageInfo.endCursor}")`)
  expect(second.slugs).toEqual(['embargoed', 'canceled', 'withheld'])
  expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
  const back = await list(`(last: 2, before: "${second.pageInfo.startCursor}")`)
  expect(back.slugs).toEqual(['last', 'closed'])
})

test('two versions of an article can be compared', async () => {
  const { article } = await app.ask('{ article(slug: "first") { id version } }', {}, editor)
  await app.ask(
    `mutation ($id: ID!) { updateArticle(input: { id: $id, version: 1,
      changes: { blocks: [{ paragraph: { text: "New words." } }] } }) { __typename } }`,
    { id: article.id },
    editor,
  )
  const query = `query ($id: ID!) { article(id: $id) { a: revision(version: 1) { version draft }
    b: revision(version: 2) { version draft } none: revision(version: 3) { version } } }`
  const compared = (await app.ask(query, { id: article.id }, editor)).article
  expect(compared.b).toMatchObject({ version: 2, draft: { blocks: [{ paragraph: { text: 'New words.' } }] } })
  expect(compared.a.draft.blocks).not.toEqual(compared.b.draft.blocks)
  expect(compared.none).toBeNull()
  expect((await app.ask(query, { id: article.id })).article).toEqual({ a: null, b: null, none: null })
})
