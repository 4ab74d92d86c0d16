import { checkConditions, type ModerationConditions, moderatedWhere } from '../comments/moderation-filter.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { canonicalLanguage } from '../text/language.ts'
import { MAX_FILTER_CHARACTERS, wordsOf } from '../text/words.ts'
import { Comment, CommentConnection, CommentStatus } from './comment.ts'

/** Earliest submission first. */
const bySubmission = keyset<{ submittedAt: Date; id: string }>(
  { field: 'submittedAt', direction: 'asc', kind: 'date' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)

export const ModerationFilter = builder.inputType('ModerationFilter', {
  description: 'Filters comments. All given conditions must match.',
  fields: (t) => ({
    articleId: t.id({ description: 'Filters by article.' }),
    status: t.field({
      type: CommentStatus,
      required: true,
      defaultValue: 'PENDING',
      description: 'Filters by status.',
    }),
    language: t.string({ description: 'Filters by the language that the reader declared.' }),
    text: t.string({
      description:
        `Filters by words or parts of words in the body, in any case. All must occur. Maximum ${MAX_FILTER_CHARACTERS} ` +
        'characters. With another status than PENDING, give articleId or readerId too.',
    }),
    readerId: t.id({ description: 'Filters by the reader who wrote the comment: see Comment.reader.' }),
    submittedFrom: t.field({ type: 'DateTime', description: 'Filters by submission time, inclusive.' }),
    submittedBefore: t.field({ type: 'DateTime', description: 'Filters by submission time, exclusive.' }),
    isReply: t.boolean({ description: 'Filters replies, or comments that are not replies.' }),
  }),
})

/** The conditions of a filter. Throws InvalidInput and NotFound for an invalid one. */
export function conditionsOf(filter: typeof ModerationFilter.$inferInput): ModerationConditions {
  const { status, articleId, readerId, language, text, submittedFrom, submittedBefore, isReply } = filter
  const conditions = {
    status,
    articleId: articleId == null ? undefined : rowIdOf('Article', articleId),
    readerId: readerId == null ? undefined : rowIdOf('Reader', readerId),
    language: language == null ? undefined : canonicalLanguage(language),
    words: text == null ? undefined : wordsOf(text, 'text'),
    submittedFrom: submittedFrom ?? undefined,
    submittedBefore: submittedBefore ?? undefined,
    isReply: isReply ?? undefined,
  }
  checkConditions(conditions)
  return conditions
}

builder.queryField('moderationQueue', (t) =>
  t.connection(
    {
      type: Comment,
      description: 'The moderation queue, earliest submission first. For moderators.',
      authScopes: { role: 'moderator' },
      args: { filter: t.arg({ type: ModerationFilter, description: 'Filters comments.' }) },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) => {
        const where = moderatedWhere(conditionsOf(args.filter ?? { status: 'PENDING' }))
        const rows = await context.db.comment.findMany(rootPage(bySubmission, args, [where], context, info))
        return { ...bySubmission.page(rows, args), totalCount: () => context.db.comment.count({ where }) }
      },
    },
    CommentConnection,
  ),
)
