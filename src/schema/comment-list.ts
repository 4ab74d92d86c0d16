import { shown, shownFirst } from '../comments/visible.ts'
import type { Comment as CommentRow } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, totalOf } from '../graphql/connections.ts'
import { keyset } from '../graphql/keyset.ts'
import { onOwnComments } from '../graphql/record-reads.ts'
import type { Selected } from '../graphql/selected-fields.ts'
import { Comment, CommentConnection } from './comment.ts'

builder.prismaObjectFields('Article', (t) => ({
  commentCount: t.exposeInt('commentCount', {
    description: 'The number of approved comments.',
    ...onOwnComments,
  }),
  commentingOpen: t.boolean({
    description: 'Whether readers can comment now.',
    select: { commentingOpen: true, commentingClosesAt: true },
    resolve: ({ commentingOpen, commentingClosesAt }, _args, { now, recordedReads }) => {
      if (!commentingOpen || commentingClosesAt === null) return commentingOpen
      const isOpen = commentingClosesAt > now()
      if (isOpen) recordedReads?.changesAt(commentingClosesAt)
      return isOpen
    },
  }),
  commentingClosesAt: t.expose('commentingClosesAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When open comments close, or have closed, automatically; null if an editor closes them.',
  }),
  comments: t.connection(
    {
      type: Comment,
      description: 'The approved comments, newest approval first by default.',
      args: {
        orderBy: t.arg({
          type: CommentOrder,
          required: true,
          defaultValue: 'NEWEST_FIRST',
          description: 'The order of the comments.',
        }),
        topLevelOnly: t.arg.boolean({
          required: true,
          defaultValue: false,
          description:
            'Returns only comments that are not replies. Replies to a retracted comment are left out too. See ' +
            'Comment.replies and Comment.thread.',
        }),
      },
      complexity: pageComplexity,
      select: (args, _context, nested, selected?: Selected) => ({
        comments: nestedPage(orderOf(args), args, [args.topLevelOnly ? shownFirst : shown], nested),
        commentCount: true,
        // The number of all comments is a column.
        ...totalOf('comments', shownFirst, args.topLevelOnly ? selected : undefined),
      }),
      resolve: ({ comments, commentCount, _count }, args) => ({
        ...orderOf(args).page(comments, args),
        totalCount: () => (args.topLevelOnly ? _count.comments : commentCount),
      }),
    },
    CommentConnection,
  ),
}))

builder.prismaObjectField('Comment', 'cursor', (t) =>
  t.string({
    nullable: true,
    description:
      'The cursor of the comment in Article.comments, to read the comments before and after it. Null unless the ' +
      'comment is approved.',
    select: { position: true },
    resolve: ({ position }) => (position === null ? null : byApproval.cursorOf({ position })),
  }),
)

function orderOf({ orderBy }: { orderBy: typeof CommentOrder.$inferType }) {
  return orderBy === 'NEWEST_FIRST' ? byApproval : byApprovalOldestFirst
}

/** Newest approval first. */
const byApproval = keyset<Pick<CommentRow, 'position'>>({
  field: 'position',
  direction: 'desc',
  kind: 'integer',
})

/** Earliest approval first. */
export const byApprovalOldestFirst = keyset<Pick<CommentRow, 'position'>>({
  field: 'position',
  direction: 'asc',
  kind: 'integer',
})

/** Latest submission first. */
export const bySubmissionLatestFirst = keyset<Pick<CommentRow, 'submittedAt' | 'id'>>(
  { field: 'submittedAt', direction: 'desc', kind: 'date' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

const CommentOrder = builder.enumType('CommentOrder', {
  description: 'The order of a comment list.',
  values: {
    NEWEST_FIRST: { description: 'Latest approval first.' },
    OLDEST_FIRST: { description: 'Earliest approval first.' },
  } as const,
})
