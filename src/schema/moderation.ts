import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import {
  DecisionConflict,
  type DecisionInput,
  decide,
  type Outcome,
  ParentNotApproved,
} from '../comments/decide.ts'
import { withAuthor } from '../comments/visible.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf, rowIdOrNone } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Comment, CommentConnection, CommentStatus } from './comment.ts'

const Verdict = builder.enumType('Verdict', {
  description: 'The decision of a moderator.',
  values: {
    APPROVED: { description: 'Readers may see the comment.' },
    REJECTED: { description: 'The comment breaks a guideline.' },
  } as const,
})

const Guideline = builder.prismaObject('Guideline', {
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The code to use in a rejection.' }),
    title: t.exposeString('title', { description: 'The title.' }),
    description: t.exposeString('description', { description: 'A one-sentence description.' }),
  }),
})

builder.queryField('guidelines', (t) =>
  t.prismaField({
    type: [Guideline],
    description: 'The community guidelines, in display order.',
    resolve: (query, _root, _args, { db }) =>
      db.guideline.findMany({ ...query, orderBy: { position: 'asc' } }),
  }),
)

const Decision = builder.prismaObject('Decision', {
  fields: (t) => ({
    verdict: t.expose('verdict', { type: Verdict, description: 'The verdict.' }),
    guidelines: t.field({
      type: [Guideline],
      description: 'The guidelines that the comment breaks.',
      select: (_args, _context, nested) => ({
        guidelines: { select: { guideline: nested(true) }, orderBy: { guideline: { position: 'asc' } } },
      }),
      resolve: ({ guidelines }) => guidelines.map(({ guideline }) => guideline),
    }),
    moderatorName: t.exposeString('moderatorName', { description: 'The name of the moderator.' }),
    note: t.exposeString('note', { nullable: true }),
    at: t.expose('at', { type: 'DateTime', description: 'When the decision was made.' }),
  }),
})

builder.prismaObjectField('Comment', 'decisions', (t) =>
  t.relation('decisions', {
    description: 'The decisions on the comment, earliest first. For moderators.',
    nullable: true,
    authScopes: { role: 'moderator' },
    unauthorizedResolver: () => null,
    query: { orderBy: { at: 'asc' } },
  }),
)

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
          language: language == null ? undefined : canonicalLanguage(language),
        }
        const rows = await context.db.comment.findMany(
          rootPage(bySubmission, args, [where], context, info, withAuthor),
        )
        return bySubmission.page(rows, args)
      },
    },
    CommentConnection,
  ),
)

const CommentDecided = builder.objectRef<Extract<Outcome, { changed: boolean }>>('CommentDecided').implement({
  description: 'The current decision on a comment.',
  fields: (t) => ({
    comment: t.field({ type: Comment, description: 'The comment.', resolve: ({ comment }) => comment }),
    decision: t.field({ type: Decision, description: 'The decision.', resolve: ({ decision }) => decision }),
    changed: t.exposeBoolean('changed', {
      description: 'False if you had already made the same decision.',
    }),
  }),
})

builder.objectType(DecisionConflict, {
  name: 'DecisionConflict',
  description: 'Another moderator decided first. That decision remains.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    comment: t.field({
      type: Comment,
      description: 'The comment.',
      resolve: ({ comment }) => comment,
    }),
    decision: t.field({
      type: Decision,
      description: 'The current decision.',
      resolve: ({ decision }) => decision,
    }),
  }),
})

builder.objectType(ParentNotApproved, {
  name: 'ParentNotApproved',
  description:
    'The parent of the comment was retracted. Approve the comment with allowRemovedParent, or reject it.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    comment: t.field({
      type: Comment,
      description: 'The comment, which is still pending.',
      resolve: ({ comment }) => comment,
    }),
  }),
})

const DecisionsMade = builder.objectRef<{ outcomes: Outcome[] }>('DecisionsMade').implement({
  description: 'The results of the decisions.',
  fields: (t) => ({
    results: t.field({
      type: [CommentDecided],
      description: 'One result per id, in the order of the ids.',
      // Pothos adds errors to the union of the list items only if they are listed here.
      itemErrors: {
        types: [DecisionConflict, ParentNotApproved, Forbidden, NotFound],
        directResult: true,
        union: { name: 'DecisionResult', description: 'The result for one comment.' },
      },
      resolve: ({ outcomes }) =>
        outcomes.map((outcome) => ('failure' in outcome ? (outcome.failure as never) : outcome)),
    }),
  }),
})

const ApproveCommentsInput = builder.inputType('ApproveCommentsInput', {
  description: 'Comments to approve.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'The ids of the comments. Maximum 100.' }),
    allowRemovedParent: t.boolean({
      description:
        'Also approves replies whose parent was retracted. By default, such a reply returns ParentNotApproved.',
    }),
  }),
})

const RejectCommentsInput = builder.inputType('RejectCommentsInput', {
  description: 'Comments to reject.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'The ids of the comments. Maximum 100.' }),
    guidelines: t.stringList({
      required: true,
      description: 'Codes of the guidelines that the comments break. At least one.',
    }),
    seen: t.field({
      type: CommentStatus,
      description:
        'The status that you saw. A comment whose status changed since then returns DecisionConflict. If omitted, ' +
        'approved comments are retracted.',
    }),
    note: t.string({ description: 'A note for other moderators.' }),
  }),
})

builder.mutationFields((t) => ({
  approveComments: t.field({
    type: DecisionsMade,
    description: 'Approves comments. Readers see them immediately. For moderators.',
    args: { input: t.arg({ type: ApproveCommentsInput, required: true, description: 'The comments.' }) },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
    authScopes: { role: 'moderator' },
    resolve: (_root, { input }, context) => rule({ ...input, verdict: 'APPROVED' }, context),
  }),
  rejectComments: t.field({
    type: DecisionsMade,
    description: 'Rejects comments. Approved ones are retracted. Final. For moderators.',
    args: {
      input: t.arg({
        type: RejectCommentsInput,
        required: true,
        description: 'The comments and the guidelines that they break.',
      }),
    },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
    authScopes: { role: 'moderator' },
    resolve: (_root, { input }, context) => rule({ ...input, verdict: 'REJECTED' }, context),
  }),
}))

async function rule(ruling: DecisionInput, context: Context) {
  const ids = ruling.ids.map((id) => rowIdOrNone('Comment', id))
  return { outcomes: await decide({ ...ruling, ids }, context) }
}
