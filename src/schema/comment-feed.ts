import { InvalidInput } from '../base/errors.ts'
import type { CommentFeedEvent } from '../comment-feed/event.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { pageSizeOf } from '../graphql/keyset.ts'
import { dependsOn, onOwnComments } from '../graphql/record-reads.ts'
import { relayOptions } from '../graphql/relay.ts'
import { OF_ONE_ARTICLE } from '../graphql/selection.ts'
import { commentsOf } from '../read-cache/reads.ts'
import { Comment } from './comment.ts'
import { loadTogether, withSelectedRelations } from './event-comments.ts'

type Approved = Extract<CommentFeedEvent, { kind: 'APPROVED' }>
type Retracted = Extract<CommentFeedEvent, { kind: 'RETRACTED' }>
type Reset = Extract<CommentFeedEvent, { kind: 'RESET' }>

const CURSOR = 'The cursor of the event. Pass it as "after" to continue.'
const COMMENT_COUNT = 'The number of approved comments of the article after this event.'

const CommentApproved = builder.objectRef<Approved>('CommentApproved').implement({
  description: 'A comment was approved.',
  extensions: OF_ONE_ARTICLE,
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    comment: t.field({
      type: Comment,
      description: 'The comment.',
      resolve: withSelectedRelations,
    }),
    commentCount: t.exposeInt('commentCount', { description: COMMENT_COUNT }),
  }),
})

const CommentRetracted = builder.objectRef<Retracted>('CommentRetracted').implement({
  description: 'A comment was retracted. Remove it from the page.',
  extensions: OF_ONE_ARTICLE,
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    commentId: t.globalID({
      description: 'The id of the comment.',
      resolve: ({ commentId }) => ({ type: 'Comment', id: commentId }),
    }),
    commentCount: t.exposeInt('commentCount', { description: COMMENT_COUNT }),
  }),
})

const FeedReset = builder.objectRef<Reset>('FeedReset').implement({
  description:
    'The feed cannot continue from your cursor. Load the page again and subscribe after its feedCursor.',
  extensions: OF_ONE_ARTICLE,
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    reason: t.field({ type: FeedResetReason, description: 'The reason.', resolve: ({ reason }) => reason }),
  }),
})

const FeedResetReason = builder.enumType('FeedResetReason', {
  description: 'The reason that a feed cannot continue from a cursor.',
  values: {
    UNKNOWN_CURSOR: { description: 'The cursor does not belong to this feed.' },
    OTHER_HISTORY: { description: 'The database was restored or failed over after the cursor was issued.' },
    AHEAD_OF_FEED: { description: 'The cursor is after the newest event.' },
    TOO_OLD: { description: 'Too many events follow the cursor.' },
    ARTICLE_UNAVAILABLE: { description: 'The article is no longer visible. The feed ends.' },
  } as const,
})

const typeOfKind = {
  APPROVED: CommentApproved,
  RETRACTED: CommentRetracted,
  RESET: FeedReset,
} as const

const CommentFeedEventUnion = builder.unionType('CommentFeedEvent', {
  description: 'An event in the comment feed of an article.',
  extensions: OF_ONE_ARTICLE,
  types: [CommentApproved, CommentRetracted, FeedReset],
  resolveType: (event) => typeOfKind[event.kind],
})

builder.prismaObjectField('Article', 'feedCursor', (t) =>
  t.string({
    description:
      'The position in the comment feed at which this response was read. Pass it to commentFeed as "after".',
    select: { id: true, feedPosition: true },
    ...onOwnComments,
    resolve: ({ id, feedPosition }, _args, { commentFeeds, history }) =>
      commentFeeds.cursorAt(id, feedPosition, history),
  }),
)

builder.subscriptionField('commentFeed', (t) =>
  t.field({
    type: CommentFeedEventUnion,
    description:
      'The comment events of an article in real time: first all events after the cursor, then new events, in order, ' +
      'each exactly once. Without "after", the subscription starts with the next event.',
    args: {
      articleId: t.arg.id({ required: true, description: 'The id of the article.' }),
      after: t.arg.string({
        description: 'Returns events after this cursor: the cursor of an event, or Article.feedCursor.',
      }),
    },
    subscribe: (_root, { articleId, after }, { commentFeeds, viewer, requester, resumeAfter }) =>
      commentFeeds.subscribe(rowIdOf('Article', articleId), resumeAfter ?? after ?? null, viewer, requester),
    resolve: (event) => event,
  }),
)

const CommentEventConnection = builder.connectionObject({
  type: CommentFeedEventUnion,
  name: 'CommentEventConnection',
  description: 'Events of a comment feed. "pageInfo.endCursor" is set even if the page is empty.',
})

const WITHOUT_FEED_CURSOR =
  '"commentEvents" and "feedCursor" can\'t be in one operation. Use "pageInfo.endCursor", or send two operations.'

builder.queryField('commentEvents', (t) =>
  t.field({
    type: CommentEventConnection,
    description:
      'The events of Subscription.commentFeed as a list, for clients that catch up without a subscription: the same ' +
      'events, cursors and resets. Without "after", the list starts with the oldest event that can be replayed. ' +
      'An operation with this field must not select "feedCursor".',
    ...dependsOn((_root, { articleId }: { articleId: string }) => {
      const id = rowIdOf('Article', articleId)
      return [id, commentsOf(id)]
    }),
    args: {
      articleId: t.arg.id({ required: true, description: 'The id of the article.' }),
      after: t.arg.string({
        description:
          'Returns events after this cursor: the cursor of an event, the endCursor of a page, or Article.feedCursor.',
      }),
      first: t.arg.int(relayOptions.firstArgOptions),
    },
    complexity: pageComplexity,
    resolve: async (_root, { articleId, after, first }, { commentFeeds, viewer, db, reads }) => {
      // The feed is not read in the operation's transaction: it would wait for the connection that the
      // transaction holds, and could be ahead of it.
      if (db !== reads) throw new InvalidInput('feedCursor', WITHOUT_FEED_CURSOR)
      const { size } = pageSizeOf({ first })
      const page = await commentFeeds.readPage(rowIdOf('Article', articleId), after ?? null, size, viewer)
      const { events, cursor, hasMore } = page
      return {
        edges: loadTogether(events).map((node) => ({ cursor: node.cursor, node })),
        pageInfo: {
          startCursor: events[0]?.cursor ?? null,
          endCursor: cursor,
          hasNextPage: hasMore,
          hasPreviousPage: false,
        },
      }
    },
  }),
)
