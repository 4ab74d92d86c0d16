import { InvalidInput } from '../base/errors.ts'
import { type CommentStatus, Prisma } from '../db/client/client.ts'
import { containing, escapeLike } from '../text/words.ts'

/** What moderators filter comments by. All given conditions must match. */
export interface ModerationConditions {
  status: CommentStatus
  articleId?: string | undefined
  readerId?: string | undefined
  /** The language that the reader declared, in canonical form. */
  language?: string | undefined
  /** Each must be in the body, as a word or a part of one. */
  words?: string[] | undefined
  /** Inclusive. */
  submittedFrom?: Date | undefined
  /** Exclusive. */
  submittedBefore?: Date | undefined
  isReply?: boolean | undefined
}

/**
 * Refuses a search for words in all comments that were ever decided: no index finds them. The pending ones are few.
 * @throws InvalidInput
 */
export function checkConditions({ status, words, articleId, readerId }: ModerationConditions): void {
  if (words && status !== 'PENDING' && articleId === undefined && readerId === undefined)
    throw new InvalidInput(
      'text',
      'Give "articleId" or "readerId" too: only pending comments can be found by "text" alone.',
    )
}

/** The conditions as a Prisma filter. */
export function moderatedWhere(conditions: ModerationConditions): Prisma.CommentWhereInput {
  const { status, articleId, readerId, language, words = [], isReply } = conditions
  const { submittedFrom, submittedBefore } = conditions
  return {
    status,
    articleId,
    readerId,
    language,
    // Only approved comments have a position. With this, the index Comment_articleId_queue_idx is used.
    position: status === 'APPROVED' ? undefined : null,
    parentId: isReply === undefined ? undefined : isReply ? { not: null } : null,
    submittedAt: { gte: submittedFrom, lt: submittedBefore },
    AND: words.map((word) => ({ body: { contains: escapeLike(word), mode: 'insensitive' } })),
  }
}

/** The same for pending comments in SQL, with "Comment" as `c`: the partial indexes need the status as a literal. */
export function pendingSql(conditions: Omit<ModerationConditions, 'status'>): Prisma.Sql {
  const { articleId, readerId, language, words = [], isReply } = conditions
  const { submittedFrom, submittedBefore } = conditions
  const parts = [
    Prisma.sql`c."status" = 'PENDING'`,
    articleId !== undefined && Prisma.sql`c."articleId" = ${articleId}::uuid AND c."position" IS NULL`,
    readerId !== undefined && Prisma.sql`c."readerId" = ${readerId}::uuid`,
    language !== undefined && Prisma.sql`c."language" = ${language}`,
    isReply !== undefined && Prisma.raw(`c."parentId" IS ${isReply ? 'NOT ' : ''}NULL`),
    submittedFrom !== undefined && Prisma.sql`c."submittedAt" >= ${submittedFrom}`,
    submittedBefore !== undefined && Prisma.sql`c."submittedAt" < ${submittedBefore}`,
    ...words.map((word) => Prisma.sql`c."body" ILIKE ${containing(word)}`),
  ].filter((part) => part !== false)
  return Prisma.join(parts, ' AND ')
}
