import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommentFeedDocument } from '../../schema/documents.ts'
import { bodyDigestOf } from '../../src/comments/body.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'

let app: TestApp
let moderator: string

beforeAll(async () => {
  app = await freshApp()
  moderator = await app.token('moderator')
})
afterAll(() => app.close())

/** A story with an approved question, and two replies that wait. */
async function conversation() {
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const question = await addComment(prisma, article.key, { body: 'A question?' })
  await approve(prisma, [question.id])
  const reply = (body: string) =>
    addComment(prisma, article.key, { body, by: 'Replier', parentId: question.id })
  return { prisma, article, question, replies: [await reply('One'), await reply('Two')] as const }
}

const COMMENTS = `query ($slug: String!) { article(slug: $slug) {
  comments { edges { node { body isReply parentRemoved parent { body } } } } } }`

async function commentsOf(slug: string, token?: string): Promise<Json[]> {
  const { article } = await app.ask(COMMENTS, { slug }, token)
  return article.comments.edges.map(({ node }: Json) => node)
}

async function approveOver(ids: string[], more: object = {}) {
  const query = `mutation ($input: ApproveCommentsInput!) { approveComments(input: $input) { ... on ApproveCommentsPayload {
    results { __typename ... on Error { code message } ... on ParentNotApproved { comment { id status parentRemoved } } } } } }`
  const input = { ids: ids.map((id) => globalId('Comment', id)), ...more }
  return (await app.ask(query, { input }, moderator)).approveComments.results
}

test('a reply tells whether its parent was taken down, to readers, its author and moderators', async () => {
  const { prisma, article, question, replies } = await conversation()
  await approve(prisma, [replies[0].id])
  const none = { body: 'A question?', isReply: false, parentRemoved: false, parent: null }
  expect(await commentsOf(article.slug)).toEqual([
    { body: 'One', isReply: true, parentRemoved: false, parent: { body: 'A question?' } },
    none,
  ])
  await reject(prisma, [question.id])
  const gone = { body: 'One', isReply: true, parentRemoved: true }
  expect(await commentsOf(article.slug)).toEqual([{ ...gone, parent: null }])
  const author = await app.token('reader', { name: 'Replier' })
  expect(await commentsOf(article.slug, author)).toEqual([{ ...gone, parent: null }])
  expect(await commentsOf(article.slug, moderator)).toEqual([{ ...gone, parent: { body: 'A question?' } }])
})

test('a reply whose parent was taken down is approved only when that is asked for, in bulk too', async () => {
  const { prisma, article, question, replies } = await conversation()
  await reject(prisma, [question.id])
  const other = await addComment(prisma, article.key, { body: 'No reply' })
  const refused = {
    __typename: 'ParentNotApproved',
    code: 'PARENT_NOT_APPROVED',
    comment: { status: 'PENDING', parentRemoved: true },
  }
  expect(await approveOver([replies[0].id, other.id, replies[1].id])).toMatchObject([
    refused,
    { __typename: 'CommentDecided' },
    refused,
  ])
  expect((await commentsOf(article.slug)).map(({ body }) => body)).toEqual(['No reply'])
  expect(await approveOver([replies[0].id], { allowRemovedParent: true })).toEqual([
    { __typename: 'CommentDecided' },
  ])
  // What is approved stays so, however it is asked again.
  expect(await approveOver([replies[0].id])).toMatchObject([{ __typename: 'CommentDecided' }])
})

test('a reply is approved together with its parent, in whatever order they are named', async () => {
  const { prisma, article, question, replies } = await conversation()
  const nested = await prisma.comment.create({
    data: {
      articleId: article.key,
      parentId: replies[0].id,
      readerId: question.readerId,
      body: 'Deeper',
      bodyDigest: bodyDigestOf('Deeper'),
      submittedAt: new Date(),
    },
  })
  expect(await approveOver([nested.id])).toMatchObject([{ __typename: 'ParentNotApproved' }])
  expect(await approveOver([nested.id, replies[0].id])).toMatchObject([
    { __typename: 'CommentDecided' },
    { __typename: 'CommentDecided' },
  ])
})

test('the live feed tells it too', async () => {
  const { prisma, article, question, replies } = await conversation()
  const { article: page } = await app.ask('query ($id: ID!) { article(id: $id) { feedCursor } }', {
    id: article.id,
  })
  await using window = listen(connect(app.wsUrl), CommentFeedDocument, {
    articleId: article.id,
    after: page.feedCursor,
  })
  await approve(prisma, [replies[0].id])
  const before = await window.take(1)
  await reject(prisma, [question.id])
  await approveOver([replies[1].id], { allowRemovedParent: true })
  const events = [...before, ...(await window.take(2))]
  expect(events.map(({ commentFeed }: Json) => commentFeed)).toMatchObject([
    { comment: { body: 'One', isReply: true, parentRemoved: false } },
    { __typename: 'CommentRetracted' },
    { comment: { body: 'Two', isReply: true, parentRemoved: true, parent: null } },
  ])
})

test('the moderation queue shows which replies have lost their parent', async () => {
  const { prisma, question } = await conversation()
  await reject(prisma, [question.id])
  const { moderationQueue } = await app.ask(operationText('ModerationQueue'), { first: 100 }, moderator)
  const nodes = moderationQueue.edges.map(({ node }: Json) => node)
  expect(nodes).toContainEqual(expect.objectContaining({ body: 'Two', isReply: true, parentRemoved: true }))
})
