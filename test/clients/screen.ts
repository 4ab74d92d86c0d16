import type { CommentFeedSubscription } from '../../schema/documents.ts'

/** An event of the feed. */
export type FeedEvent = CommentFeedSubscription['commentFeed']
type Card = Extract<FeedEvent, { __typename: 'CommentApproved' }>['comment']

/**
 * Updates the comments on a page.
 * @param screen the comments on the page, by id
 * @param reload stops watching, loads the page again, and watches after its new cursor
 */
export function show(event: FeedEvent, screen: Map<string, Card>, reload: (reason: string) => void): void {
  switch (event.__typename) {
    case 'CommentApproved':
      screen.set(event.comment.id, event.comment)
      return
    case 'CommentRetracted':
      // The comment may be unknown here, because it was retracted before its approval was sent.
      screen.delete(event.commentId)
      return
    case 'FeedReset':
      reload(event.reason)
  }
}
