import { onArticles } from '../articles/slots.ts'
import { isArticleVisible } from '../articles/visible.ts'
import { BANNED } from '../auth/refusal.ts'
import { anonymous, type Viewer } from '../auth/viewer.ts'
import { DomainError, Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import type { CommentStatus, Prisma, PrismaClient, Reader } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import { orUnavailable } from '../db/retryable.ts'
import { uuid7 } from '../db/uuid7.ts'
import type { RateLimit } from '../rate-limits/limit.ts'
import { bodyDigestOf, checkedBody } from './body.ts'
import { checkedDisplayName } from './display-name.ts'
import { lockForSubmission, type SubmissionTarget } from './submission-target.ts'
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
  const { articleId, parentId = null } = submission
  const author = { subject: viewer.subject, displayName: authorName, createdAt: now() }
  const take = async (tx: Prisma.TransactionClient) => {
    const { reader, article, parentStatus, at } = await lockForSubmission(tx, author, { articleId, parentId })
    if (reader.status === 'BANNED') throw new Forbidden(BANNED)
    const moment = await timeIn(tx, at)
    checkArticle(article, moment)
    if (parentId !== null) checkParent(parentStatus)
    return insertComment(tx, reader, { articleId, parentId, authorName, body, language, submittedAt: moment })
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

/** Only articles that the public can see accept comments, from any author. */
function checkArticle(article: SubmissionTarget['article'], moment: Date): void {
  if (!article || !isArticleVisible(article, { viewer: anonymous, now: () => moment }))
    throw new NotFound('article')
  const closed = article.commentingClosesAt !== null && article.commentingClosesAt <= moment
  if (!article.commentingOpen || closed) throw new CommentsClosed()
}

function checkParent(status: CommentStatus | null): void {
  if (status !== 'APPROVED') {
    throw new InvalidInput(
      'parentId',
      'The parent comment is not an approved comment on this article. Use another "parentId".',
    )
  }
}

/** Inserts a comment unless it repeats one. Call it in a statement after the reader's row was locked. */
async function insertComment(
  tx: Prisma.TransactionClient,
  reader: Reader,
  given: NewComment,
): Promise<AuthoredComment> {
  const comment = { ...given, id: uuid7(), bodyDigest: bodyDigestOf(given.body), readerId: reader.id }
  const { id, articleId, parentId, readerId, authorName, body, bodyDigest, language, submittedAt } = comment
  const since = new Date(submittedAt.getTime() - REPEAT_WINDOW_MS)
  const [stored] = await tx.$queryRaw<{ threadId: string }[]>`
    INSERT INTO "Comment"
      ("id", "articleId", "parentId", "readerId", "authorName", "body", "bodyDigest", "language", "submittedAt")
    SELECT ${id}::uuid, ${articleId}::uuid, ${parentId}::uuid, ${readerId}::uuid, ${authorName}, ${body}, ${bodyDigest},
      ${language}, ${submittedAt}
    WHERE NOT EXISTS (
      SELECT FROM "Comment" WHERE "readerId" = ${readerId}::uuid AND "articleId" = ${articleId}::uuid
        AND "bodyDigest" = ${bodyDigest} AND "submittedAt" > ${since}
    )
    RETURNING "threadId"`
  if (!stored) throw new RepeatedComment()
  return { ...comment, ...stored, status: 'PENDING', approvedAt: null, position: null, author: reader }
}

type NewComment = Pick<
  AuthoredComment,
  'articleId' | 'parentId' | 'authorName' | 'body' | 'language' | 'submittedAt'
>
