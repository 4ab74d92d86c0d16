import type { Viewer } from '../auth/viewer.ts'
import { DomainError, Forbidden, InvalidInput, NotFound } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import { commentFeedHint } from '../changelog/comment-feed-hint.ts'
import type { CommentStatus, Decision, Prisma, PrismaClient, Verdict } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import { KeyedSemaphore } from '../db/keyed-semaphore.ts'
import { orUnavailable } from '../db/retryable.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import type { AuthoredComment } from './visible.ts'

/** The most comments that one bulk decision may name. */
export const MAX_BULK_COMMENTS = 100

/** The longest note, in characters. */
export const MAX_NOTE_LENGTH = 1_000

export interface DecisionInput {
  verdict: Verdict
  /** Keys of the comments. */
  ids: string[]
  /** Codes of the guidelines that rejected comments break. */
  guidelines?: string[]
  /** A word to other moderators. */
  note?: string | null
  /** Approves replies to comments that were taken down, too. */
  allowRemovedParent?: boolean | null
  /** How the moderator saw the comments; one that stands otherwise by now is a DecisionConflict. */
  seen?: CommentStatus | null
}

export interface DecisionDeps {
  prisma: PrismaClient
  bus: Publisher
  viewer: Viewer
  now: () => Date
  /** The time of a decision, asked for behind the locks of its transaction; `now` by default. */
  timeIn?: Clock['timeIn']
  /** When the moderator's request arrived; what was decided later, the moderator can't have seen. */
  receivedAt?: Date
}

/** What became of one comment of a input: the decision that stands, or why there is none. */
export type Outcome = { commentId: string } & (
  | { comment: AuthoredComment; decision: Decision; changed: boolean }
  | { failure: NotFound | Forbidden | DecisionConflict | ParentNotApproved }
)

/** Somebody else decided first. */
export class DecisionConflict extends DomainError {
  readonly comment: AuthoredComment
  readonly decision: Decision

  constructor(comment: AuthoredComment, decision: Decision) {
    super(
      'CONFLICT',
      `${decision.moderatorName} ${decision.verdict === 'APPROVED' ? 'approved' : 'rejected'} this comment ` +
        `at ${decision.at.toISOString()}. Look at it again.`,
    )
    this.comment = comment
    this.decision = decision
  }
}

/** The comment answers one that readers do not see. */
export class ParentNotApproved extends DomainError {
  readonly comment: AuthoredComment

  constructor(comment: AuthoredComment) {
    super(
      'PARENT_NOT_APPROVED',
      'The comment answers one that is not approved, so readers would see half of a conversation. Reject it, or ' +
        'approve it with "allowRemovedParent".',
    )
    this.comment = comment
  }
}

/**
 * Decides comments, each on its own, all in one transaction. With a decision goes, in the same commit:
 * the comment's status, the story's count and feed position, the feed entry, and the hint to readers.
 *
 * A moderator who repeats a decision gets the one that stands. A decision that somebody else took since
 * this input was asked for, or an approval of what was rejected, is a DecisionConflict. Rejecting a
 * comment that was approved before takes it down again; a rejection is final. Approving a reply whose parent is
 * not approved is refused, unless the input allows it.
 *
 * @returns one outcome per id, in the order asked for
 * @throws InvalidInput for a input that can't be carried out on any comment, TemporarilyUnavailable when other
 * transactions hold its stories for too long
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
      // A reply comes after what it answers, which the same input may approve.
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
      const moved =
        seenStatus.get(comment.id) !== comment.status ||
        (input.seen != null && input.seen !== comment.status) ||
        (current !== undefined && current.at > receivedAt)
      const stands = current && (moved || !overrules(input.verdict, current.verdict))
      const parentStatus = parent && (statusNow(decided, comment.parentId) ?? parent.status)
      const outcome = stands
        ? keepCurrent(current, comment, input, deps.viewer)
        : lacksParent(input, parentStatus)
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
    () => semaphoreOf(deps.prisma).run(articleIds, () => deps.bus.transaction(work, TRANSACTION_TIMEOUTS)),
    'Other changes to these stories take too long. Try again in a few seconds: what is decided already is kept.',
  )
  return input.ids.map((id) => outcomes.get(id) ?? { commentId: id, failure: new NotFound('comment') })
}

const OWN_COMMENT = 'You wrote this comment: another moderator decides on it.'

/** Where a comment stands that this input may have decided already. */
function statusNow(decided: Map<string, Outcome>, id: string | null): CommentStatus | undefined {
  const outcome = id === null ? undefined : decided.get(id)
  return outcome && 'comment' in outcome ? outcome.comment.status : undefined
}

function lacksParent({ verdict, allowRemovedParent }: DecisionInput, parent: CommentStatus | null): boolean {
  return verdict === 'APPROVED' && parent !== null && parent !== 'APPROVED' && !allowRemovedParent
}

/** A rejection overrules an approval; nothing else overrules anything. */
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
  if (ids.length === 0) throw new InvalidInput('ids', 'Name at least one comment.')
  if (ids.length > MAX_BULK_COMMENTS)
    throw new InvalidInput('ids', `Decide at most ${MAX_BULK_COMMENTS} comments at once.`)
  if ((note?.length ?? 0) > MAX_NOTE_LENGTH) {
    throw new InvalidInput('note', `A note has at most ${MAX_NOTE_LENGTH} characters.`)
  }
  if (note && INVALID_CHARACTERS.test(note)) {
    throw new InvalidInput(
      'note',
      'The note contains invalid characters (NUL or an unpaired surrogate). Remove them.',
    )
  }
  if (verdict === 'APPROVED') return
  if (guidelines.length === 0)
    throw new InvalidInput('guidelines', 'A rejection names at least one guideline.')
  const known = await prisma.guideline.findMany({ select: { code: true } })
  const unknown = guidelines.find((code) => !known.some((guideline) => guideline.code === code))
  if (unknown !== undefined) {
    throw new InvalidInput(
      'guidelines',
      `There is no guideline "${unknown.slice(0, 80)}"; see Query.guidelines.`,
    )
  }
}

/** A note is shown beside comments, so it is cleaned like them. */
function notedText(note: string | null | undefined): string | null {
  const text = normaliseText(note ?? '')
  return isBlank(text) ? null : text
}

/** NUL and lone surrogates, which no database text can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what it looks for
const INVALID_CHARACTERS = /\u0000|\p{Surrogate}/u

interface Counters {
  feedPosition: number
  advanced: boolean
}

/**
 * Locks the stories' rows in key order, so that rulings never wait for each other in a circle. The lock
 * makes the order of positions the order of commits; comments can be submitted meanwhile.
 */
async function lockArticles(tx: Prisma.TransactionClient, ids: Set<string>): Promise<Map<string, Counters>> {
  const rows = await tx.$queryRaw<{ id: string; feedPosition: number }[]>`
    SELECT "id", "feedPosition" FROM "Article" WHERE "id" = ANY(${[...ids]}::uuid[]) ORDER BY "id" FOR NO KEY UPDATE`
  return new Map(rows.map(({ id, feedPosition }) => [id, { feedPosition, advanced: false }]))
}

/** Writes one decision and, where readers are to hear of it, the feed entry. The story's row is locked. */
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
      note: notedText(input.note),
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

/** Rulings on one story that may hold a connection at once; more of them would only wait for its row. */
const MAX_CONCURRENT_DECISIONS = 2

const semaphores = new WeakMap<PrismaClient, KeyedSemaphore>()

function semaphoreOf(prisma: PrismaClient): KeyedSemaphore {
  const known = semaphores.get(prisma) ?? new KeyedSemaphore(MAX_CONCURRENT_DECISIONS)
  semaphores.set(prisma, known)
  return known
}

/** A bulk decision waits for its turn rather than fail: other rulings hold the same stories for moments. */
const TRANSACTION_TIMEOUTS = { maxWait: 10_000, timeout: 30_000 }
