import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { CommentFeedDocument, type CommentFeedSubscription } from '../../schema/documents.ts'
import type { FeedEvent } from './screen.ts'

/** Watches the comments of a story over a socket of openSocket. Returns what stops it. */
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
