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

const CURSOR = 'The place behind this event: pass it as "after" to go on from here.'

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
  description: 'A comment was taken down; take it from the screen.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    commentId: t.globalID({
      description: 'Which one.',
      resolve: ({ commentId }) => ({ type: 'Comment', id: commentId }),
    }),
  }),
})

const FeedReset = builder.objectRef<Reset>('FeedReset').implement({
  description:
    'The feed cannot go on from where you were: load the page again, then subscribe after its feedCursor.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: CURSOR }),
    reason: t.field({ type: FeedResetReason, description: 'Why.', resolve: ({ reason }) => reason }),
  }),
})

const FeedResetReason = builder.enumType('FeedResetReason', {
  description: 'Why a feed cannot go on from a cursor.',
  values: {
    UNKNOWN_CURSOR: { description: 'The cursor is no cursor of this feed.' },
    OTHER_HISTORY: { description: 'The database was restored or failed over since the cursor was written.' },
    AHEAD_OF_FEED: { description: 'The cursor points behind the newest entry.' },
    TOO_OLD: { description: 'Too much has happened since.' },
    ARTICLE_UNAVAILABLE: { description: 'The story has been taken from view. The feed ends here.' },
  } as const,
})

const typeOfKind = {
  APPROVED: CommentApproved,
  RETRACTED: CommentRetracted,
  RESET: FeedReset,
} as const

const CommentFeedEventUnion = builder.unionType('CommentFeedEvent', {
  description: 'What happens in the comments under a story.',
  types: [CommentApproved, CommentRetracted, FeedReset],
  resolveType: (event) => typeOfKind[event.kind],
})

builder.prismaObjectField('Article', 'feedCursor', (t) =>
  t.string({
    description:
      'The place in the comment feed at which this page was read: pass it to commentFeed as "after".',
    select: { id: true, feedPosition: true },
    resolve: ({ id, feedPosition }, _args, { commentFeeds, history }) =>
      commentFeeds.cursorAt(id, feedPosition, history),
  }),
)

builder.subscriptionField('commentFeed', (t) =>
  t.field({
    type: CommentFeedEventUnion,
    description:
      'What happens in the comments under a story: first all that came behind the cursor, then everything ' +
      'new, in order, each event once. Without a cursor it begins now.',
    args: {
      articleId: t.arg.id({ required: true, description: 'The story.' }),
      after: t.arg.string({
        description: 'The last cursor that you have: of an event, or Article.feedCursor.',
      }),
    },
    subscribe: (_root, { articleId, after }, { commentFeeds, viewer, requester, resumeAfter }) =>
      commentFeeds.subscribe(rowIdOf('Article', articleId), resumeAfter ?? after ?? null, viewer, requester),
    resolve: (event) => event,
  }),
)

/**
 * The comment of an event with what else was asked for of it. The event stands although the comment may have
 * been taken down since it was read: then that comes next. So nobody's right to see it is asked for again.
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
