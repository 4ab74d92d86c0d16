import { onArticles } from '../articles/slots.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, Forbidden, InvalidInput, NotFound } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import { commentFeedHint } from '../changelog/comment-feed-hint.ts'
import type { CommentStatus, Decision, Prisma, PrismaClient, Verdict } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import { orUnavailable } from '../db/retryable.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import type { AuthoredComment } from './visible.ts'

/** The most comments of one bulk decision. */
export const MAX_BULK_COMMENTS = 100

/** The longest note, in characters. */
export const MAX_NOTE_LENGTH = 1_000

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

export interface DecisionDeps {
  prisma: PrismaClient
  bus: Publisher
  viewer: Viewer
  now: () => Date
  /** The time of a decision, read after its transaction has taken its locks; `now` by default. */
  timeIn?: Clock['timeIn']
  /** When the moderator's request arrived; the moderator can't have seen decisions after that. */
  receivedAt?: Date
}

/** The result for one comment: the current decision, or why it was not decided. */
export type Outcome = { commentId: string } & (
  | { comment: AuthoredComment; decision: Decision; changed: boolean }
  | { failure: NotFound | Forbidden | DecisionConflict | ParentNotApproved }
)

/** Another moderator has decided the comment since. */
export class DecisionConflict extends DomainError {
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
export class ParentNotApproved extends DomainError {
  readonly comment: AuthoredComment

  constructor(comment: AuthoredComment) {
    super(
      'PARENT_NOT_APPROVED',
      'The parent of this comment is not approved, so readers would see the reply alone. Reject it, or approve it ' +
        'with "allowRemovedParent".',
    )
    this.comment = comment
  }
}

/**
 * Decides comments, each independently, in one transaction. It also writes the comments' status, the
 * article's comment count and feed position, the feed entries, and the hints.
 *
 * A moderator who repeats a decision gets the current one. A decision that another moderator has made since
 * the request, or the approval of a rejected comment, is a DecisionConflict. Rejecting an approved comment
 * takes it down; a rejection is final. Approving a reply whose parent is not approved is refused unless the
 * input allows it.
 *
 * @returns one outcome per id, in the order of the ids
 * @throws InvalidInput for an input that is invalid for every comment, TemporarilyUnavailable when other
 *   transactions lock the articles for too long
 */
export async function decide(input: DecisionInput, deps: DecisionDeps): Promise<Outcome[]> {
  const { receivedAt = deps.now(), timeIn = async () => deps.now() } = deps
  const ids = [...new Set(input.ids)]
  await checkInput(input, deps.prisma)
  const seen = await deps.prisma.comment.findMany({
    where: { id: { in: ids } },
    select: { id: true, articleId: true, status: true },
  })
  const seenStatus = new Map(seen.map(({ id, status }) => [id, status]))
  const articleIds = new Set(seen.map(({ articleId }) => articleId))
  const work: TransactionWork<Map<string, Outcome>> = async (tx, publish) => {
    const counters = await lockArticles(tx, articleIds)
    const comments = await tx.comment.findMany({
      where: { id: { in: ids } },
      include: { author: true, decisions: true, parent: { select: { status: true } } },
      // Parents before replies: the same input may approve both.
      orderBy: [{ submittedAt: 'asc' }, { id: 'asc' }],
    })
    const at = await timeIn(tx)
    const decided = new Map<string, Outcome>()
    for (const { decisions, parent, ...comment } of comments) {
      if (comment.author.subject === deps.viewer.subject) {
        decided.set(comment.id, { commentId: comment.id, failure: new Forbidden(OWN_COMMENT) })
        continue
      }
      const current = decisions.find(({ verdict }) => verdict === comment.status)
      const hasChanged =
        seenStatus.get(comment.id) !== comment.status ||
        (input.seen != null && input.seen !== comment.status) ||
        (current !== undefined && current.at > receivedAt)
      const isKept = current && (hasChanged || !overrules(input.verdict, current.verdict))
      const parentStatus = parent && (decidedStatus(decided, comment.parentId) ?? parent.status)
      const outcome = isKept
        ? keepCurrent(current, comment, input, deps.viewer)
        : needsApprovedParent(input, parentStatus)
          ? { failure: new ParentNotApproved(comment) }
          : await applyDecision(tx, comment, counters.get(comment.articleId) as Counters, input, {
              ...deps,
              at,
            })
      decided.set(comment.id, { commentId: comment.id, ...outcome })
    }
    for (const [articleId, { feedPosition, advanced }] of counters) {
      if (advanced) await publish(commentFeedHint({ articleId, position: feedPosition }))
    }
    return decided
  }
  const outcomes = await orUnavailable(
    () => onArticles(articleIds, deps.bus.transaction, work, TRANSACTION_TIMEOUTS),
    'Other changes to these stories take too long. Try again in a few seconds.',
  )
  return input.ids.map((id) => outcomes.get(id) ?? { commentId: id, failure: new NotFound('comment') })
}

const OWN_COMMENT = 'You wrote this comment. Another moderator must decide it.'

/** The status of a comment that this transaction may have decided already. */
function decidedStatus(decided: Map<string, Outcome>, id: string | null): CommentStatus | undefined {
  const outcome = id === null ? undefined : decided.get(id)
  return outcome && 'comment' in outcome ? outcome.comment.status : undefined
}

function needsApprovedParent(
  { verdict, allowRemovedParent }: DecisionInput,
  parent: CommentStatus | null,
): boolean {
  return verdict === 'APPROVED' && parent !== null && parent !== 'APPROVED' && !allowRemovedParent
}

/** A rejection overrules an approval. Nothing else overrules a decision. */
function overrules(verdict: Verdict, current: Verdict): boolean {
  return verdict === 'REJECTED' && current === 'APPROVED'
}

function keepCurrent(current: Decision, comment: AuthoredComment, input: DecisionInput, viewer: Viewer) {
  const repeated = current.verdict === input.verdict && current.moderator === viewer.subject
  return repeated
    ? { comment, decision: current, changed: false }
    : { failure: new DecisionConflict(comment, current) }
}

async function checkInput({ verdict, ids, guidelines = [], note }: DecisionInput, prisma: PrismaClient) {
  if (ids.length === 0) throw new InvalidInput('ids', 'Give at least one comment id.')
  if (ids.length > MAX_BULK_COMMENTS)
    throw new InvalidInput('ids', `Decide at most ${MAX_BULK_COMMENTS} comments at once.`)
  if ((note?.length ?? 0) > MAX_NOTE_LENGTH) {
    throw new InvalidInput('note', `A note may have at most ${MAX_NOTE_LENGTH} characters. Shorten it.`)
  }
  if (note && INVALID_CHARACTERS.test(note)) {
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

/** Cleans a note like a comment, because both are shown on the same page. */
function cleanedNote(note: string | null | undefined): string | null {
  const text = normaliseText(note ?? '')
  return isBlank(text) ? null : text
}

/** NUL and unpaired surrogates, which PostgreSQL can't store. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what it looks for
const INVALID_CHARACTERS = /\u0000|\p{Surrogate}/u

interface Counters {
  feedPosition: number
  advanced: boolean
}

/**
 * Locks the articles' rows in id order, so that decisions can't deadlock. The lock makes the order of
 * positions the order of commits. Comments can still be submitted.
 */
async function lockArticles(tx: Prisma.TransactionClient, ids: Set<string>): Promise<Map<string, Counters>> {
  const rows = await tx.$queryRaw<{ id: string; feedPosition: number }[]>`
    SELECT "id", "feedPosition" FROM "Article" WHERE "id" = ANY(${[...ids]}::uuid[]) ORDER BY "id" FOR NO KEY UPDATE`
  return new Map(rows.map(({ id, feedPosition }) => [id, { feedPosition, advanced: false }]))
}

/** Writes one decision and, if readers must be notified, its feed entry. The article's row must be locked. */
async function applyDecision(
  tx: Prisma.TransactionClient,
  before: AuthoredComment,
  counters: Counters,
  input: DecisionInput,
  { viewer, at }: { viewer: Viewer; at: Date },
) {
  const approved = input.verdict === 'APPROVED'
  const visible = approved || before.status === 'APPROVED'
  const position = visible ? counters.feedPosition + 1 : counters.feedPosition
  const comment = await tx.comment.update({
    where: { id: before.id },
    data: approved
      ? { status: 'APPROVED', approvedAt: at, position }
      : { status: 'REJECTED', approvedAt: null, position: null },
    include: { author: true },
  })
  const decision = await tx.decision.create({
    data: {
      commentId: comment.id,
      verdict: input.verdict,
      moderator: viewer.subject ?? '',
      moderatorName: viewer.displayName ?? 'A moderator',
      note: cleanedNote(input.note),
      at,
      guidelines: approved
        ? undefined
        : { create: [...new Set(input.guidelines)].map((guidelineCode) => ({ guidelineCode })) },
    },
  })
  if (visible) {
    await tx.article.update({
      where: { id: comment.articleId },
      data: { feedPosition: position, commentCount: { increment: approved ? 1 : -1 } },
      select: { id: true },
    })
    await tx.feedEntry.create({
      data: {
        articleId: comment.articleId,
        position,
        kind: approved ? 'APPROVED' : 'RETRACTED',
        commentId: comment.id,
        at,
      },
    })
    counters.feedPosition = position
    counters.advanced = true
  }
  return { comment, decision, changed: true }
}

type TransactionWork<T> = (tx: Prisma.TransactionClient, publish: Publish) => Promise<T>

/** In ms. Decisions wait rather than fail: others lock the same articles for a short time only. */
const TRANSACTION_TIMEOUTS = { maxWait: 10_000, timeout: 30_000 }
