import { afterAll, beforeAll, expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'

let app: TestApp
let editor: string
const day = (number: number) => new Date(Date.UTC(2026, 0, number))

beforeAll(async () => {
  app = await freshApp({ readCachePollMs: 400 })
  editor = await app.token('editor')
  const { prisma } = app.database
  for (const name of ['Ana Alpha', 'Ben Beta', 'Cem Gamma'])
    await savePerson(prisma, { slug: name.slice(0, 3).toLowerCase(), name })
  const add = (slug: string, headline: string, at: number, topic?: string) =>
    addArticle(prisma, {
      slug,
      headline,
      publishedAt: day(at),
      ...(topic && { topic: { slug: topic, label: topic } }),
    })
  await add('story', 'Ana Alpha meets Ben Beta', 5, 'water')
  await add('all', 'Ben Beta answers Ana Alpha', 1, 'water')
  await add('ana', 'Ana Alpha speaks', 2, 'sport')
  await add('ben-newer', 'Ben Beta speaks', 9)
  await add('topic', 'A river rises', 3, 'water')
  await add('other', 'Cem Gamma plays', 4, 'sport')
  await addArticle(prisma, { slug: 'hidden', headline: 'Ana Alpha, Ben Beta', status: 'WITHHELD' })
  await addArticle(prisma, {
    slug: 'embargoed',
    headline: 'Ana Alpha, Ben Beta',
    embargoedUntil: new Date('2999-01-01T00:00:00Z'),
  })
})
afterAll(() => app.close())

const related = async (slug: string, first = 6, token?: string): Promise<string[]> =>
  (
    await app.ask(
      'query ($slug: String!, $first: Int!) { article(slug: $slug) { related(first: $first) { slug } } }',
      { slug, first },
      token,
    )
  ).article.related.map(({ slug }: Json) => slug)

test('related articles are those with most in common, then the newest, without the article itself', async () => {
  expect(await related('story')).toEqual(['all', 'ben-newer', 'topic', 'ana'])
  expect(await related('story', 2)).toEqual(['all', 'ben-newer'])
  expect(await related('other')).toEqual(['ana'])
})

test('an article that a viewer may not see is related for editors only', async () => {
  for (const role of ['reader', 'moderator'] as const)
    expect(await related('story', 20, await app.token(role))).not.toContain('hidden')
  expect(await related('story', 20, editor)).toEqual(expect.arrayContaining(['hidden', 'embargoed']))
})

test('the number is limited', async () => {
  for (const first of [0, -1, 21]) {
    const { errors } = await app.post(`{ article(slug: "story") { related(first: ${first}) { slug } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
  }
})

test('a kept page shows the related article that is published or withheld next, and not before', async () => {
  const query = '{ article(slug: "story") { related { slug headline } } }'
  const counters = () => app.readCache!.cache.counters.hits
  const askUntilKept = async () => {
    for (const before = counters(); ; ) {
      const { article } = await app.ask(query)
      if (counters() > before) return article.related.map(({ slug }: Json) => slug)
    }
  }
  await app.readCache?.watch.poll()
  const before = await askUntilKept()
  const { publishArticle } = await app.ask(
    `mutation { publishArticle(input: { slug: "new", url: "https://dateline.example/new", language: "en",
      headline: "Ana Alpha and Ben Beta again", blocks: [{ paragraph: { text: "Words." } }] }) {
      ... on PublishArticlePayload { article { id version } } ... on Error { message } } }`,
    {},
    editor,
  )
  const slugs = async () => (await app.ask(query)).article.related.map(({ slug }: Json) => slug)
  expect(await slugs()).toEqual(expect.arrayContaining([...before, 'new']))
  await askUntilKept()
  await app.ask(
    `mutation ($id: ID!) { withholdArticle(input: { id: $id, version: 1 }) { __typename } }`,
    { id: publishArticle.article.id },
    editor,
  )
  expect(await slugs()).toEqual(before)
})
