import { setTimeout as after } from 'node:timers/promises'
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws'
import { test } from 'vitest'
import { ArticlePageDocument, CommentFeedDocument, SubmitCommentDocument } from '../../schema/documents.ts'
import { resumable } from './resumable.ts'
import { type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('urql reads, comments, and watches through cuts', () => watchesThroughCuts(open))

/** urql as its documentation sets it up: subscriptions over a websocket, all else by fetch. */
function open({ url, wsUrl, authorization }: Door): NewsClient {
  const socket = resumable(
    createClient({
      url: wsUrl,
      connectionParams: { authorization },
      retryAttempts: Number.POSITIVE_INFINITY,
      // By itself it gives up when a connection breaks off without a closing word, as mobile ones do.
      shouldRetry: () => true,
      retryWait: () => after(10),
    }),
  )
  const client = new Client({
    url,
    fetchOptions: { headers: authorization ? { authorization } : {} },
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  })
  return {
    async page(slug) {
      const { data } = await client.query(ArticlePageDocument, { slug }).toPromise()
      return data?.article ?? null
    },
    async submit(articleId, body) {
      const { data, error } = await client
        .mutation(SubmitCommentDocument, { input: { articleId, body } })
        .toPromise()
      if (!data) throw error
      return data.submitComment
    },
    watch(articleId, after, onEvent) {
      const { unsubscribe } = client
        .subscription(CommentFeedDocument, { articleId, after })
        .subscribe(({ data }) => data && onEvent(data.commentFeed))
      return unsubscribe
    },
    close: async () => socket.dispose(),
  }
}
