import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { connect, listen, type Results } from '../support/socket.ts'
import { edit, headline, release, watching, withhold } from './live-support.ts'

const noon = new Date('2026-06-01T12:00:00Z')
const later = new Date('2026-06-01T13:00:00Z')
let now = noon
let app: TestApp
const windows: Results<unknown>[] = []

beforeAll(async () => {
  app = await freshApp({ now: () => now, changePollMs: 50 })
})
afterEach(async () => {
  now = noon
  await Promise.all(windows.splice(0).map((window) => window[Symbol.asyncDispose]()))
  await watching(app, 0)
})
afterAll(() => app.close())

/** Subscribes with some filters. */
async function follow(...filters: (object | undefined)[]) {
  const opened = filters.map((filter) => listen(connect(app.wsUrl), operationText('NewArticles'), { filter }))
  windows.push(...opened)
  await watching(app, filters.length, filters.length)
  return opened.map((window) => async (count: number) => {
    const data = await window.take(count)
    return data.map(({ newArticles }) => newArticles.article?.slug)
  })
}

test('an article is announced when it is published, released, and at the end of its embargo by the clock', async () => {
  const { prisma } = app.database
  const [next] = (await follow(undefined)) as [(count: number) => Promise<string[]>]
  const embargoed = await addArticle(prisma, { embargoedUntil: later })
  const published = await addArticle(prisma)
  expect(await next(1)).toEqual([published.slug])
  await edit(app, published.id, 1, [headline('Other'), withhold, release])
  expect(await next(1)).toEqual([published.slug])
  // Not told before its time, however often it is changed.
  await edit(app, embargoed.id, 1, [headline('Secret'), withhold, release])
  const second = await addArticle(prisma)
  expect(await next(1)).toEqual([second.slug])
  now = later
  expect(await next(1)).toEqual([embargoed.slug])
})

test('the articles that match a filter are those of Query.articles', async () => {
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'ana-president', name: 'Ana President' })
  const { person } = await app.ask('{ person(slug: "ana-president") { id } }')
  const region = { slug: 'region', label: 'Region' }
  const filters = [
    { language: 'en' },
    { topic: 'region' },
    { topic: 'no-such-topic' },
    { person: 'ana-president' },
    { person: person.id },
    { organisation: 'ana-president' },
    { publishedFrom: '2026-03-01T00:00:00Z', publishedBefore: '2026-04-01T00:00:00Z' },
    { topic: 'region', language: 'ar' },
  ]
  const seen = await follow(...filters)
  const drafts = [
    { slug: 'british', language: 'en-GB' },
    { slug: 'region-ar', language: 'ar', topic: region },
    { slug: 'march', language: 'ku', publishedAt: new Date('2026-03-15') },
    { slug: 'ana', language: 'ar', topic: region, headline: 'Ana President speaks' },
    {
      slug: 'ana-march',
      topic: region,
      headline: 'Ana President in March',
      publishedAt: new Date('2026-03-31'),
    },
  ]
  for (const draft of drafts) await addArticle(prisma, draft)
  const slugs = drafts.map(({ slug }) => slug)
  const counts: number[] = []
  for (const [i, filter] of filters.entries()) {
    const { articles } = await app.ask(
      'query ($filter: ArticleFilter) { articles(first: 100, filter: $filter) { edges { node { slug } } } }',
      { filter },
    )
    const listed = new Set(articles.edges.map(({ node }: Json) => node.slug))
    const expected = slugs.filter((slug) => listed.has(slug))
    expect(await seen[i]?.(expected.length)).toEqual(expected)
    counts.push(expected.length)
  }
  expect(counts).toEqual([2, 3, 0, 2, 2, 0, 2, 2])
})

test('a filter that no article can match is refused', async () => {
  const window = listen(connect(app.wsUrl), operationText('NewArticles'), {
    filter: { publishedFrom: '2026-04-01T00:00:00Z', publishedBefore: '2026-03-01T00:00:00Z' },
  })
  windows.push(window)
  expect((await window.next()).errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
})
