import { Client, cacheExchange, type ExecutionResult, fetchExchange, subscriptionExchange } from '@urql/core'
import type { Client as SocketClient } from 'graphql-ws'
import { CommentFeedDocument } from '../../schema/documents.ts'
import type { FeedEvent } from './screen.ts'

export function createUrqlClient(
  url: string,
  socket: SocketClient,
  headers: () => Record<string, string>,
): Client {
  return new Client({
    url,
    fetchOptions: () => ({ headers: headers() }),
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe(
              { query, variables },
              { ...sink, next: (result) => sink.next(result as ExecutionResult) },
            ),
          }),
        }),
      }),
    ],
  })
}

export function watchByUrql(
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
