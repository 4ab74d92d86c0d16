import { expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp } from '../support/app.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

// How many SQL statements a page costs must not grow with what is on it.

const articlePage = operationText('ArticlePage')
const withMentions = articlePage.replace(
  '... on Paragraph {',
  '... on Paragraph { mentions { start end surface person { name } organisation { name } }',
)
const people = `{ people(first: 50) { edges { node { name names { text }
  articles(first: 5) { edges { node { headline topic { slug } } } }
  quotations(first: 5) { edges { node { text article { slug } } } } } } } }`
const search = `{ search(text: "story") {
  articles(first: 50) { edges { node { headline commentCount people { person { name } } } } }
  people { name } organisations { name } } }`
const topics =
  '{ topics { edges { node { name parent { slug } articles(first: 50) { edges { node { slug } } } } } } }'
const mine = '{ viewer { comments(first: 50) { edges { node { body article { slug } parent { body } } } } } }'
const answered = `{ article(slug: "full") { comments(first: 50) { edges { node {
  parent { body author { displayName } article { headline topic { slug } } parent { body article { slug } } } } } } } }`

const storyPage = operationText('StoryPage').replace('$comments: Int = 20', '$comments: Int = 50')

const pages: { page: string; query: string; most: number; role?: 'moderator' | 'reader' }[] = [
  { page: 'the article page', query: articlePage, most: 1 },
  { page: 'the article page with mentions', query: withMentions, most: 1 },
  { page: 'answered comments and their stories', query: answered, most: 1 },
  { page: 'the front page', query: operationText('FrontPage').replace('= 20', '= 50'), most: 1 },
  {
    page: 'a topic page',
    query: '{ articles(first: 50, filter: { topic: "news" }) { edges { node { slug } } } }',
    most: 2,
  },
  { page: 'people with their stories and quotations', query: people, most: 1 },
  { page: 'topics with their stories', query: topics, most: 1 },
  { page: 'a search', query: search, most: 6 },
  { page: "a reader's own comments", query: mine, most: 1, role: 'reader' },
  {
    page: 'the moderation queue',
    query: operationText('ModerationQueue').replace('= 20', '= 50'),
    // The numbers of comments of all authors are counted by another one.
    most: 2,
    role: 'moderator',
  },
  { page: 'the page of a story', query: storyPage, most: 3 },
  {
    page: 'the decisions',
    query: operationText('Decisions').replace('= 20', '= 50'),
    most: 1,
    role: 'moderator',
  },
  {
    page: 'the readers',
    query: operationText('Readers').replace('= 20', '= 50'),
    most: 2,
    role: 'moderator',
  },
]

test.each([{ size: 5 }, { size: 50 }])(
  'with $size of everything, each page costs its few statements',
  async ({ size }) => {
    const statements: string[] = []
    await using app = await freshApp({
      onStatement: statementsOfRequests((sql) => statements.push(sql)),
      pollMs: 3_600_000,
      changePollMs: 3_600_000,
    })
    await fill(app.database.prisma, size)
    for (const { page, query, most, role } of pages) {
      const token = role && (await app.token(role, { name: 'mine' }))
      statements.length = 0
      const data = await app.ask(query, { slug: 'full' }, token)
      // The commit of the snapshot that an article page is read in is no statement of the page, nor is the
      // look at which of the signed-in readers are banned, one for all requests of some seconds.
      const sent = statements.filter((sql) => !/\b(BEGIN|COMMIT)\b|ISOLATION LEVEL|'BANNED'/.test(sql))
      expect(sent.length, `${page}:\n${sent.join('\n')}`).toBeLessThanOrEqual(most)
      expect(JSON.stringify(data).length, page).toBeGreaterThan(size * 20)
    }
  },
)

test('a field that is asked again with other arguments costs a statement a row, and so many at most', async () => {
  const statements: string[] = []
  await using app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  const { prisma } = app.database
  const first: { key: string; parentId: string }[] = []
  for (let i = 0; i < 80; i++) {
    const { key } = await addArticle(prisma)
    first.push({ key, parentId: (await addComment(prisma, key, { body: 'First' })).id })
  }
  await approve(
    prisma,
    first.map(({ parentId }) => parentId),
  )
  const replies: string[] = []
  for (const { key, parentId } of first) {
    replies.push((await addComment(prisma, key, { body: 'Second', parentId })).id)
  }
  await approve(prisma, replies)
  statements.length = 0
  const query = (aliases: number) => {
    const field = (_: unknown, i: number) =>
      `c${i}: comments(first: ${i + 1}) { edges { node { id parent { body } } } }`
    return `{ articles(first: 80) { edges { node { ${Array.from({ length: aliases }, field).join(' ')} } } } }`
  }
  const { errors } = await app.post(query(4))
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
  expect(statements).toEqual([])
  await app.ask(query(3))
  expect(statements.length).toBeGreaterThan(80)
  expect(statements.length).toBeLessThanOrEqual(200)
})

/** One story that names `size` people with as many comments, and as many stories beside it. */
async function fill(prisma: PrismaClient, size: number): Promise<void> {
  const each = Array.from({ length: size }, (_, i) => i + 1)
  await prisma.topic.create({ data: { slug: 'news', label: 'News' } })
  for (const i of each) await savePerson(prisma, { slug: `person-${i}`, name: `Person Number${i} Example` })
  const quoting = (i: number) => ({
    kind: 'QUOTATION' as const,
    text: `Quotation ${i}`,
    speaker: { person: `person-${i}` },
    direct: true,
  })
  const paragraph = (i: number) => ({
    kind: 'PARAGRAPH' as const,
    text: `So Person Number${i} Example said.`,
  })
  const topic = { slug: 'news', label: 'News' }
  const leadImage = { url: '/pictures/citadel.svg', credit: 'Example' }
  const full = await addArticle(prisma, {
    slug: 'full',
    topic,
    leadImage,
    blocks: each.flatMap((i) => [paragraph(i), quoting(i), { kind: 'IMAGE', image: leadImage }]),
  })
  for (const i of each) await addArticle(prisma, { topic, leadImage, blocks: [paragraph(i), quoting(i)] })
  let parentId: string | undefined
  for (const i of each) {
    const { id } = await addComment(prisma, full.key, { body: `Comment ${i}`, by: `Reader ${i}`, parentId })
    await approve(prisma, [id])
    parentId ??= id
    await addComment(prisma, full.key, { body: `Waiting ${i}`, by: 'mine', parentId })
  }
}
