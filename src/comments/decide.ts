import { onArticles } from '../articles/slots.ts'
import type { Viewer } from '../auth/viewer.ts'
import { Forbidden, NotFound } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import { commentFeedHint } from '../changelog/comment-feed-hint.ts'
import type { CommentStatus, Decision, Prisma, PrismaClient, Verdict } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import { orUnavailable } from '../db/retryable.ts'
import { checkDecisionInput, type DecisionInput } from './decision-input.ts'
import { DecisionConflict, type Outcome, ParentNotApproved } from './decision-outcome.ts'
import { DecisionRecord } from './record-decision.ts'
import { TRANSACTION_TIMEOUTS_MS } from './transaction-timeouts.ts'
import type { AuthoredComment } from './visible.ts'

export interface DecisionDeps {
  prisma: PrismaClient
  bus: Publisher
  viewer: Viewer
  now: () => Date
  /** The time of a decision, read after its transaction has taken its locks; `now` by default. */
  timeIn?: Clock['timeIn']
  /** When the moderator's request arrived; the moderator can't have seen decisions after that. */
  receivedAt?: Date
  /** How many comments one transaction decides. */
  partSize?: number
}

/**
 * Decides comments, each independently. A long list is decided in parts, each in one transaction, which also writes the
 * comments' status, the articles' comment counts and feed positions, the feed entries, and the hints. If a part fails, the
 * parts before it remain.
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
  const { receivedAt = deps.now(), partSize = PART_SIZE } = deps
  await checkDecisionInput(input, deps.prisma)
  const seen = await deps.prisma.comment.findMany({
    where: { id: { in: [...new Set(input.ids)] } },
    select: { id: true, articleId: true, status: true },
    orderBy: [...PARENTS_FIRST],
  })
  const outcomes = new Map<string, Outcome>()
  for (let decided = 0; decided < seen.length; decided += partSize) {
    const part = seen.slice(decided, decided + partSize)
    for (const outcome of await decidePart(part, input, { ...deps, receivedAt })) {
      outcomes.set(outcome.commentId, outcome)
    }
  }
  return input.ids.map((id) => outcomes.get(id) ?? { commentId: id, failure: new NotFound('comment') })
}

/**
 * How many comments one transaction decides. A transaction holds the only connection of the embedded database: other
 * requests are answered between two parts. Smaller parts would cost more than 40 ms for 100 comments on a server.
 */
const PART_SIZE = 50

/** The order in which comments are decided: the same input may approve a comment and a reply to it. */
const PARENTS_FIRST = [
  { submittedAt: 'asc' },
  { id: 'asc' },
] as const satisfies Prisma.CommentOrderByWithRelationInput[]

/** Decides some comments in one transaction. */
async function decidePart(
  part: readonly SeenComment[],
  input: DecisionInput,
  { bus, viewer, now, timeIn = async () => now(), receivedAt }: DecisionDeps & { receivedAt: Date },
): Promise<Iterable<Outcome>> {
  const articleIds = new Set(part.map(({ articleId }) => articleId))
  const seenStatus = new Map(part.map(({ id, status }) => [id, status]))
  const decideAll: TransactionWork<Iterable<Outcome>> = async (tx, publish) => {
    const decided = new Map<string, Outcome>()
    const record = await DecisionRecord.open(tx, articleIds)
    const at = await timeIn(tx, record.lockedAt)
    for (const { decisions, parent, ...comment } of await findCandidates(tx, [...seenStatus.keys()])) {
      const candidate = { comment, decisions, parent }
      const outcome =
        outcomeWithoutDecision(candidate, { input, viewer, receivedAt, seenStatus, decided }) ??
        record.decide(comment, input, { viewer, at })
      decided.set(comment.id, { commentId: comment.id, ...outcome })
    }
    await record.write(tx, input)
    for (const feed of record.grownFeeds) await publish(commentFeedHint(feed))
    return decided.values()
  }
  return orUnavailable(
    () => onArticles(articleIds, bus.transaction, decideAll, TRANSACTION_TIMEOUTS_MS),
    'Other changes to these articles are taking too long. Try again in a few seconds.',
  )
}

type TransactionWork<T> = (tx: Prisma.TransactionClient, publish: Publish) => Promise<T>

/** A comment when the request arrived. */
type SeenComment = Pick<AuthoredComment, 'id' | 'articleId' | 'status'>

interface Candidate {
  comment: AuthoredComment
  decisions: Decision[]
  parent: { status: CommentStatus } | null
}

function findCandidates(tx: Prisma.TransactionClient, ids: string[]) {
  return tx.comment.findMany({
    where: { id: { in: ids } },
    include: { author: true, decisions: true, parent: { select: { status: true } } },
    orderBy: [...PARENTS_FIRST],
  })
}

interface DecisionContext {
  input: DecisionInput
  viewer: Viewer
  receivedAt: Date
  /** The status of each comment when the request arrived. */
  seenStatus: ReadonlyMap<string, CommentStatus>
  /** The outcomes in this transaction so far. */
  decided: ReadonlyMap<string, Outcome>
}

/** The outcome of a comment that gets no new decision: the current decision, or a failure. */
function outcomeWithoutDecision(
  { decisions, parent, comment }: Candidate,
  { input, viewer, receivedAt, seenStatus, decided }: DecisionContext,
) {
  if (comment.author.subject === viewer.subject) return { failure: new Forbidden(OWN_COMMENT) }
  const current = decisions.find(({ verdict }) => verdict === comment.status)
  const hasChanged =
    seenStatus.get(comment.id) !== comment.status ||
    (input.seen != null && input.seen !== comment.status) ||
    (current !== undefined && current.at > receivedAt)
  if (current && (hasChanged || !overrules(input.verdict, current.verdict)))
    return keepCurrent(current, comment, input, viewer)
  const parentStatus = parent && (decidedStatus(decided, comment.parentId) ?? parent.status)
  return needsApprovedParent(input, parentStatus) ? { failure: new ParentNotApproved(comment) } : undefined
}

const OWN_COMMENT = 'You wrote this comment. Another moderator must decide on it.'

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

/** The status of a comment that this transaction may have decided already. */
function decidedStatus(decided: DecisionContext['decided'], id: string | null): CommentStatus | undefined {
  const outcome = id === null ? undefined : decided.get(id)
  return outcome && 'comment' in outcome ? outcome.comment.status : undefined
}

function needsApprovedParent(
  { verdict, allowRemovedParent }: DecisionInput,
  parent: CommentStatus | null,
): boolean {
  return verdict === 'APPROVED' && parent !== null && parent !== 'APPROVED' && !allowRemovedParent
}
