import type { Role as SignedIn, Viewer as Viewing } from '../auth/viewer.ts'
import { withAuthor } from '../comments/visible.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { keyset } from '../graphql/keyset.ts'
import { Comment, CommentConnection } from './comment.ts'

const Role = builder.enumType('Role', {
  description: 'What a token says its bearer is. Each role may do what those before it may.',
  values: {
    READER: { value: 'reader', description: 'Comments.' },
    MODERATOR: { value: 'moderator', description: 'Decides on comments.' },
    EDITOR: {
      value: 'editor',
      description: 'Publishes and edits stories, and sees those that others may not.',
    },
    ADMIN: { value: 'admin', description: 'Everything.' },
  } as const satisfies Record<Uppercase<SignedIn>, { value: SignedIn; description: string }>,
})

/** Latest first. */
const newestFirst = keyset<{ submittedAt: Date; id: string }>(
  { field: 'submittedAt', direction: 'desc', kind: 'date' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

const Viewer = builder.objectRef<Viewing>('Viewer').implement({
  description: 'Who is asking.',
  fields: (t) => ({
    role: t.field({
      type: Role,
      description: 'What the token allows.',
      resolve: ({ role }) => role as SignedIn,
    }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The name that others see.' }),
    isBanned: t.boolean({
      description:
        'Whether an administrator has banned you. If so, the token allows no more than anonymous reading.',
      resolve: ({ isBanned = false }) => isBanned,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token stops being honoured.',
    }),
    comments: t.connection(
      {
        type: Comment,
        description: 'Your own comments, in every state, latest first.',
        complexity: pageComplexity,
        resolve: async ({ subject }, args, context, info) => {
          const where = [{ author: { subject: subject ?? '' } }]
          const page = rootPage(newestFirst, args, where, context, info, withAuthor)
          return newestFirst.page(await context.db.comment.findMany(page), args)
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
    description: 'Who is asking; null without a token.',
    resolve: (_root, _args, { viewer }) => (viewer.role === 'anonymous' ? null : viewer),
  }),
)
