import { visibilityColumns } from '../articles/public.ts'
import { onArticles } from '../articles/slots.ts'
import { isArticleVisible } from '../articles/visible.ts'
import { BANNED } from '../auth/refusal.ts'
import { anonymous, type Viewer } from '../auth/viewer.ts'
import { DomainError, Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import type { Prisma, PrismaClient } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import { orUnavailable } from '../db/retryable.ts'
import type { RateLimit } from '../rate-limits/limit.ts'
import { bodyDigestOf, checkedBody } from './body.ts'
import { checkedDisplayName } from './display-name.ts'
import { TRANSACTION_TIMEOUTS_MS } from './transaction-timeouts.ts'
import type { AuthoredComment } from './visible.ts'

/** How long the same text by the same reader on the same article counts as a repeat. */
const REPEAT_WINDOW_MS = 10 * 60_000

export interface Submission {
  /** Row id of the article. */
  articleId: string
  body: string
  /** Row id of the approved comment that this one replies to. */
  parentId?: string | null
  /** BCP 47 tag of the comment's language. */
  language?: string | null
}

export interface SubmissionDeps {
  prisma: PrismaClient
  viewer: Viewer
  now: () => Date
  /** The database's time in a transaction; `now` by default. */
  timeIn?: Clock['timeIn']
  /** Limits how often readers may submit; unlimited when omitted. */
  submissions?: RateLimit
  /** The name of the outlet, which readers may not use as their own. */
  outlet?: string
}

/** The article does not accept comments. */
export class CommentsClosed extends DomainError<'COMMENTS_CLOSED'> {
  constructor() {
    super('COMMENTS_CLOSED', 'The comments on this article are closed.')
  }
}

/** The reader has just submitted the same text to the same article. */
export class RepeatedComment extends DomainError<'REPEATED_COMMENT'> {
  constructor() {
    super('REPEATED_COMMENT', 'You already submitted this comment. Change the text, or wait ten minutes.')
  }
}

/**
 * Submits a comment. It is PENDING: only its author and moderators can see it.
 * @throws NotSignedIn, Forbidden, NotFound, CommentsClosed, InvalidInput, DisplayNameRefused,
 *   RepeatedComment, RateLimited, TemporarilyUnavailable when the article's row is locked for too long
 */
export async function submitComment(
  submission: Submission,
  { prisma, viewer, now, timeIn = async () => now(), submissions, outlet = '' }: SubmissionDeps,
): Promise<AuthoredComment> {
  if (viewer.subject === null) throw new NotSignedIn()
  // Before any work on the text: refused attempts count too.
  await countSubmission(viewer.subject, submissions)
  const authorName = checkedDisplayName(viewer, outlet)
  const body = checkedBody(submission.body)
  const language = checkedLanguage(submission.language)
  const take = async (tx: Prisma.TransactionClient) => {
    const reader = await upsertReader(
      tx,
      { subject: viewer.subject as string, displayName: authorName },
      now(),
    )
    const moment = await timeIn(tx)
    await checkArticle(tx, submission.articleId, moment)
    await checkParent(tx, submission)
    const bodyDigest = bodyDigestOf(body)
    await checkRepeat(tx, { readerId: reader.id, articleId: submission.articleId, bodyDigest }, moment)
    return tx.comment.create({
      data: {
        articleId: submission.articleId,
        parentId: submission.parentId ?? null,
        readerId: reader.id,
        authorName,
        body,
        bodyDigest,
        language,
        submittedAt: moment,
      },
      include: { author: true },
    })
  }
  return orUnavailable(
    // A comment references its article, so it waits while the article's row is locked.
    () =>
      onArticles(
        [submission.articleId],
        (work, options) => prisma.$transaction(work, options),
        take,
        TRANSACTION_TIMEOUTS_MS,
      ),
    "The comment can't be stored at the moment. Send it again in a few seconds.",
  )
}

/** Counts each attempt, whatever its result: each costs a transaction. */
async function countSubmission(subject: string, submissions: RateLimit | undefined): Promise<void> {
  const wait = submissions && (submissions.retryAfterOf(subject) ?? (await submissions.count(subject)))
  if (wait != null) throw new RateLimited('You are submitting comments too often.', wait)
}

function checkedLanguage(tag: string | null | undefined): string | null {
  if (tag == null) return null
  try {
    return new Intl.Locale(tag).toString()
  } catch {
    throw new InvalidInput('language', 'The language must be a BCP 47 tag such as "en" or "ckb".')
  }
}

/**
 * The reader's row, created with the first comment. The update locks it until the transaction ends, so that
 * concurrent submissions of one reader are serialised and repeats are always detected.
 */
async function upsertReader(
  tx: Prisma.TransactionClient,
  { subject, displayName }: { subject: string; displayName: string },
  moment: Date,
) {
  const reader = await tx.reader.upsert({
    where: { subject },
    create: { subject, displayName, createdAt: moment },
    update: { displayName },
  })
  if (reader.status === 'BANNED') throw new Forbidden(BANNED)
  return reader
}

/** Only articles that the public can see accept comments, from any author. */
async function checkArticle(tx: Prisma.TransactionClient, id: string, moment: Date) {
  const article = await tx.article.findUnique({
    where: { id },
    select: { ...visibilityColumns, commentingOpen: true, commentingClosesAt: true },
  })
  if (!article || !isArticleVisible(article, { viewer: anonymous, now: () => moment }))
    throw new NotFound('article')
  const closed = article.commentingClosesAt !== null && article.commentingClosesAt <= moment
  if (!article.commentingOpen || closed) throw new CommentsClosed()
}

async function checkParent(tx: Prisma.TransactionClient, { parentId, articleId }: Submission) {
  if (parentId == null) return
  const parent = await tx.comment.findUnique({ where: { id: parentId, articleId, status: 'APPROVED' } })
  if (!parent) {
    throw new InvalidInput(
      'parentId',
      'The parent comment is not an approved comment on this article. Use another "parentId".',
    )
  }
}

async function checkRepeat(
  tx: Prisma.TransactionClient,
  same: { readerId: string; articleId: string; bodyDigest: Uint8Array<ArrayBuffer> },
  moment: Date,
) {
  const since = new Date(moment.getTime() - REPEAT_WINDOW_MS)
  const repeat = await tx.comment.findFirst({ where: { ...same, submittedAt: { gt: since } } })
  if (repeat) throw new RepeatedComment()
}
