import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// Who may read what the desk shows.

let app: TestApp
let articleId: string
let readerId: string
const tokens: Record<string, string | undefined> = {}

const ROLES = ['anonymous', 'reader', 'partner', 'banned', 'moderator', 'editor', 'admin'] as const

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma, { slug: 'story' })
  const comment = await addComment(prisma, article.key, { body: 'Secret words', by: 'Author' })
  articleId = article.id
  readerId = globalId('Reader', comment.readerId)
  for (const role of ['reader', 'moderator', 'editor', 'admin'] as const) tokens[role] = await app.token(role)
  tokens.partner = (await addPartner(prisma, { slug: 'wire' })).key
  tokens.banned = await app.token('moderator', { name: 'Banned' })
  const { sub } = JSON.parse(Buffer.from(tokens.banned.split('.')[1]!, 'base64url').toString())
  await app.ask(
    `mutation ($subject: String!) { setReaderStatus(input: { subject: $subject, status: BANNED, reason: "Spam" }) { __typename } }`,
    { subject: sub },
    tokens.admin,
  )
})
afterAll(() => app.close())

const queries: [query: string, from: (typeof ROLES)[number]][] = [
  ['{ moderationQueue(filter: { text: "secret" }) { edges { node { body } } } }', 'moderator'],
  ['{ moderationCounts { total oldestSubmittedAt byArticle { count } byLanguage { count } } }', 'moderator'],
  ['{ decisions { edges { node { moderatorName comment { body } } } } }', 'moderator'],
  ['{ readers { edges { node { displayName commentCounts { pending } } } } }', 'moderator'],
  ['{ reader(id: "READER") { subject comments { edges { node { body } } } } }', 'moderator'],
  ['{ editorialArticles { totalCount edges { node { slug } } } }', 'editor'],
  ['{ openRecalls { edges { node { article { slug } } } } }', 'editor'],
  ['{ partners { edges { node { licence { covers(articleId: "ARTICLE") } } } } }', 'admin'],
]

test.each(queries)('%s is for the role %s and those above', async (query, from) => {
  const text = query.replace('READER', readerId).replace('ARTICLE', articleId)
  for (const role of ROLES) {
    const { data, errors } = await app.post(text, {}, tokens[role])
    const isAllowed = ROLES.indexOf(role) >= ROLES.indexOf(from)
    if (isAllowed) expect(errors, role).toBeUndefined()
    else {
      expect(errors?.[0]?.extensions?.code, role).toMatch(/^(FORBIDDEN|NOT_SIGNED_IN)$/)
      expect(JSON.stringify({ data, errors }), role).not.toContain('Secret words')
    }
  }
})

test('a reader of the moderators is no node for others, and versions are null', async () => {
  for (const role of ['anonymous', 'reader', 'banned']) {
    const data = await app.ask(
      `{ node(id: "${readerId}") { id ... on Reader { commentCounts { pending } comments { edges { node { body } } } } }
        article(slug: "story") { revision(version: 1) { draft } } }`,
      {},
      tokens[role],
    )
    expect(data, role).toEqual({ node: null, article: { revision: null } })
  }
})

test('the licence of a partner covers an article by its terms', async () => {
  const covers = async () =>
    (
      await app.ask(
        `{ partners { edges { node { slug licence { covers(articleId: "${articleId}") } } } } }`,
        {},
        tokens.admin,
      )
    ).partners.edges.map(({ node }: { node: { slug: string; licence: { covers: boolean } } }) => [
      node.slug,
      node.licence.covers,
    ])
  await addPartner(app.database.prisma, { slug: 'german' })
  await app.ask(
    'mutation { setLicence(input: { partner: "german", licence: { languages: ["de"] } }) { __typename } }',
    {},
    tokens.admin,
  )
  expect(await covers()).toEqual([
    ['german', false],
    ['wire', true],
  ])
  await app.ask(
    `mutation { withholdArticle(input: { id: "${articleId}", version: 1 }) { __typename } }`,
    {},
    tokens.editor,
  )
  expect(await covers()).toEqual([
    ['german', false],
    ['wire', false],
  ])
})
