import { type Article, type CommentStatus, Prisma, type Reader } from '../db/client/client.ts'
import { articleKeyShare, threadKeyShare } from '../db/locks.ts'
import { uuid7 } from '../db/uuid7.ts'

type ArticleState = Pick<
  Article,
  'status' | 'publishedAt' | 'embargoedUntil' | 'commentingOpen' | 'commentingClosesAt'
>

/** What decides whether a comment is accepted. */
export interface SubmissionTarget {
  reader: Reader
  /** Null if there is no such article. */
  article: ArticleState | null
  /** The status of the parent comment; null if it is not on the article. */
  parentStatus: CommentStatus | null
  /** The database's time, after the rows were locked. */
  at: Date
}

interface Row extends Reader, Omit<ArticleState, 'status'> {
  articleStatus: ArticleState['status'] | null
  parentStatus: CommentStatus | null
  at: Date
}

/** A reference to the row of the reader, so that the other rows are locked after it. */
const READER_IS_LOCKED = Prisma.sql`reader."id" IS NOT NULL`

/**
 * Writes the reader's row, which is created with the first comment, and reads the article and the parent comment, in one
 * statement. The row of the reader is locked until the transaction ends, so that concurrent submissions of one reader are
 * serialised and repeats are always detected. Then (which the references to "reader" ensure) the article, and the
 * parent with the first comment of its thread in the order of their ids, are locked as foreign keys lock them: what is read
 * is their last version, even if the statement has waited.
 */
export async function lockForSubmission(
  tx: Prisma.TransactionClient,
  { subject, displayName, createdAt }: Pick<Reader, 'subject' | 'displayName' | 'createdAt'>,
  { articleId, parentId }: { articleId: string; parentId: string | null },
): Promise<SubmissionTarget> {
  const [row] = await tx.$queryRaw<[Row]>`
    WITH reader AS (
      INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt")
      VALUES (${uuid7()}::uuid, ${subject}, ${displayName}, ${createdAt})
      ON CONFLICT ("subject") DO UPDATE SET "displayName" = EXCLUDED."displayName"
      RETURNING "id", "subject", "displayName", "standing"::text AS "status", "createdAt"
    )
    SELECT reader.*, a."status"::text AS "articleStatus", a."publishedAt", a."embargoedUntil", a."commentingOpen",
      a."commentingClosesAt", p."status" AS "parentStatus", clock_timestamp() AS at
    FROM reader
    LEFT JOIN LATERAL (
      ${articleKeyShare(articleId, READER_IS_LOCKED)}
    ) a ON TRUE
    LEFT JOIN LATERAL (
      -- An aggregate: PostgreSQL would move a condition into the subquery, and then lock only the parent.
      SELECT max("status"::text) FILTER (WHERE "id" = ${parentId}::uuid) AS "status" FROM (
        ${threadKeyShare({ articleId, parentId }, READER_IS_LOCKED)}
      ) locked
    ) p ON TRUE`
  const { id, status, articleStatus, parentStatus, at } = row
  return {
    reader: { id, subject, displayName, status, createdAt: row.createdAt },
    article: articleStatus === null ? null : { ...row, status: articleStatus },
    parentStatus,
    at,
  }
}
