import { shown } from '../comments/visible.ts'
import type { Comment as CommentRow } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity } from '../graphql/connections.ts'
import { keyset } from '../graphql/keyset.ts'
import { onOwnComments } from '../graphql/record-reads.ts'
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
      },
      complexity: pageComplexity,
      select: (args, _context, nested) => ({
        comments: nestedPage(orderOf(args), args, [shown], nested),
        commentCount: true,
      }),
      resolve: ({ comments, commentCount }, args) => ({
        ...orderOf(args).page(comments, args),
        totalCount: () => commentCount,
      }),
    },
    CommentConnection,
  ),
}))

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

const CommentOrder = builder.enumType('CommentOrder', {
  description: 'The order of a comment list.',
  values: {
    NEWEST_FIRST: { description: 'Latest approval first.' },
    OLDEST_FIRST: { description: 'Earliest approval first.' },
  } as const,
})
