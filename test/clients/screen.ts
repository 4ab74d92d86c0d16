import type { CommentFeedSubscription } from '../../schema/documents.ts'

/** What arrives. */
export type FeedEvent = CommentFeedSubscription['commentFeed']
type Card = Extract<FeedEvent, { __typename: 'CommentApproved' }>['comment']

/**
 * Brings the comments on a page up to date.
 * @param screen the comments by id, as the page was loaded
 * @param reload stops watching, loads the page again, and watches after its new cursor
 */
export function show(event: FeedEvent, screen: Map<string, Card>, reload: (reason: string) => void): void {
  switch (event.__typename) {
    case 'CommentApproved':
      screen.set(event.comment.id, event.comment)
      return
    case 'CommentRetracted':
      // It may name a comment that was never here: one that was retracted before it was sent.
      screen.delete(event.commentId)
      return
    case 'FeedReset':
      reload(event.reason)
  }
}
