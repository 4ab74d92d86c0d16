import { seesArticle } from '../articles/visible.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import { DisplayNameRefused } from '../comments/display-name.ts'
import { CommentsClosed, RepeatedComment, submitComment } from '../comments/submit.ts'
import {
  type AuthoredComment,
  canShowParent,
  shown,
  visibleComments,
  withArticle,
  withAuthor,
} from '../comments/visible.ts'
import type { Comment as CommentRow } from '../db/client/client.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { nestedPage, pageComplexity } from '../graphql/connections.ts'
import { rowIdOf, toRowId } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { DEPENDS_ON_VIEWER } from '../graphql/selection.ts'
import { Article } from './article.ts'

export const CommentStatus = builder.enumType('CommentStatus', {
  description: 'Where a comment stands.',
  values: {
    PENDING: { description: 'Waits for a moderator.' },
    APPROVED: { description: 'Readers see it.' },
    REJECTED: { description: 'Refused, or taken down after it was approved. Final.' },
  } as const,
})

/** A comment always comes with its author, so that the feed's events need no query of their own. */
export const Comment = builder.prismaNode('Comment', {
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, context) => ({ id: toRowId(id), AND: visibleComments(context) }),
  include: { author: true },
  fields: (t) => ({
    body: t.exposeString('body'),
    language: t.exposeString('language', { nullable: true }),
    status: t.expose('status', { type: CommentStatus }),
    author: t.field({
      type: Author,
      description: 'Who wrote it.',
      resolve: ({ authorName }) => ({ displayName: authorName }),
    }),
    isReply: t.boolean({
      description: 'Whether the comment is a reply, even if its parent was taken down.',
      resolve: ({ parentId }) => parentId !== null,
    }),
    parentRemoved: t.boolean({
      description: 'Whether the parent comment was taken down. Then "parent" is null for readers.',
      select: { parent: { select: { status: true } } },
      resolve: ({ parent }) => parent !== null && parent.status !== shown.status,
    }),
    viewerIsAuthor: t.boolean({
      description: 'Whether you wrote it.',
      extensions: { [DEPENDS_ON_VIEWER]: true },
      resolve: ({ author }, _args, { viewer }) =>
        viewer.subject !== null && author.subject === viewer.subject,
    }),
    submittedAt: t.expose('submittedAt', { type: 'DateTime', description: 'When it was handed in.' }),
    approvedAt: t.expose('approvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a moderator approved it.',
    }),
    article: t.field({
      type: Article,
      nullable: true,
      description: 'The story it is about, if you may see it.',
      select: (_args, _context, nested) => ({ article: nested(true) }),
      resolve: ({ article }, _args, context) => (seesArticle(article, context) ? article : null),
    }),
  }),
})

/** The author is shown, and the story says whether the comment may be. */
const answered = { ...withAuthor, ...withArticle }

builder.prismaObjectField('Comment', 'parent', (t) =>
  t.field({
    type: Comment,
    nullable: true,
    description:
      'The parent comment, if you may see it. Null if the comment is not a reply or if its parent was taken ' +
      'down: see isReply and parentRemoved.',
    select: (_args, _context, nested) => ({
      parent: nested({ include: answered }) as { include: typeof answered },
    }),
    resolve: ({ parent }, _args, context) => (parent && canShowParent(parent, context) ? parent : null),
  }),
)

const Author = builder.objectRef<{ displayName: string }>('Author').implement({
  description: 'Who wrote a comment.',
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description:
        'The name with which the comment was submitted and approved. Later changes of the name do not affect it.',
    }),
  }),
})

/** Newest approval first. */
const byApproval = keyset<Pick<CommentRow, 'position'>>({
  field: 'position',
  direction: 'desc',
  kind: 'integer',
})

const byApprovalOldestFirst = keyset<Pick<CommentRow, 'position'>>({
  field: 'position',
  direction: 'asc',
  kind: 'integer',
})

const CommentOrder = builder.enumType('CommentOrder', {
  description: 'The order of a comment list.',
  values: {
    NEWEST_FIRST: { description: 'Last approved first.' },
    OLDEST_FIRST: { description: 'First approved first.' },
  } as const,
})

export const CommentConnection = builder.connectionObject({ type: Comment, name: 'CommentConnection' })

builder.prismaObjectFields('Article', (t) => ({
  commentCount: t.exposeInt('commentCount', { description: 'How many comments readers can see.' }),
  commentingOpen: t.boolean({
    description: 'Whether readers may comment now.',
    select: { commentingOpen: true, commentingClosesAt: true },
    resolve: ({ commentingOpen, commentingClosesAt }, _args, { now }) =>
      commentingOpen && (commentingClosesAt === null || commentingClosesAt > now()),
  }),
  comments: t.connection(
    {
      type: Comment,
      description: 'The approved comments, in order of approval.',
      args: {
        orderBy: t.arg({
          type: CommentOrder,
          required: true,
          defaultValue: 'NEWEST_FIRST',
          description: 'Which come first.',
        }),
      },
      complexity: pageComplexity,
      select: (args, _context, nested) => ({
        comments: nestedPage(orderOf(args), args, [shown], nested, withAuthor),
      }),
      resolve: (article, args) => orderOf(args).page(article.comments, args),
    },
    CommentConnection,
  ),
}))

function orderOf({ orderBy }: { orderBy: typeof CommentOrder.$inferType }) {
  return orderBy === 'NEWEST_FIRST' ? byApproval : byApprovalOldestFirst
}

builder.objectType(CommentsClosed, {
  name: 'CommentsClosed',
  description: 'The story takes no comments, or no more.',
  interfaces: [ErrorInterface],
})

builder.objectType(RepeatedComment, {
  name: 'RepeatedComment',
  description: 'The reader said the same under the same story less than ten minutes ago.',
  interfaces: [ErrorInterface],
})

builder.objectType(DisplayNameRefused, {
  name: 'DisplayNameRefused',
  description: "The reader's display name could be mistaken for the newsroom's.",
  interfaces: [ErrorInterface],
})

const SubmitCommentInput = builder.inputType('SubmitCommentInput', {
  description: 'A comment to hand in.',
  fields: (t) => ({
    articleId: t.id({ required: true, description: 'The story it is about.' }),
    body: t.string({
      required: true,
      description: 'Plain text, 1 to 2,000 characters after trimming, and at most 16,000 bytes.',
    }),
    parentId: t.id({ description: 'The approved comment under the same story that it answers.' }),
    language: t.string({ description: 'The language it is in, as a BCP 47 tag.' }),
  }),
})

const SubmitCommentSuccess = builder
  .objectRef<{ comment: AuthoredComment }>('SubmitCommentSuccess')
  .implement({
    description: 'The comment was taken in and waits for a moderator.',
    fields: (t) => ({
      comment: t.field({
        type: Comment,
        description: 'The comment, pending.',
        resolve: ({ comment }) => comment,
      }),
    }),
  })

builder.mutationField('submitComment', (t) =>
  t.field({
    type: SubmitCommentSuccess,
    description: 'Hands in a comment. Nobody but you and the moderators sees it before it is approved.',
    args: { input: t.arg({ type: SubmitCommentInput, required: true, description: 'The comment.' }) },
    errors: {
      types: [
        NotSignedIn,
        Forbidden,
        NotFound,
        InvalidInput,
        CommentsClosed,
        DisplayNameRefused,
        RepeatedComment,
        RateLimited,
      ],
    },
    authScopes: { role: 'reader' },
    resolve: async (_root, { input }, context) => ({
      comment: await submitComment(
        {
          ...input,
          articleId: rowIdOf('Article', input.articleId),
          parentId: input.parentId == null ? null : rowIdOf('Comment', input.parentId),
        },
        context,
      ),
    }),
  }),
)
