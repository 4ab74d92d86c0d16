import { setTimeout as after } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient } from 'graphql-sse'
import { test } from 'vitest'
import {
  ArticlePageDocument,
  CommentFeedDocument,
  type CommentFeedSubscription,
  SubmitCommentDocument,
} from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { failing } from '../support/held.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { resumable } from './resumable.ts'
import { type Door, Journal, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('graphql-sse reads, comments, and watches through cuts', () => watchesThroughCuts(open))

test('graphql-sse comes again while the database is away, and misses nothing', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const { id } = await addComment(prisma, article.key, { body: 'meanwhile' })
  const seen = new Journal()
  const outage = failing(prisma.article)
  const client = open(app)
  const after = app.services.commentFeeds.cursorAt(article.key, 0)
  const stop = client.watch(article.id, after, (event) => seen.add(event))
  await outage.noticed
  outage.mend()
  await approve(prisma, [id])
  await seen.reach(['meanwhile'])
  stop()
  await client.close()
})

/** graphql-sse as it comes: each operation a POST whose answer is a stream of events. */
function open({ url, authorization }: Door): NewsClient {
  const client = resumable(
    createClient({
      url,
      headers: authorization ? { authorization } : undefined,
      retryAttempts: Number.POSITIVE_INFINITY,
      retry: () => after(10),
    }),
  )
  async function once<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const { value } = await client.iterate<Data>({ query: print(document), variables }).next()
    return value.data
  }
  return {
    page: async (slug) => (await once(ArticlePageDocument, { slug })).article,
    submit: async (articleId, body) =>
      (await once(SubmitCommentDocument, { input: { articleId, body } })).submitComment,
    watch: (articleId, after, onEvent) =>
      client.subscribe<CommentFeedSubscription>(
        { query: print(CommentFeedDocument), variables: { articleId, after } },
        {
          next: ({ data }) => data && onEvent(data.commentFeed),
          error: (error) => {
            throw error
          },
          complete: () => {},
        },
      ),
    close: async () => client.dispose(),
  }
}
