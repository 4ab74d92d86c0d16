import { visibilityColumns } from '../articles/public.ts'
import { isArticleVisible } from '../articles/visible.ts'
import { canShowParent, shown, visibleComments, withArticle } from '../comments/visible.ts'
import { builder } from '../graphql/builder.ts'
import { selecting, totalCountOptions } from '../graphql/connections.ts'
import { toRowId } from '../graphql/ids.ts'
import { DEPENDS_ON_VIEWER, OF_ONE_ARTICLE } from '../graphql/selection.ts'
import { Article } from './article.ts'

export const CommentStatus = builder.enumType('CommentStatus', {
  description: 'The moderation status of a comment.',
  values: {
    PENDING: { description: 'The comment is not decided yet.' },
    APPROVED: { description: 'Readers see the comment.' },
    REJECTED: { description: 'The comment was rejected, or retracted after approval. This status is final.' },
  } as const,
})

export const Comment = builder.prismaNode('Comment', {
  id: { field: 'id' },
  extensions: OF_ONE_ARTICLE,
  nullable: true,
  findUnique: (id, context) => ({ id: toRowId(id), AND: visibleComments(context) }),
  select: {},
  fields: (t) => ({
    body: t.exposeString('body'),
    language: t.exposeString('language', { nullable: true }),
    status: t.expose('status', { type: CommentStatus }),
    author: t.field({
      type: Author,
      description: 'The author of the comment.',
      select: { authorName: true },
      resolve: ({ authorName }) => ({ displayName: authorName }),
    }),
    isReply: t.boolean({
      description: 'Whether the comment is a reply, even if its parent was retracted.',
      select: { parentId: true },
      resolve: ({ parentId }) => parentId !== null,
    }),
    parentRemoved: t.boolean({
      description: 'Whether the parent comment was retracted. If true, "parent" is null for readers.',
      select: { parent: { select: { status: true } } },
      resolve: ({ parent }) => parent !== null && parent.status !== shown.status,
    }),
    viewerIsAuthor: t.boolean({
      description: 'Whether the viewer is the author.',
      extensions: { [DEPENDS_ON_VIEWER]: true },
      select: { author: { select: { subject: true } } },
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
      select: (_args, _context, nested) => ({ article: selecting(nested, visibilityColumns) }),
      resolve: ({ article }, _args, context) => (isArticleVisible(article, context) ? article : null),
    }),
  }),
})

builder.prismaObjectField('Comment', 'parent', (t) =>
  t.field({
    type: Comment,
    nullable: true,
    description:
      'The parent comment, if you may see it. Null if the comment is not a reply or if its parent was ' +
      'retracted: see isReply and parentRemoved.',
    select: (_args, _context, nested) => ({
      parent: selecting(nested, { status: true, ...withArticle } as const),
    }),
    resolve: ({ parent }, _args, context) => (parent && canShowParent(parent, context) ? parent : null),
  }),
)

const Author = builder.objectRef<{ displayName: string }>('Author').implement({
  description: 'The author of a comment.',
  extensions: OF_ONE_ARTICLE,
  fields: (t) => ({
    displayName: t.exposeString('displayName', {
      description:
        'The name of the author when the comment was submitted. Later changes of the name do not affect it.',
    }),
  }),
})

export const CommentConnection = builder.connectionObject({
  type: Comment,
  name: 'CommentConnection',
  fields: (t) => ({ totalCount: t.int(totalCountOptions) }),
})
