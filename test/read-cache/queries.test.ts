import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'

let app: TestApp
let moderator: string
let editor: string

beforeAll(async () => {
  app = await freshApp({ readCachePollMs: 400 })
  moderator = await app.token('moderator')
  editor = await app.token('editor')
})
afterAll(() => app.close())

const cache = () => app.readCache!.cache
const hits = () => cache().counters.hits

const PAGE = operationText('ArticlePage')
const LIST = `{ articles(first: 5) { edges { node { slug headline commentCount } } } }`

/** Adds an article that the cache knows of, so that a late hint about it drops nothing. */
async function knownArticle() {
  const article = await addArticle(app.database.prisma)
  await app.readCache?.watch.poll()
  return article
}

/** Asks until the response is kept, which it is once the database has been polled. */
async function askUntilKept(query: string, variables: object = {}, token?: string): Promise<Json> {
  const before = hits()
  let answer: Json
  do answer = await app.ask(query, variables, token)
  while (hits() === before)
  return answer
}

/** Asks once, and says whether the response was kept. */
async function askOnce(
  query: string,
  variables: object = {},
  token?: string,
): Promise<[Json, 'hit' | 'miss']> {
  const before = hits()
  const answer = await app.ask(query, variables, token)
  return [answer, hits() > before ? 'hit' : 'miss']
}

async function pendingComment(articleKey: string, body: string): Promise<string> {
  const { id } = await addComment(app.database.prisma, articleKey, { body, by: body })
  return globalId('Comment', id)
}

const approve = (id: string) =>
  app.ask(
    'mutation ($ids: [ID!]!) { approveComments(input: { ids: $ids }) { __typename } }',
    { ids: [id] },
    moderator,
  )
const reject = (id: string) =>
  app.ask(
    `mutation ($ids: [ID!]!) { rejectComments(input: { ids: $ids, guidelines: ["RELEVANCE"] }) { __typename } }`,
    { ids: [id] },
    moderator,
  )

test('the same query is answered with the same bytes, without a statement', async () => {
  const { slug } = await knownArticle()
  const first = await askUntilKept(PAGE, { slug })
  const [second, how] = await askOnce(PAGE, { slug })
  expect(second).toEqual(first)
  expect(how).toBe('hit')
})

test('a page shows an approval and a retraction in the next answer, and other pages stay kept', async () => {
  const article = await knownArticle()
  const other = await knownArticle()
  await askUntilKept(PAGE, { slug: article.slug })
  await askUntilKept(PAGE, { slug: other.slug })
  await askUntilKept(LIST)
  const id = await pendingComment(article.key, 'First')
  expect((await askOnce(PAGE, { slug: article.slug }))[1]).toBe('hit')
  await approve(id)
  const [page, how] = await askOnce(PAGE, { slug: article.slug })
  expect([page.article.commentCount, how]).toEqual([1, 'miss'])
  const [list, listed] = await askOnce(LIST)
  const shown = list.articles.edges.find(({ node }: Json) => node.slug === article.slug)
  expect([shown.node.commentCount, listed]).toEqual([1, 'miss'])
  expect((await askOnce(PAGE, { slug: other.slug }))[1]).toBe('hit')
  await askUntilKept(PAGE, { slug: article.slug })
  await reject(id)
  expect((await askOnce(PAGE, { slug: article.slug }))[0].article.commentCount).toBe(0)
})

test('a withheld article is gone in the next answer, from its page and from the list', async () => {
  const article = await knownArticle()
  await askUntilKept(PAGE, { slug: article.slug })
  await askUntilKept(LIST)
  await app.ask(
    `mutation ($id: ID!) { withholdArticle(input: { id: $id, version: 1 }) { __typename ... on Error { message } } }`,
    { id: article.id },
    editor,
  )
  expect((await askOnce(PAGE, { slug: article.slug }))[0].article).toBeNull()
  const [{ articles }] = await askOnce(LIST)
  expect(articles.edges.map(({ node }: Json) => node.slug)).not.toContain(article.slug)
})

test('an article that is withheld with SQL is gone after the next poll, and so is an old headline', async () => {
  const { prisma } = app.database
  const article = await knownArticle()
  await askUntilKept(PAGE, { slug: article.slug })
  await prisma.article.update({ where: { id: article.key }, data: { headline: 'Corrected by hand' } })
  await app.readCache?.watch.poll()
  expect((await askUntilKept(PAGE, { slug: article.slug })).article.headline).toBe('Corrected by hand')
  await prisma.article.update({ where: { id: article.key }, data: { status: 'WITHHELD' } })
  await app.readCache?.watch.poll()
  expect((await askOnce(PAGE, { slug: article.slug }))[0].article).toBeNull()
})

test('topics and names that are changed with SQL are new after the next poll', async () => {
  const { prisma } = app.database
  await addArticle(prisma, { topic: { slug: 'energy', label: 'Energy' } })
  await app.readCache?.watch.poll()
  const query = '{ topics { edges { node { slug name } } } }'
  const names = (data: Json) => data.topics.edges.map(({ node }: Json) => node.name)
  expect(names(await askUntilKept(query))).toContain('Energy')
  await prisma.topic.update({ where: { slug: 'energy' }, data: { label: 'Power' } })
  await addArticle(prisma, { topic: { slug: 'water', label: 'Water' } })
  await app.readCache?.watch.poll()
  expect(names((await askOnce(query))[0])).toEqual(expect.arrayContaining(['Power', 'Water']))
})

test('readers share responses among themselves, and what concerns one of them is not kept', async () => {
  const { slug } = await knownArticle()
  const [one, two] = [await app.token('reader', { name: 'one' }), await app.token('reader', { name: 'two' })]
  const page = await askUntilKept(PAGE, { slug }, one)
  expect(await askOnce(PAGE, { slug }, two)).toEqual([page, 'hit'])
  const own = '{ viewer { displayName } }'
  await app.ask(own, {}, one)
  expect(await askOnce(own, {}, one)).toEqual([{ viewer: { displayName: 'one' } }, 'miss'])
  expect(await askOnce(own, {}, two)).toEqual([{ viewer: { displayName: 'two' } }, 'miss'])
  await app.ask(PAGE, { slug }, moderator)
  expect((await askOnce(PAGE, { slug }, moderator))[1]).toBe('miss')
})
