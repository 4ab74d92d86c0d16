import { setTimeout as after } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import {
  ArticlePageDocument,
  CommentFeedDocument,
  type CommentFeedSubscription,
  SubmitCommentDocument,
} from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { openProxy } from '../support/proxy.ts'
import { resumable } from './resumable.ts'
import { type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('graphql-ws reads, comments, and watches through cuts', () => watchesThroughCuts(open))

/** graphql-ws as it comes: one websocket for everything, retried for ever, going on from the last cursor. */
function open({ wsUrl, authorization }: Door): NewsClient {
  const client = resumable(
    createClient({
      url: wsUrl,
      connectionParams: { authorization },
      retryAttempts: Number.POSITIVE_INFINITY,
      // By itself it gives up when a connection breaks off without a closing word, as mobile ones do.
      shouldRetry: () => true,
      retryWait: () => after(10),
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

test('a loop that subscribes again with its last cursor loses and repeats nothing either', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  await using proxy = await openProxy(app.config.port)
  const comments = await Promise.all(
    ['one', 'two', 'three'].map((body) => addComment(prisma, article.key, { body, by: body })),
  )
  const approveNext = () => approve(prisma, [comments.shift()?.id ?? ''])

  const seen: string[] = []
  const page = await app.ask(ArticlePageDocument, { slug: article.slug })
  await approveNext()
  for await (const event of watch(
    `ws://127.0.0.1:${proxy.port}/graphql`,
    article.id,
    page.article?.feedCursor,
  )) {
    if (event.__typename === 'CommentApproved') seen.push(event.comment.body)
    if (comments.length === 0) break
    proxy.cut()
    await approveNext()
    proxy.mend()
  }
  expect(seen).toEqual(['one', 'two', 'three'])
})

/** The feed of a story without end: whatever ends one subscription, the next goes on from the last cursor. */
async function* watch(url: string, articleId: string, after: string | undefined) {
  const client = createClient({ url, retryAttempts: 0 })
  const query = print(CommentFeedDocument)
  try {
    for (;;) {
      try {
        const events = client.iterate<CommentFeedSubscription>({ query, variables: { articleId, after } })
        for await (const { data } of events) {
          if (!data) continue
          after = data.commentFeed.cursor
          yield data.commentFeed
        }
        return
      } catch {
        await pause()
      }
    }
  } finally {
    await client.dispose()
  }
}

const pause = () => after(10)
