import { canShowReplies, shown, withArticle } from '../comments/visible.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, totalOf } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import type { PageArguments } from '../graphql/keyset.ts'
import type { Selected } from '../graphql/selected-fields.ts'
import { Comment, CommentConnection } from './comment.ts'
import { byApprovalOldestFirst } from './comment-list.ts'

/** Only approved comments have a position: with this condition, an index scan does not read any others. */
const approved = { ...shown, position: { not: null } } as const

const approvedReplies = { select: { replies: { where: approved } } } as const

builder.prismaObjectFields('Comment', (t) => ({
  replyCount: t.int({
    description: 'The number of approved direct replies to this comment.',
    select: { ...withArticle, _count: approvedReplies },
    resolve: ({ article, _count }, _args, context) => (canShowReplies(article, context) ? _count.replies : 0),
  }),
  replies: t.connection(
    {
      type: Comment,
      description: 'The approved direct replies to this comment, in order of approval.',
      complexity: pageComplexity,
      select: (args, _context, nested, selected?: Selected) => ({
        ...withArticle,
        replies: nestedPage(byApprovalOldestFirst, args, [approved], nested),
        ...totalOf('replies', approved, selected),
      }),
      resolve: (comment, args, context) =>
        pageBeside(comment, comment.replies, () => comment._count.replies, args, context),
    },
    CommentConnection,
  ),
  thread: t.connection(
    {
      type: Comment,
      description:
        'The approved comments of the thread that contains this comment: the first comment and all replies below it, at any ' +
        'depth, in order of approval.',
      complexity: pageComplexity,
      select: (args, _context, nested, selected?: Selected) => ({
        ...withArticle,
        thread: {
          select: {
            discussion: nestedPage(byApprovalOldestFirst, args, [approved], nested),
            ...totalOf('discussion', approved, selected),
          },
        },
      }),
      resolve: (comment, args, context) => {
        const { discussion, _count } = comment.thread
        return pageBeside(comment, discussion, () => _count.discussion, args, context)
      },
    },
    CommentConnection,
  ),
}))

/** A page of approved comments on the article of a comment; an empty one if the viewer may not see the article. */
function pageBeside<Row extends { position: number | null }>(
  { article }: { article: Parameters<typeof canShowReplies>[0] },
  rows: readonly Row[],
  count: () => number,
  args: PageArguments,
  context: Context,
) {
  const areShown = canShowReplies(article, context)
  return {
    ...byApprovalOldestFirst.page(areShown ? rows : [], args),
    totalCount: () => (areShown ? count() : 0),
  }
}
