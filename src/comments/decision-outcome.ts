import { DomainError, type Forbidden, type NotFound } from '../base/errors.ts'
import type { Decision } from '../db/client/client.ts'
import type { AuthoredComment } from './visible.ts'

export type Outcome = { commentId: string } & (
  | { comment: AuthoredComment; decision: Decision; changed: boolean }
  | { failure: NotFound | Forbidden | DecisionConflict | ParentNotApproved }
)

/** Another moderator has decided the comment since. */
export class DecisionConflict extends DomainError<'CONFLICT'> {
  readonly comment: AuthoredComment
  readonly decision: Decision

  constructor(comment: AuthoredComment, decision: Decision) {
    super(
      'CONFLICT',
      `${decision.moderatorName} ${decision.verdict === 'APPROVED' ? 'approved' : 'rejected'} this comment ` +
        `at ${decision.at.toISOString()}. Reload the comment before you decide.`,
    )
    this.comment = comment
    this.decision = decision
  }
}

/** The comment is a reply to a comment that is not approved. */
export class ParentNotApproved extends DomainError<'PARENT_NOT_APPROVED'> {
  readonly comment: AuthoredComment

  constructor(comment: AuthoredComment) {
    super(
      'PARENT_NOT_APPROVED',
      'This comment is a reply, and its parent comment is not approved: readers would see the reply without the ' +
        'parent. Reject the reply, or approve it with "allowRemovedParent: true".',
    )
    this.comment = comment
  }
}
