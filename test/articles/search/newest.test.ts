import { afterAll, beforeAll, expect, test } from 'vitest'
import { MAX_HITS } from '../../../src/articles/search/articles.ts'
import { freshApp, type TestApp } from '../../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  await app.database.prisma.$executeRaw`
    INSERT INTO "Article" ("id", "slug", "canonicalUrl", "language", "headline", "publishedAt", "updatedAt", "search")
    SELECT gen_random_uuid(), 's-' || n, 'https://news.example/' || n, CASE n WHEN 2 THEN 'en-GB' ELSE 'de' END, 'Story',
      timestamptz '2026-01-01Z' + n * interval '1 minute', now(),
      to_tsvector('simple', CASE n WHEN 1 THEN 'council lantern council' ELSE 'council' END)
    FROM generate_series(1, ${MAX_HITS + 20}::int) n`
})
afterAll(() => app.close())

async function find(text: string, after: string | null = null, language: string | null = null) {
  const { search } = await app.ask(
    `query ($text: String!, $after: String, $language: String) { search(text: $text, language: $language) {
      articles(first: 100, after: $after) { totalCount edges { node { slug } } pageInfo { hasNextPage endCursor } } } }`,
    { text, after, language },
  )
  return search.articles
}

test('a frequent word finds the newest 500 articles, each once, and counts 500', async () => {
  const slugs: string[] = []
  let after: string | null = null
  for (;;) {
    const { edges, pageInfo, totalCount } = await find('council', after)
    expect(totalCount).toBe(MAX_HITS)
    slugs.push(...edges.map(({ node }: { node: { slug: string } }) => node.slug))
    if (!pageInfo.hasNextPage) break
    after = pageInfo.endCursor
  }
  expect(new Set(slugs)).toEqual(new Set(Array.from({ length: MAX_HITS }, (_, i) => `s-${i + 21}`)))
  expect(slugs).toHaveLength(MAX_HITS)
})

test('an older article is found with one more word, or by its language', async () => {
  expect(await find('council lantern')).toMatchObject({ totalCount: 1, edges: [{ node: { slug: 's-1' } }] })
  expect(await find('council', null, 'en')).toMatchObject({
    totalCount: 1,
    edges: [{ node: { slug: 's-2' } }],
  })
  expect(await find('council', null, 'cy')).toMatchObject({ totalCount: 0, edges: [] })
})
