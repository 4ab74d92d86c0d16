import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

let app: TestApp
const statements: string[] = []
const newestFirst: string[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  const languages = ['en', 'en-GB', 'de', 'en-US', 'en', 'en-GB', 'fr', 'en']
  for (const [day, language] of languages.entries()) {
    const slug = `${language.toLowerCase()}-${day}`
    await addArticle(app.database.prisma, {
      slug,
      language,
      publishedAt: new Date(Date.UTC(2026, 0, day + 1)),
    })
    if (language.startsWith('en')) newestFirst.unshift(slug)
  }
})
afterAll(() => app.close())

const list = `query ($first: Int, $after: String, $last: Int, $before: String, $language: String!) {
  articles(filter: { language: $language }, first: $first, after: $after, last: $last, before: $before) {
    totalCount edges { node { slug headline } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`

type Page = { edges: { node: { slug: string } }[]; pageInfo: Record<'startCursor' | 'endCursor', string> }
const slugsOf = ({ edges }: Page) => edges.map(({ node }) => node.slug)

test('a list of a language has the articles of its variants, in one order, in both directions', async () => {
  const forwards: string[] = []
  let page: Page & { totalCount: number } = (await app.ask(list, { language: 'en', first: 2 })).articles
  expect(page.totalCount).toBe(6)
  while (page.edges.length > 0) {
    forwards.push(...slugsOf(page))
    page = (await app.ask(list, { language: 'en', first: 2, after: page.pageInfo.endCursor })).articles
  }
  expect(forwards).toEqual(newestFirst)

  const backwards: string[] = []
  page = (await app.ask(list, { language: 'en', last: 4 })).articles
  while (page.edges.length > 0) {
    backwards.unshift(...slugsOf(page))
    page = (await app.ask(list, { language: 'en', last: 4, before: page.pageInfo.startCursor })).articles
  }
  expect(backwards).toEqual(newestFirst)
})

test('what the client selects is read once, for the articles of the page', async () => {
  statements.length = 0
  await app.ask(list, { language: 'en', first: 2 })
  expect(statements.filter((sql) => sql.includes('"headline"'))).toHaveLength(1)
})

test('an invalid cursor is refused, also in a language without articles', async () => {
  for (const language of ['en', 'cy']) {
    const { errors } = await app.post(list, { language, first: 2, after: 'x' })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field: 'after' })
  }
})

test('the ledger refuses an invalid id, also for an unknown partner', async () => {
  const ledger = '{ ledger(partner: "nobody", articleId: "x") { edges { cursor } } }'
  const { errors } = await app.post(ledger, {}, await app.token('editor'))
  expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT')
})
