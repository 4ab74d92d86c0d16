import { isArticleVisible } from '../articles/visible.ts'
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
  description: 'The moderation status of a comment.',
  values: {
    PENDING: { description: 'Not decided yet.' },
    APPROVED: { description: 'Readers see it.' },
    REJECTED: { description: 'Rejected, or retracted after approval. Final.' },
  } as const,
})

/** A comment is always loaded with its author, so that feed events need no extra query. */
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
      description: 'The author of the comment.',
      resolve: ({ authorName }) => ({ displayName: authorName }),
    }),
    isReply: t.boolean({
      description: 'Whether the comment is a reply, even if its parent was retracted.',
      resolve: ({ parentId }) => parentId !== null,
    }),
    parentRemoved: t.boolean({
      description: 'Whether the parent comment was retracted. Then "parent" is null for readers.',
      select: { parent: { select: { status: true } } },
      resolve: ({ parent }) => parent !== null && parent.status !== shown.status,
    }),
    viewerIsAuthor: t.boolean({
      description: 'Whether the viewer is the author.',
      extensions: { [DEPENDS_ON_VIEWER]: true },
      resolve: ({ author }, _args, { viewer }) =>
        viewer.subject !== null && author.subject === viewer.subject,
    }),
    submittedAt: t.expose('submittedAt', {
      type: 'DateTime',
      description: 'When the comment was submitted.',
    }),
    approvedAt: t.expose('approvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the comment was approved.',
    }),
    article: t.field({
      type: Article,
      nullable: true,
      description: 'The article of the comment, if you may see it.',
      select: (_args, _context, nested) => ({ article: nested(true) }),
      resolve: ({ article }, _args, context) => (isArticleVisible(article, context) ? article : null),
    }),
  }),
})

/** The author is selected for display, the article for the visibility check. */
const parentInclude = { ...withAuthor, ...withArticle }

builder.prismaObjectField('Comment', 'parent', (t) =>
  t.field({
    type: Comment,
    nullable: true,
    description:
      'The parent comment, if you may see it. Null if the comment is not a reply or if its parent was ' +
      'retracted: see isReply and parentRemoved.',
    select: (_args, _context, nested) => ({
      parent: nested({ include: parentInclude }) as { include: typeof parentInclude },
    }),
    resolve: ({ parent }, _args, context) => (parent && canShowParent(parent, context) ? parent : null),
  }),
)

const Author = builder.objectRef<{ displayName: string }>('Author').implement({
  description: 'The author of a comment.',
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description:
        'The name of the author when the comment was submitted. Later changes of the name do not affect it.',
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
    NEWEST_FIRST: { description: 'Latest approval first.' },
    OLDEST_FIRST: { description: 'Earliest approval first.' },
  } as const,
})

export const CommentConnection = builder.connectionObject({ type: Comment, name: 'CommentConnection' })

builder.prismaObjectFields('Article', (t) => ({
  commentCount: t.exposeInt('commentCount', { description: 'The number of approved comments.' }),
  commentingOpen: t.boolean({
    description: 'Whether readers can comment now.',
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
          description: 'The order of the comments.',
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
  description: 'The comments on the article are closed.',
  interfaces: [ErrorInterface],
})

builder.objectType(RepeatedComment, {
  name: 'RepeatedComment',
  description: 'The reader submitted the same comment on the same article less than ten minutes ago.',
  interfaces: [ErrorInterface],
})

builder.objectType(DisplayNameRefused, {
  name: 'DisplayNameRefused',
  description: "The reader's display name could be mistaken for one of the newsroom.",
  interfaces: [ErrorInterface],
})

const SubmitCommentInput = builder.inputType('SubmitCommentInput', {
  description: 'A comment to submit.',
  fields: (t) => ({
    articleId: t.id({ required: true, description: 'The id of the article.' }),
    body: t.string({
      required: true,
      description: 'Plain text. 1 to 2,000 characters after trimming, maximum 16,000 bytes.',
    }),
    parentId: t.id({ description: 'The id of the parent comment: an approved comment on the same article.' }),
    language: t.string({ description: 'The language of the comment, as a BCP 47 tag.' }),
  }),
})

const SubmitCommentSuccess = builder
  .objectRef<{ comment: AuthoredComment }>('SubmitCommentSuccess')
  .implement({
    description: 'The comment was submitted and is waiting for moderation.',
    fields: (t) => ({
      comment: t.field({
        type: Comment,
        description: 'The pending comment.',
        resolve: ({ comment }) => comment,
      }),
    }),
  })

builder.mutationField('submitComment', (t) =>
  t.field({
    type: SubmitCommentSuccess,
    description: 'Submits a comment. Only you and moderators see it before it is approved.',
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
