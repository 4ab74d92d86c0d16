import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import { test } from 'vitest'
import { ArticlePageDocument, CommentFeedDocument, SubmitCommentDocument } from '../../schema/documents.ts'
import { openSocket } from './live-socket.ts'
import { credentialsFor, type Door, type FeedEvent, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('urql reads, comments, and watches through cuts', () => watchesThroughCuts(open))

/** urql as its documentation sets it up: subscriptions over a websocket, all else by fetch. */
function open(door: Door): NewsClient {
  const socket = openSocket(door.wsUrl, async () => credentialsFor(door))
  const client = createUrqlClient(door.url, socket, () => credentialsFor(door))
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
    watch: (articleId, after, onEvent) => watchByUrql(client, articleId, after, onEvent),
    close: async () => socket.dispose(),
  }
}

// #region urql
function createUrqlClient(url: string, socket: SocketClient, headers: () => Record<string, string>): Client {
  return new Client({
    url,
    fetchOptions: () => ({ headers: headers() }),
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
}

function watchByUrql(
  client: Client,
  articleId: string,
  after: string,
  onEvent: (event: FeedEvent) => void,
): () => void {
  const { unsubscribe } = client
    .subscription(CommentFeedDocument, { articleId, after })
    .subscribe(({ data }) => data && onEvent(data.commentFeed))
  return unsubscribe
}
// #endregion
