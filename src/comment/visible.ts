import { type Asking, seesArticle, type visibilityColumns, visibleArticles } from '../article/visible.ts'
import { hasRole } from '../auth/viewer.ts'
import type { Article, Prisma } from '../db/client/client.ts'

/** A comment with its author: how comments are handed about. */
export type AuthoredComment = Prisma.CommentGetPayload<{ include: typeof withAuthor }>

/** What to read with a comment, always. */
export const withAuthor = { author: true } as const satisfies Prisma.CommentInclude

/** The comments that readers are shown under a story, whoever asks. */
export const shown = { status: 'APPROVED' } as const satisfies Prisma.CommentWhereInput

/**
 * The comments that a viewer may see: moderators all of them, everybody else the approved ones on
 * stories that they may see, and their own.
 */
export function visibleComments(asking: Asking): Prisma.CommentWhereInput {
  const { viewer } = asking
  if (hasRole(viewer, 'moderator')) return {}
  const approved = { ...shown, article: visibleArticles(asking) }
  return viewer.subject === null ? approved : { OR: [approved, { author: { subject: viewer.subject } }] }
}

/** The same rule for a comment that is already here, with the columns of its story that the rule needs. */
export function seesComment(
  comment: AuthoredComment & { article: Pick<Article, keyof typeof visibilityColumns> },
  asking: Asking,
): boolean {
  const { viewer } = asking
  if (hasRole(viewer, 'moderator')) return true
  const mine = viewer.subject !== null && comment.author.subject === viewer.subject
  return mine || (comment.status === 'APPROVED' && seesArticle(comment.article, asking))
}
