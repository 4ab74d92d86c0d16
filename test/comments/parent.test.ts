import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

// Comment.parent comes with the statement that reads the comment, and is shown to whom it may be shown.

interface Edge {
  node: { body: string; parent: object | null }
}

let app: TestApp
let story: { key: string; slug: string }
const statements: string[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
})

beforeEach(async () => {
  story = await addArticle(app.database.prisma)
})

afterAll(() => app.close())

const say = (body: string, by: string, parentId?: string) =>
  addComment(app.database.prisma, story.key, { body, by, parentId })

async function approved(body: string, by: string, parentId?: string): Promise<string> {
  const { id } = await say(body, by, parentId)
  await approve(app.database.prisma, [id])
  return id
}

const page = `query ($slug: String!) { article(slug: $slug) { comments(first: 50) { edges { node { body
  parent { body author { displayName } article { headline } parent { body article { slug } } } } } } } }`

test('12 replies with their parents, and the stories of these, are read in one statement', async () => {
  const first = await approved('First', 'Ana')
  for (let i = 0; i < 12; i++) await approved(`Reply ${i}`, `Reader ${i}`, first)
  statements.length = 0
  const { article } = await app.ask(page, { slug: story.slug })
  expect(statements).toHaveLength(1)
  const replies = article.comments.edges.filter(({ node }: Edge) => node.parent)
  expect(replies).toHaveLength(12)
  for (const { node } of replies) {
    expect(node.parent).toMatchObject({ body: 'First', author: { displayName: 'Ana' }, parent: null })
    expect(node.parent.article.headline).toMatch(/^Story /)
  }
})

test('a parent that was taken down is shown to moderators only, not even to who wrote it', async () => {
  const parent = await approved('Secret', 'Ana')
  await approved('Reply', 'Ben', parent)
  await reject(app.database.prisma, [parent])
  const parentFor = async (token?: string) => {
    const { article } = await app.ask(page, { slug: story.slug }, token)
    return article.comments.edges.find(({ node }: Edge) => node.body === 'Reply').node.parent
  }
  expect(await parentFor()).toBeNull()
  expect(await parentFor(await app.token('reader', { name: 'Ben' }))).toBeNull()
  expect(await parentFor(await app.token('reader', { name: 'Ana' }))).toBeNull()
  expect(await parentFor(await app.token('moderator'))).toMatchObject({ body: 'Secret' })
})

test('a parent under a story that was withheld is not shown with a comment of your own', async () => {
  const parent = await approved('Secret', 'Ana')
  const reply = await approved('Mine', 'Ben', parent)
  const query = `query ($id: ID!) { viewer { comments(first: 1) { edges { node { body parent { body } } } } }
    node(id: $id) { ... on Comment { parent { body } } } }`
  await app.database.prisma.article.update({ where: { id: story.key }, data: { status: 'WITHHELD' } })
  const { data } = await app.post(query, { id: globalId('Comment', reply) })
  expect(data.node ?? { parent: null }).toEqual({ parent: null })
  expect(JSON.stringify(data)).not.toContain('Secret')
})
