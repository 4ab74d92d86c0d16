import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { CommentFeedEvent } from '../comment-feed/event.ts'
import { type AuthoredComment, withAuthor } from '../comments/visible.ts'
import { builder } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Comment } from './comment.ts'

type Approved = Extract<CommentFeedEvent, { kind: 'APPROVED' }>
type Retracted = Extract<CommentFeedEvent, { kind: 'RETRACTED' }>
type Reset = Extract<CommentFeedEvent, { kind: 'RESET' }>

const CURSOR = 'The cursor of the event. Pass it as "after" to continue.'

const CommentApproved = builder.objectRef<Approved>('CommentApproved').implement({
  description: 'A comment was approved.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    comment: t.field({
      type: Comment,
      description: 'The comment.',
      resolve: ({ comment }, _args, context, info) => withRelations(comment, context, info),
    }),
  }),
})

const CommentRetracted = builder.objectRef<Retracted>('CommentRetracted').implement({
  description: 'A comment was retracted. Remove it from the page.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    commentId: t.globalID({
      description: 'The id of the comment.',
      resolve: ({ commentId }) => ({ type: 'Comment', id: commentId }),
    }),
  }),
})

const FeedReset = builder.objectRef<Reset>('FeedReset').implement({
  description:
    'The feed cannot continue from your cursor. Load the page again and subscribe after its feedCursor.',
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
  types: [CommentApproved, CommentRetracted, FeedReset],
  resolveType: (event) => typeOfKind[event.kind],
})

builder.prismaObjectField('Article', 'feedCursor', (t) =>
  t.string({
    description:
      'The position in the comment feed at which this response was read. Pass it to commentFeed as "after".',
    select: { id: true, feedPosition: true },
    resolve: ({ id, feedPosition }, _args, { commentFeeds, history }) =>
      commentFeeds.cursorAt(id, feedPosition, history),
  }),
)

builder.subscriptionField('commentFeed', (t) =>
  t.field({
    type: CommentFeedEventUnion,
    description:
      'The comment events of an article in real time: first all events after the cursor, then new ones, in order, ' +
      'each exactly once. Without "after", it starts with the next event.',
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

/**
 * The comment of an event with the selected relations. Visibility is not checked again: if the comment was
 * retracted after the event was read, the retraction is the next event.
 */
function withRelations(
  comment: AuthoredComment,
  context: Context,
  info: GraphQLResolveInfo,
): AuthoredComment | Promise<AuthoredComment> {
  const query = queryFromInfo({ context, info, include: withAuthor })
  const relations = Object.keys(query.include ?? {})
  if (relations.every((name) => name in comment)) return comment
  return context.db.comment
    .findUniqueOrThrow({ ...query, where: { id: comment.id } })
    .then((found) => ({ ...found, ...comment }))
}
