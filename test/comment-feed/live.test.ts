import { expect, test } from 'vitest'
import {
  ApproveCommentsDocument,
  ArticlePageDocument,
  CommentFeedDocument,
  SubmitCommentDocument,
} from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { member } from '../support/member.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'

test('a comment submitted in one window and approved in a second appears at once in a third', async () => {
  await using app = await freshApp()
  const article = await addArticle(app.database.prisma)
  const { article: page } = await app.ask(ArticlePageDocument, { slug: article.slug })
  await using window = listen(connect(app.wsUrl), CommentFeedDocument, {
    articleId: article.id,
    after: page?.feedCursor,
  })

  const reader = await app.token('reader', { name: 'Reader' })
  const input = { articleId: article.id, body: 'First!' }
  const { submitComment } = await app.ask(SubmitCommentDocument, { input }, reader)
  const { comment } = member('SubmitCommentPayload', submitComment)
  expect(comment.status).toBe('PENDING')

  const moderator = await app.token('moderator')
  const { approveComments } = await app.ask(ApproveCommentsDocument, { ids: [comment.id] }, moderator)
  const [outcome] = member('ApproveCommentsPayload', approveComments).results
  expect(outcome).toMatchObject({ __typename: 'CommentDecided', changed: true })

  const [event] = await window.take(1)
  expect(event?.commentFeed).toMatchObject({
    __typename: 'CommentApproved',
    comment: { id: comment.id, body: 'First!', author: { displayName: 'Reader' } },
  })
})

test('what happened after the page was loaded is replayed, and the feed goes on live', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const [first, second, third] = [
    await addComment(prisma, article.key, { body: 'one' }),
    await addComment(prisma, article.key, { body: 'two' }),
    await addComment(prisma, article.key, { body: 'three' }),
  ]
  await approve(prisma, [first.id])
  const { article: page } = await app.ask(ArticlePageDocument, { slug: article.slug })
  expect(page?.comments.edges).toHaveLength(1)
  await approve(prisma, [second.id])
  await reject(prisma, [first.id])

  await using window = listen(connect(app.wsUrl), CommentFeedDocument, {
    articleId: article.id,
    after: page?.feedCursor,
  })
  const replayed = await window.take(2)
  await approve(prisma, [third.id])
  const live = await window.take(1)
  expect([...replayed, ...live].map(({ commentFeed }) => commentFeed)).toMatchObject([
    { __typename: 'CommentApproved', comment: { body: 'two' } },
    { __typename: 'CommentRetracted', commentId: globalId('Comment', first.id) },
    { __typename: 'CommentApproved', comment: { body: 'three' } },
  ])
})
