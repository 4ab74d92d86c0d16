import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { CommentFeedDocument, type CommentFeedSubscription } from '../../schema/documents.ts'
import type { FeedEvent } from './screen.ts'

/** Watches the comments of an article over a socket from openSocket. Returns a function that stops watching. */
export function watchBySocket(
  client: Client,
  articleId: string,
  after: string,
  onEvent: (event: FeedEvent) => void,
): () => void {
  return client.subscribe<CommentFeedSubscription>(
    { query: print(CommentFeedDocument), variables: { articleId, after } },
    {
      next: ({ data }) => data && onEvent(data.commentFeed),
      error: (error) => console.error('The feed failed', error),
      complete: () => {},
    },
  )
}
