import { InvalidInput } from '../base/errors.ts'
import type { CommentStatus, PrismaClient, Verdict } from '../db/client/client.ts'
import { MAX_NOTE_LENGTH } from '../text/comment-limits.ts'

const MAX_BULK_COMMENTS = 100

export interface DecisionInput {
  verdict: Verdict
  /** Row ids of the comments. */
  ids: string[]
  /** Codes of the guidelines that rejected comments violate. */
  guidelines?: string[]
  /** A note for other moderators. */
  note?: string | null
  /** Allows approving replies to comments that were taken down. */
  allowRemovedParent?: boolean | null
  /** The status of the comments that the moderator saw; a comment with another status is a DecisionConflict. */
  seen?: CommentStatus | null
}

/** @throws InvalidInput for an input that is invalid for every comment */
export async function checkDecisionInput(
  { verdict, ids, guidelines = [], note }: DecisionInput,
  prisma: PrismaClient,
): Promise<void> {
  if (ids.length === 0) throw new InvalidInput('ids', 'Give at least one comment id.')
  if (ids.length > MAX_BULK_COMMENTS)
    throw new InvalidInput('ids', `Decide on at most ${MAX_BULK_COMMENTS} comments at once.`)
  if ((note?.length ?? 0) > MAX_NOTE_LENGTH) {
    throw new InvalidInput('note', `A note may have at most ${MAX_NOTE_LENGTH} characters. Shorten it.`)
  }
  if (note && (note.includes('\0') || !note.isWellFormed())) {
    throw new InvalidInput(
      'note',
      'The note contains invalid characters (NUL or an unpaired surrogate). Remove them.',
    )
  }
  if (verdict === 'APPROVED') return
  if (guidelines.length === 0)
    throw new InvalidInput('guidelines', 'Give at least one guideline for a rejection.')
  const known = await prisma.guideline.findMany({ select: { code: true } })
  const unknown = guidelines.find((code) => !known.some((guideline) => guideline.code === code))
  if (unknown !== undefined) {
    throw new InvalidInput(
      'guidelines',
      `The guideline "${unknown.slice(0, 80)}" does not exist. See Query.guidelines.`,
    )
  }
}
