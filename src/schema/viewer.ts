import type { Role as SignedIn, Viewer as Viewing } from '../auth/viewer.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Comment, CommentConnection, CommentStatus } from './comment.ts'
import { bySubmissionLatestFirst } from './comment-list.ts'

const Role = builder.enumType('Role', {
  description:
    'The role in a token. In the order READER, MODERATOR, EDITOR, ADMIN, each role includes the rights of the roles ' +
    'before it.',
  values: {
    READER: { value: 'reader', description: 'Submits comments.' },
    MODERATOR: { value: 'moderator', description: 'Approves and rejects comments.' },
    EDITOR: {
      value: 'editor',
      description: 'Publishes and edits articles, and sees unpublished ones.',
    },
    ADMIN: { value: 'admin', description: 'Manages readers and partners.' },
  } as const satisfies Record<Uppercase<SignedIn>, { value: SignedIn; description: string }>,
})

const Viewer = builder.objectRef<Viewing>('Viewer').implement({
  description: 'The authenticated user.',
  fields: (t) => ({
    role: t.field({
      type: Role,
      description: 'The role in the token.',
      resolve: ({ role }) => role as SignedIn,
    }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The display name.' }),
    isBanned: t.boolean({
      description:
        'Whether an administrator has banned you. The token of a banned user allows only anonymous reading.',
      resolve: ({ isBanned = false }) => isBanned,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token expires.',
    }),
    comments: t.connection(
      {
        type: Comment,
        description: 'Your comments of every status, latest first.',
        args: {
          articleId: t.arg.id({ description: 'Filters by article.' }),
          status: t.arg({ type: CommentStatus, description: 'Filters by status.' }),
        },
        complexity: pageComplexity,
        resolve: async ({ subject }, args, context, info) => {
          const own = {
            articleId: args.articleId == null ? undefined : rowIdOf('Article', args.articleId),
            status: args.status ?? undefined,
          }
          const page = rootPage(bySubmissionLatestFirst, args, [own], context, info)
          // Through the reader, so that the comments are read in the order of an index.
          const reader = await context.db.reader.findUnique({
            where: { subject: subject ?? '' },
            select: { comments: page },
          })
          return {
            ...bySubmissionLatestFirst.page(reader?.comments ?? [], args),
            totalCount: () =>
              context.db.comment.count({ where: { author: { subject: subject ?? '' }, ...own } }),
          }
        },
      },
      CommentConnection,
    ),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'The authenticated user; null without a token.',
    resolve: (_root, _args, { viewer }) => (viewer.role === 'anonymous' ? null : viewer),
  }),
)
