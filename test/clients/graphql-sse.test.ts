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
import { resumable } from './resumable.ts'
import { type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('graphql-sse reads, comments, and watches through cuts', () => watchesThroughCuts(open))

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
