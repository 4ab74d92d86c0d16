import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../src/auth/viewer.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// A query with a feed cursor and other fields reads one snapshot: it is executed in a transaction. On the embedded
// database, a read outside this transaction would wait for its end, and the transaction for the read.

let app: TestApp
let article: { id: string; slug: string }
let tokens: Record<Role | 'partner', string>
beforeAll(async () => {
  app = await freshApp()
  article = await addArticle(app.database.prisma)
  const { key } = await addPartner(app.database.prisma)
  const [reader, moderator, editor, admin] = await Promise.all(
    (['reader', 'moderator', 'editor', 'admin'] as const).map((role) => app.token(role, { name: role })),
  )
  tokens = { reader, moderator, editor, admin, partner: key } as typeof tokens
})
afterAll(() => app.close())

/** The arguments and the selection of each field of Query. */
const fields: Record<string, (id: string) => string> = {
  node: (id) => `(id: "${id}") { id }`,
  commentEvents: (id) => `(articleId: "${id}", first: 5) { edges { cursor } }`,
  article: (id) => `(id: "${id}") { headline related { id } }`,
  articles: () => '(first: 5) { edges { node { id } } totalCount }',
  person: () => '(slug: "nobody") { id }',
  organisation: () => '(slug: "nobody") { id }',
  people: () => '(first: 5) { edges { node { id } } }',
  organisations: () => '(first: 5) { edges { node { id } } }',
  topic: () => '(slug: "none") { id }',
  topics: () => '(first: 5) { edges { node { id } } }',
  search: () => '(text: "word") { __typename }',
  guidelines: () => '{ code }',
  viewer: () => '{ role comments(first: 5) { totalCount edges { node { id } } } }',
  changes: () => '(first: 5) { edges { cursor } }',
  licensedArticle: (id) => `(id: "${id}") { headline }`,
  licensedArticleResult: (id) => `(id: "${id}") { __typename }`,
  removals: () => '(first: 5) { edges { cursor } }',
  openRecalls: () => '(first: 5) { edges { node { articleId article { id } } } }',
  ledger: () => '(first: 5) { edges { cursor } }',
  recall: (id) => `(articleId: "${id}") { isComplete article { id } }`,
  partner: () => '(slug: "nobody") { slug }',
  partners: () => '(first: 5) { edges { node { slug licence { version } } } }',
  viewerPartner: () => '{ slug }',
  moderationCounts: () => '{ total byArticle { count } byLanguage { count } }',
  decisions: () => '(first: 5) { edges { node { at } } }',
  readers: () => '(first: 5) { edges { node { id commentCounts { pending } } } }',
  reader: () => '(subject: "nobody") { id }',
  editorialArticles: () => '(first: 5) { edges { node { id } } }',
  moderationQueue: () => '(first: 5) { totalCount edges { node { id } } }',
}

test('each field of Query has an example', () => {
  expect(Object.keys(fields).sort()).toEqual(Object.keys(schema.getQueryType()!.getFields()).sort())
})

test.each(Object.keys(fields))('%s is read in the snapshot of a feed cursor', async (name) => {
  const query = `{ cursor: article(slug: "${article.slug}") { feedCursor } other: ${name}${fields[name]!(article.id)} }`
  for (const token of [undefined, ...Object.values(tokens)]) {
    const { errors = [] } = await app.post(query, {}, token)
    const codes = errors.map(({ extensions }) => extensions?.code)
    expect(codes).not.toContain('TEMPORARILY_UNAVAILABLE')
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
    expect(codes).not.toContain('GRAPHQL_VALIDATION_FAILED')
  }
})
