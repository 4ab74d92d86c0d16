import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

// The number of articles in a connection is that of the articles that the viewer may see.

let app: TestApp
const statements: string[] = []
const NEVER_YET = new Date('2999-01-01T00:00:00Z')

beforeAll(async () => {
  app = await freshApp({ onStatement: statementsOfRequests((sql) => statements.push(sql)) })
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'ana', name: 'Ana President' })
  await saveOrganisation(prisma, { slug: 'office', name: 'Example Office' })
  const topic = { slug: 'world', label: 'World' }
  const headline = 'Ana President visits Example Office'
  for (let i = 0; i < 4; i++) await addArticle(prisma, { headline, topic })
  await addArticle(prisma, { headline, topic, status: 'WITHHELD' })
  await addArticle(prisma, { headline, topic, embargoedUntil: NEVER_YET })
  await addArticle(prisma, { headline, topic, publishedAt: NEVER_YET })
  // A name in a caption or a credit is none in the text.
  await addArticle(prisma, {
    leadImage: { url: '/images/1.jpg', caption: 'Ana President', credit: 'Example Office' },
  })
})
afterAll(() => app.close())

const lists = [
  ['a person', '{ person(slug: "ana") { LIST } }', ['person'], 4, 7],
  ['an organisation', '{ organisation(slug: "office") { LIST } }', ['organisation'], 4, 7],
  ['a topic', '{ topics { edges { node { LIST } } } }', ['topics', 'edges', '0', 'node'], 4, 7],
  ['the newsroom', '{ LIST }', [], 5, 8],
  ['a search', '{ search(text: "visits") { LIST } }', ['search'], 4, 7],
] as const

async function read(query: string, path: readonly string[], list: string, token?: string) {
  const data: Record<string, unknown> = await app.ask(query.replace('LIST', list), {}, token)
  const parent = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], data)
  return (parent as { articles: { totalCount: number; edges: unknown[] } }).articles
}

test.each(lists)(
  '%s has as many articles as the viewer may see, whatever the page',
  async (_of, query, path, seen, all) => {
    const page = 'articles(first: 2) { totalCount edges { cursor } }'
    expect(await read(query, path, page)).toMatchObject({ totalCount: seen, edges: [{}, {}] })
    expect(await read(query, path, page, await app.token('moderator'))).toMatchObject({ totalCount: seen })
    expect(await read(query, path, page, await app.token('editor'))).toMatchObject({ totalCount: all })
    expect(await read(query, path, 'articles(first: 0) { totalCount }')).toEqual({ totalCount: seen })
  },
)

test.each(lists)('of %s the number is counted only when it is selected', async (_of, query, path) => {
  statements.length = 0
  await read(query, path, 'articles(first: 2) { edges { node { slug } } }')
  expect(statements.join('\n')).not.toMatch(/count\(/i)
  statements.length = 0
  await read(query, path, 'articles(first: 2) { totalCount }')
  expect(statements.join('\n')).toMatch(/count\(/i)
})
