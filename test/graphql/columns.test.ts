import { afterAll, beforeAll, expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { columnsRead } from '../support/columns-read.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

let app: TestApp
const statements: string[] = []
let tokens: Record<'moderator' | 'admin', string>

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'somebody', name: 'Some Body' })
  const leadImage = { url: '/pictures/citadel.svg', credit: 'Example' }
  const { key } = await addArticle(prisma, {
    slug: 'full',
    topic: { slug: 'news', label: 'News' },
    leadImage,
    blocks: [
      { kind: 'PARAGRAPH', text: 'Some Body spoke.' },
      { kind: 'QUOTATION', text: 'Quoted', speaker: { person: 'somebody' }, direct: true },
    ],
  })
  const { id } = await addComment(prisma, key, { body: 'First' })
  await approve(prisma, [id])
  await approve(prisma, [(await addComment(prisma, key, { body: 'Second', parentId: id })).id])
  await addComment(prisma, key, { body: 'Waiting' })
  await prisma.partner.create({
    data: { slug: 'paper', name: 'The Paper', quotaPerDay: 10, quotaPerMinute: 1, createdAt: new Date() },
  })
  tokens = { moderator: await app.token('moderator'), admin: await app.token('admin') }
})
afterAll(() => app?.close())

// A page reads the columns of its order for the cursors.
const pages: {
  page: string
  query: string
  role?: 'moderator' | 'admin'
  columns: Record<string, string>
}[] = [
  {
    page: 'a list of headlines',
    query: '{ articles { edges { node { headline } } } }',
    columns: {
      Article: 'headline id publishedAt',
    },
  },
  {
    page: 'a list without nodes',
    query: '{ articles { pageInfo { hasNextPage } } }',
    columns: {
      Article: 'id publishedAt',
    },
  },
  {
    page: 'the front page',
    query: operationText('FrontPage'),
    columns: {
      Article: 'commentCount headline id language publishedAt slug standfirst',
      ArticleEntity: 'articleId entityId kind namedIn rolesAsPrinted',
      Entity: 'id kind name',
      Image: 'url',
      ImageUse: 'alt id',
      Topic: 'id label slug',
    },
  },
  {
    page: 'the article page',
    query: operationText('ArticlePage'),
    columns: {
      Article:
        'commentCount datelinePlace datelineRegion datelineText embargoedUntil feedPosition headline id language publishedAt standfirst status',
      ArticleEntity: 'articleId entityId kind namedIn rolesAsPrinted',
      Block: 'id kind level position text',
      Comment: 'approvedAt authorName body id parentId position status submittedAt',
      Correction: 'at kind text',
      Embed: 'authorName handle postedAt provider text url',
      Entity: 'id kind name',
      Image: 'url',
      ImageUse: 'alt caption credit id',
      Quotation: 'direct id roleAsPrinted via',
      Topic: 'id label slug',
    },
  },
  {
    page: 'an article page with threads',
    query: `query ($slug: String!) { article(slug: $slug) { headline
      comments { totalCount edges { node { body replyCount
        replies { totalCount edges { node { body parentRemoved } } } } } } } }`,
    columns: {
      Article: 'commentCount embargoedUntil headline id publishedAt status',
      Comment: 'body id position status',
    },
  },
  {
    page: 'the moderation queue, without the counts of the authors',
    query: operationText('ModerationQueue').replace(/commentCounts \{.*?\}/s, ''),
    role: 'moderator',
    columns: {
      Article:
        'canonicalUrl commentingClosesAt commentingOpen embargoedUntil headline id language publishedAt slug status',
      Comment: 'authorName body id language parentId status submittedAt',
      Reader: 'createdAt displayName id standing',
    },
  },
  {
    page: 'the page of a person',
    query: `{ person(slug: "somebody") { name names { text }
      articles { totalCount edges { node { headline publishedAt } } }
      quotations { edges { node { text article { slug } } } } } }`,
    columns: {
      Article: 'headline id publishedAt slug',
      Block: 'text',
      Entity: 'id kind name',
      Name: 'id text',
      Quotation: 'id',
    },
  },
  {
    page: 'the page of a partner',
    query:
      '{ partner(slug: "paper") { name keys { prefix lastUsedAt } licence { topics validUntil } usage { day } } }',
    role: 'admin',
    columns: {
      Licence: 'partnerId topics validUntil',
      Partner: 'id name',
      PartnerKey: 'id lastUsedAt prefix',
      PartnerUsage: 'requests unit',
    },
  },
]

test.each(pages)('$page is one statement, and reads only these columns', async ({ query, role, columns }) => {
  statements.length = 0
  await app.ask(query, { slug: 'full' }, role && tokens[role])
  const sent = statements.filter((sql) => !sql.includes("'BANNED'"))
  expect(sent.map(columnsRead)).toEqual([columns])
})

test('no type of a table reads all of its columns', () => {
  const types = Object.values(schema.getTypeMap()).filter(({ extensions }) => extensions.pothosPrismaModel)
  expect(types.length).toBeGreaterThan(25)
  expect(types.filter(({ extensions }) => !extensions.pothosPrismaSelect).map(({ name }) => name)).toEqual([])
})
