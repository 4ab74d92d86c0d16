import { type PublicState, visibilityColumns } from '../articles/public.ts'
import { isArticleVisible, type VisibilityContext, visibleArticles } from '../articles/visible.ts'
import { hasRole } from '../auth/viewer.ts'
import type { CommentStatus, Prisma } from '../db/client/client.ts'

/** A comment with its author. */
export type AuthoredComment = Prisma.CommentGetPayload<{ include: typeof withAuthor }>

/** What is always loaded with a comment. */
export const withAuthor = { author: true } as const satisfies Prisma.CommentInclude

/** The comments of an article that are shown to everybody. */
export const shown = { status: 'APPROVED' } as const satisfies Prisma.CommentWhereInput

/** The comments of an article that are shown to everybody and are not replies, as the index of them needs it. */
export const shownFirst = {
  ...shown,
  parentId: null,
  position: { not: null },
} as const satisfies Prisma.CommentWhereInput

/**
 * The comments that a viewer may see: moderators all of them; others the approved ones on articles that they
 * may see, and their own.
 */
export function visibleComments(asking: VisibilityContext): Prisma.CommentWhereInput {
  const { viewer } = asking
  if (hasRole(viewer, 'moderator')) return {}
  const approved = { ...shown, article: visibleArticles(asking) }
  return viewer.subject === null ? approved : { OR: [approved, { author: { subject: viewer.subject } }] }
}

/** The relations that `canShowParent` and `canShowReplies` need. */
export const withArticle = { article: { select: visibilityColumns } } as const satisfies Prisma.CommentInclude

/**
 * Whether a comment may be shown as the parent of a reply. An author's own unapproved comment may not: the
 * contents of a list depend on the viewer's role only, so that lists can be shared.
 */
export function canShowParent(
  { status, article }: { status: CommentStatus; article: PublicState },
  asking: VisibilityContext,
): boolean {
  return hasRole(asking.viewer, 'moderator') || (status === shown.status && isArticleVisible(article, asking))
}

/** Whether the approved comments beside a comment may be shown, given the article of the comment. */
export function canShowReplies(article: PublicState, asking: VisibilityContext): boolean {
  return hasRole(asking.viewer, 'moderator') || isArticleVisible(article, asking)
}
