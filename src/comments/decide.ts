import type { Viewer } from '../auth/viewer.ts'
import { DomainError, Forbidden, InvalidInput, NotFound } from '../base/errors.ts'
import type { Announce, Announcer } from '../bus/bus.ts'
import { hintOf } from '../changelog/comment-feed-hint.ts'
import type { CommentStatus, Decision, Prisma, PrismaClient, Verdict } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import { orUnavailable } from '../db/retryable.ts'
import { Turns } from '../db/turns.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import type { AuthoredComment } from './visible.ts'

/** The most comments that one bulk decision may name. */
export const MAX_BULK = 100

/** The longest note, in characters. */
export const MAX_NOTE = 1_000

export interface Ruling {
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

export interface RulingDeps {
  prisma: PrismaClient
  bus: Announcer
  viewer: Viewer
  now: () => Date
  /** The time of a decision, asked for behind the locks of its transaction; `now` by default. */
  timeIn?: Clock['timeIn']
  /** When the moderator's request arrived; what was decided later, the moderator can't have seen. */
  askedAt?: Date
}

/** What became of one comment of a ruling: the decision that stands, or why there is none. */
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
 * this ruling was asked for, or an approval of what was rejected, is a DecisionConflict. Rejecting a
 * comment that was approved before takes it down again; a rejection is final. Approving a reply whose parent is
 * not approved is refused, unless the ruling allows it.
 *
 * @returns one outcome per id, in the order asked for
 * @throws InvalidInput for a ruling that can't be carried out on any comment, TemporarilyUnavailable when other
 * transactions hold its stories for too long
 */
export async function decide(ruling: Ruling, deps: RulingDeps): Promise<Outcome[]> {
  const { askedAt = deps.now(), timeIn = async () => deps.now() } = deps
  const ids = [...new Set(ruling.ids)]
  await checkRuling(ruling, deps.prisma)
  const seen = await deps.prisma.comment.findMany({
    where: { id: { in: ids } },
    select: { id: true, articleId: true, status: true },
  })
  const seenStatus = new Map(seen.map(({ id, status }) => [id, status]))
  const articleIds = new Set(seen.map(({ articleId }) => articleId))
  const work: TransactionWork<Map<string, Outcome>> = async (tx, announce) => {
    const counters = await lockArticles(tx, articleIds)
    const comments = await tx.comment.findMany({
      where: { id: { in: ids } },
      include: { author: true, decisions: true, parent: { select: { status: true } } },
      // A reply comes after what it answers, which the same ruling may approve.
      orderBy: [{ submittedAt: 'asc' }, { id: 'asc' }],
    })
    const at = await timeIn(tx)
    const decided = new Map<string, Outcome>()
    for (const { decisions, parent, ...comment } of comments) {
      if (comment.author.subject === deps.viewer.subject) {
        decided.set(comment.id, { commentId: comment.id, failure: new Forbidden(OWN_COMMENT) })
        continue
      }
      const standing = decisions.find(({ verdict }) => verdict === comment.status)
      const moved =
        seenStatus.get(comment.id) !== comment.status ||
        (ruling.seen != null && ruling.seen !== comment.status) ||
        (standing !== undefined && standing.at > askedAt)
      const stands = standing && (moved || !overrules(ruling.verdict, standing.verdict))
      const parentStatus = parent && (statusNow(decided, comment.parentId) ?? parent.status)
      const outcome = stands
        ? respect(standing, comment, ruling, deps.viewer)
        : lacksParent(ruling, parentStatus)
          ? { failure: new ParentNotApproved(comment) }
          : await carryOut(tx, comment, counters.get(comment.articleId) as Counters, ruling, { ...deps, at })
      decided.set(comment.id, { commentId: comment.id, ...outcome })
    }
    for (const [articleId, { feedPosition, advanced }] of counters) {
      if (advanced) await announce(hintOf({ articleId, position: feedPosition }))
    }
    return decided
  }
  const outcomes = await orUnavailable(
    () => turnsOf(deps.prisma).run(articleIds, () => deps.bus.transaction(work, PATIENT)),
    'Other changes to these stories take too long. Try again in a few seconds: what is decided already is kept.',
  )
  return ruling.ids.map((id) => outcomes.get(id) ?? { commentId: id, failure: new NotFound('comment') })
}

const OWN_COMMENT = 'You wrote this comment: another moderator decides on it.'

/** Where a comment stands that this ruling may have decided already. */
function statusNow(decided: Map<string, Outcome>, id: string | null): CommentStatus | undefined {
  const outcome = id === null ? undefined : decided.get(id)
  return outcome && 'comment' in outcome ? outcome.comment.status : undefined
}

function lacksParent({ verdict, allowRemovedParent }: Ruling, parent: CommentStatus | null): boolean {
  return verdict === 'APPROVED' && parent !== null && parent !== 'APPROVED' && !allowRemovedParent
}

/** A rejection overrules an approval; nothing else overrules anything. */
function overrules(verdict: Verdict, standing: Verdict): boolean {
  return verdict === 'REJECTED' && standing === 'APPROVED'
}

function respect(standing: Decision, comment: AuthoredComment, ruling: Ruling, viewer: Viewer) {
  const repeated = standing.verdict === ruling.verdict && standing.moderator === viewer.subject
  return repeated
    ? { comment, decision: standing, changed: false }
    : { failure: new DecisionConflict(comment, standing) }
}

async function checkRuling({ verdict, ids, guidelines = [], note }: Ruling, prisma: PrismaClient) {
  if (ids.length === 0) throw new InvalidInput('ids', 'Name at least one comment.')
  if (ids.length > MAX_BULK) throw new InvalidInput('ids', `Decide at most ${MAX_BULK} comments at once.`)
  if ((note?.length ?? 0) > MAX_NOTE) {
    throw new InvalidInput('note', `A note has at most ${MAX_NOTE} characters.`)
  }
  if (note && UNSTORABLE.test(note)) {
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
const UNSTORABLE = /\u0000|\p{Surrogate}/u

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
async function carryOut(
  tx: Prisma.TransactionClient,
  before: AuthoredComment,
  counters: Counters,
  ruling: Ruling,
  { viewer, at }: { viewer: Viewer; at: Date },
) {
  const approved = ruling.verdict === 'APPROVED'
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
      verdict: ruling.verdict,
      moderator: viewer.subject ?? '',
      moderatorName: viewer.displayName ?? 'A moderator',
      note: notedText(ruling.note),
      at,
      guidelines: approved
        ? undefined
        : { create: [...new Set(ruling.guidelines)].map((guidelineCode) => ({ guidelineCode })) },
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

type TransactionWork<T> = (tx: Prisma.TransactionClient, announce: Announce) => Promise<T>

/** Rulings on one story that may hold a connection at once; more of them would only wait for its row. */
const RULINGS_PER_STORY = 2

const turns = new WeakMap<PrismaClient, Turns>()

function turnsOf(prisma: PrismaClient): Turns {
  const known = turns.get(prisma) ?? new Turns(RULINGS_PER_STORY)
  turns.set(prisma, known)
  return known
}

/** A bulk decision waits for its turn rather than fail: other rulings hold the same stories for moments. */
const PATIENT = { maxWait: 10_000, timeout: 30_000 }
