import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { decide } from '../comments/decide.ts'
import type { DecisionInput } from '../comments/decision-input.ts'
import { DecisionConflict, type Outcome, ParentNotApproved } from '../comments/decision-outcome.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
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
    resolve: (_root, { input }, context) => outcomesOf({ ...input, verdict: 'APPROVED' }, context),
  }),
  rejectComments: t.field({
    type: DecisionsMade,
    description: 'Rejects comments. Approved comments are retracted. A rejection is final. For moderators.',
    args: {
      input: t.arg({
        type: RejectCommentsInput,
        required: true,
        description: 'The comments and the guidelines that they break.',
      }),
    },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
    authScopes: { role: 'moderator' },
    resolve: (_root, { input }, context) => outcomesOf({ ...input, verdict: 'REJECTED' }, context),
  }),
}))

async function outcomesOf(input: DecisionInput, context: Context) {
  const ids = input.ids.map((id) => rowIdOrNone('Comment', id))
  return { outcomes: await decide({ ...input, ids }, context) }
}
