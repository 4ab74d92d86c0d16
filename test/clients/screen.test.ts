import { print } from 'graphql'
import { expect, test } from 'vitest'
import {
  ArticlePageDocument,
  type ArticlePageQuery,
  CommentFeedDocument,
  type CommentFeedSubscription,
} from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'
import { show } from './screen.ts'

test('a page that was kept up to date shows what a page loaded now shows', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const [first, second, third] = [
    await addComment(prisma, article.key, { body: 'one', by: 'one' }),
    await addComment(prisma, article.key, { body: 'two', by: 'two' }),
    await addComment(prisma, article.key, { body: 'three', by: 'three' }),
  ]
  await approve(prisma, [first.id, second.id])
  const load = async () => (await app.ask(ArticlePageDocument, { slug: article.slug })).article
  const page = await load()
  const screen = screenOf(page)
  await approve(prisma, [third.id])
  await reject(prisma, [first.id])
  // Approved and taken back before the client was there: only the retraction is sent.
  const brief = await addComment(prisma, article.key, { body: 'brief', by: 'brief' })
  await approve(prisma, [brief.id])
  await reject(prisma, [brief.id])

  const variables = { articleId: article.id, after: page?.feedCursor }
  await using window = listen(connect(app.wsUrl), print(CommentFeedDocument), variables)
  for (const { commentFeed } of (await window.take(3)) as CommentFeedSubscription[]) {
    show(commentFeed, screen, (reason) => expect.fail(reason))
  }
  expect(screen).toEqual(screenOf(await load()))
})

test('a page whose cursor is no good any more is loaded again', async () => {
  await using app = await freshApp()
  const article = await addArticle(app.database.prisma)
  const variables = { articleId: article.id, after: 'of another time' }
  await using window = listen(connect(app.wsUrl), print(CommentFeedDocument), variables)
  const [event] = (await window.take(1)) as [CommentFeedSubscription]
  const reasons: string[] = []
  show(event.commentFeed, new Map(), (reason) => reasons.push(reason))
  expect(reasons).toEqual(['UNKNOWN_CURSOR'])
})

function screenOf(page: ArticlePageQuery['article']): Parameters<typeof show>[1] {
  return new Map(page?.comments.edges.map(({ node }) => [node.id, node]))
}
