import { type Asking, seesArticle, visibilityColumns, visibleArticles } from '../articles/visible.ts'
import { hasRole } from '../auth/viewer.ts'
import type { Prisma } from '../db/client/client.ts'

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

/** What `canShowParent` needs beside a comment. */
export const withArticle = { article: { select: visibilityColumns } } as const satisfies Prisma.CommentInclude

/**
 * Whether a comment may be shown as answered by another one. An author's own unapproved comment may not: what
 * stands in a list depends on the viewer's role only, so that a list can be shared.
 */
export function canShowParent(
  { status, article }: Prisma.CommentGetPayload<{ include: typeof withArticle }>,
  asking: Asking,
): boolean {
  return hasRole(asking.viewer, 'moderator') || (status === shown.status && seesArticle(article, asking))
}
