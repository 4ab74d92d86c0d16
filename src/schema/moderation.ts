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
  description: 'What a moderator decided.',
  values: {
    APPROVED: { description: 'Readers may see the comment.' },
    REJECTED: { description: 'It breaks a guideline.' },
  } as const,
})

const Guideline = builder.prismaObject('Guideline', {
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The word that a rejection names it by.' }),
    title: t.exposeString('title', { description: 'A few words.' }),
    description: t.exposeString('description', { description: 'A sentence.' }),
  }),
})

builder.queryField('guidelines', (t) =>
  t.prismaField({
    type: [Guideline],
    description: 'The rules that comments must keep, in the order in which readers are shown them.',
    resolve: (query, _root, _args, { db }) =>
      db.guideline.findMany({ ...query, orderBy: { position: 'asc' } }),
  }),
)

const Decision = builder.prismaObject('Decision', {
  fields: (t) => ({
    verdict: t.expose('verdict', { type: Verdict, description: 'What was decided.' }),
    guidelines: t.field({
      type: [Guideline],
      description: 'The guidelines that the comment breaks.',
      select: (_args, _context, nested) => ({
        guidelines: { select: { guideline: nested(true) }, orderBy: { guideline: { position: 'asc' } } },
      }),
      resolve: ({ guidelines }) => guidelines.map(({ guideline }) => guideline),
    }),
    moderatorName: t.exposeString('moderatorName', { description: 'Who decided.' }),
    note: t.exposeString('note', { nullable: true }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
})

builder.prismaObjectField('Comment', 'decisions', (t) =>
  t.relation('decisions', {
    description: 'What moderators decided, first decision first. For moderators.',
    nullable: true,
    authScopes: { role: 'moderator' },
    unauthorizedResolver: () => null,
    query: { orderBy: { at: 'asc' } },
  }),
)

/** First submitted first. */
const bySubmission = keyset<{ submittedAt: Date; id: string }>(
  { field: 'submittedAt', direction: 'asc', kind: 'date' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)

const ModerationFilter = builder.inputType('ModerationFilter', {
  description: 'Which comments to list.',
  fields: (t) => ({
    articleId: t.id({ description: 'Comments under this story.' }),
    status: t.field({
      type: CommentStatus,
      required: true,
      defaultValue: 'PENDING',
      description: 'Comments that stand so.',
    }),
    language: t.string({ description: 'Comments whose reader says that they are in this language.' }),
  }),
})

builder.queryField('moderationQueue', (t) =>
  t.connection(
    {
      type: Comment,
      description: 'Comments that wait for a decision, longest waiting first. For moderators.',
      authScopes: { role: 'moderator' },
      args: { filter: t.arg({ type: ModerationFilter, description: 'Which to list.' }) },
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
  description: 'The decision that stands.',
  fields: (t) => ({
    comment: t.field({ type: Comment, description: 'The comment.', resolve: ({ comment }) => comment }),
    decision: t.field({ type: Decision, description: 'The decision.', resolve: ({ decision }) => decision }),
    changed: t.exposeBoolean('changed', {
      description: 'False when you had decided the same before.',
    }),
  }),
})

builder.objectType(DecisionConflict, {
  name: 'DecisionConflict',
  description: 'Somebody else decided first; their decision stands.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    comment: t.field({
      type: Comment,
      description: 'The comment as it stands.',
      resolve: ({ comment }) => comment,
    }),
    decision: t.field({
      type: Decision,
      description: 'Their decision.',
      resolve: ({ decision }) => decision,
    }),
  }),
})

builder.objectType(ParentNotApproved, {
  name: 'ParentNotApproved',
  description:
    'The comment replies to one that was taken down. Approve it with allowRemovedParent, or reject it.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    comment: t.field({
      type: Comment,
      description: 'The comment, which is still undecided.',
      resolve: ({ comment }) => comment,
    }),
  }),
})

const DecisionsMade = builder.objectRef<{ outcomes: Outcome[] }>('DecisionsMade').implement({
  description: 'What became of each comment.',
  fields: (t) => ({
    results: t.field({
      type: [CommentDecided],
      description: 'One result per id, in the order of the ids.',
      // Errors in a list are members of its items' union only where they are named here.
      itemErrors: {
        types: [DecisionConflict, ParentNotApproved, Forbidden, NotFound],
        directResult: true,
        union: { name: 'DecisionResult', description: 'What became of one comment.' },
      },
      resolve: ({ outcomes }) =>
        outcomes.map((outcome) => ('failure' in outcome ? (outcome.failure as never) : outcome)),
    }),
  }),
})

const ApproveCommentsInput = builder.inputType('ApproveCommentsInput', {
  description: 'Comments to approve.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'Up to 100 comments.' }),
    allowRemovedParent: t.boolean({
      description:
        'Also approves replies whose parent was taken down. By default, such a reply returns ParentNotApproved.',
    }),
  }),
})

const RejectCommentsInput = builder.inputType('RejectCommentsInput', {
  description: 'Comments to reject.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'Up to 100 comments.' }),
    guidelines: t.stringList({
      required: true,
      description: 'Codes of the guidelines they break, at least one.',
    }),
    seen: t.field({
      type: CommentStatus,
      description:
        'How you saw the comments: one that somebody decided since is a DecisionConflict. Without it, a ' +
        'comment that was approved before is taken down.',
    }),
    note: t.string({ description: 'A word to other moderators.' }),
  }),
})

builder.mutationFields((t) => ({
  approveComments: t.field({
    type: DecisionsMade,
    description: 'Approves comments: readers see them at once. For moderators.',
    args: { input: t.arg({ type: ApproveCommentsInput, required: true, description: 'Which ones.' }) },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
    authScopes: { role: 'moderator' },
    resolve: (_root, { input }, context) => rule({ ...input, verdict: 'APPROVED' }, context),
  }),
  rejectComments: t.field({
    type: DecisionsMade,
    description: 'Rejects comments, and takes those down that were approved before. Final. For moderators.',
    args: {
      input: t.arg({ type: RejectCommentsInput, required: true, description: 'Which ones, and why.' }),
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
