import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { decide } from '../comments/decide.ts'
import type { DecisionInput } from '../comments/decision-input.ts'
import { DecisionConflict, type Outcome, ParentNotApproved } from '../comments/decision-outcome.ts'
import { builder, ErrorInterface, type InputFields, type ObjectFields } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOrNone } from '../graphql/ids.ts'
import { Comment, CommentStatus } from './comment.ts'
import { Decision } from './decision.ts'

// The mutations of moderators: approve and reject comments.

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

const DecisionResult = builder.errorUnion('DecisionResult', {
  description: 'The result for one comment.',
  types: [CommentDecided, DecisionConflict, ParentNotApproved, Forbidden, NotFound],
  resolveType: () => 'CommentDecided',
})

const decisions = {
  description: 'The results of the decisions.',
  outputFields: (t: ObjectFields<Outcome[]>) => ({
    results: t.field({
      type: [DecisionResult],
      description: 'One result per id, in the order of the ids.',
      resolve: (outcomes) => outcomes.map((outcome) => ('failure' in outcome ? outcome.failure : outcome)),
    }),
  }),
}

const forModerators = {
  authScopes: { role: 'moderator' } as const,
  errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
}

const idList = (t: InputFields) =>
  t.idList({ required: true, description: 'The ids of the comments. Maximum 100.' })

const IN_PARTS =
  'Comments are decided in parts of up to 50, in the order of their submission: after an error, some comments may ' +
  'already have been decided. Repeat the mutation to decide the rest.'

builder.relayMutationField(
  'approveComments',
  {
    description: 'Comments to approve.',
    inputFields: (t) => ({
      ids: idList(t),
      allowRemovedParent: t.boolean({
        description:
          'Also approves replies whose parent was retracted. By default, such a reply returns ParentNotApproved.',
      }),
    }),
  },
  {
    ...forModerators,
    description: `Approves comments. Readers see them immediately. ${IN_PARTS} For moderators.`,
    resolve: (_root, { input }, context) => outcomesOf({ ...input, verdict: 'APPROVED' }, context),
  },
  decisions,
)

builder.relayMutationField(
  'rejectComments',
  {
    description: 'Comments to reject, and the guidelines that they break.',
    inputFields: (t) => ({
      ids: idList(t),
      guidelines: t.stringList({
        required: true,
        description: 'Codes of the guidelines that the comments break. At least one.',
      }),
      seen: t.field({
        type: CommentStatus,
        description:
          'The status that you saw. A comment that now has a different status is not rejected: its result is ' +
          'DecisionConflict. If this field is omitted, comments of every status are rejected, including approved comments.',
      }),
      note: t.string({ description: 'A note for other moderators.' }),
    }),
  },
  {
    ...forModerators,
    description: `Rejects comments. Approved comments are retracted. A rejection is final. ${IN_PARTS} For moderators.`,
    resolve: (_root, { input }, context) => outcomesOf({ ...input, verdict: 'REJECTED' }, context),
  },
  decisions,
)

function outcomesOf(input: DecisionInput, context: Context): Promise<Outcome[]> {
  const ids = input.ids.map((id) => rowIdOrNone('Comment', id))
  return decide({ ...input, ids }, context)
}
