import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Comment, CommentConnection, CommentStatus } from './comment.ts'

/** Earliest submission first. */
const bySubmission = keyset<{ submittedAt: Date; id: string }>(
  { field: 'submittedAt', direction: 'asc', kind: 'date' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)

const ModerationFilter = builder.inputType('ModerationFilter', {
  description: 'Filters comments.',
  fields: (t) => ({
    articleId: t.id({ description: 'Filters by article.' }),
    status: t.field({
      type: CommentStatus,
      required: true,
      defaultValue: 'PENDING',
      description: 'Filters by status.',
    }),
    language: t.string({ description: 'Filters by the language that the reader declared.' }),
  }),
})

builder.queryField('moderationQueue', (t) =>
  t.connection(
    {
      type: Comment,
      description: 'The moderation queue, earliest submission first. For moderators.',
      authScopes: { role: 'moderator' },
      args: { filter: t.arg({ type: ModerationFilter, description: 'Filters comments.' }) },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) => {
        const { articleId, status, language } = args.filter ?? { status: 'PENDING' }
        const where = {
          status,
          articleId: articleId == null ? undefined : rowIdOf('Article', articleId),
          // Only approved comments have a position. With this, the index Comment_articleId_queue_idx is used.
          position: status === 'APPROVED' ? undefined : null,
          language: language == null ? undefined : canonicalLanguage(language),
        }
        const rows = await context.db.comment.findMany(rootPage(bySubmission, args, [where], context, info))
        return { ...bySubmission.page(rows, args), totalCount: () => context.db.comment.count({ where }) }
      },
    },
    CommentConnection,
  ),
)
