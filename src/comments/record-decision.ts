import type { Viewer } from '../auth/viewer.ts'
import type { Prisma } from '../db/client/client.ts'
import { lockArticleRows } from '../db/locks.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import type { DecisionInput } from './decision-input.ts'
import type { AuthoredComment } from './visible.ts'

/** The comment feed of an article during one transaction. */
export interface FeedCounters {
  feedPosition: number
  advanced: boolean
}

/** Locks the articles of the comments that are decided. Comments can still be submitted. */
export async function lockArticles(
  tx: Prisma.TransactionClient,
  ids: ReadonlySet<string>,
): Promise<Map<string, FeedCounters>> {
  const rows = await lockArticleRows(tx, ids)
  return new Map(rows.map(({ id, feedPosition }) => [id, { feedPosition, advanced: false }]))
}

/** Writes one decision and, if readers must be notified, its feed entry. The article's row must be locked. */
export async function recordDecision(
  tx: Prisma.TransactionClient,
  before: AuthoredComment,
  counters: FeedCounters,
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

/** Cleans a note like a comment, because both are shown on the same page. */
function cleanedNote(note: string | null | undefined): string | null {
  const text = normaliseText(note ?? '')
  return isBlank(text) ? null : text
}
