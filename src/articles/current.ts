import type { PrismaClient } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import { withImageRights } from './image-rights.ts'
import type { StoredArticle } from './lock.ts'
import { draftOf } from './snapshot.ts'

/**
 * The whole draft of a story as it stands: that of its newest revision, with what an importer leaves as it is
 * (status, embargo, comments, rights of pictures) said outright.
 */
export async function currentDraft(
  db: Pick<PrismaClient, 'revision' | 'image' | '$queryRaw'>,
  stored: StoredArticle,
): Promise<ArticleDraft> {
  const { id: articleId, version } = stored
  const { snapshot } = await db.revision.findUniqueOrThrow({
    where: { articleId_version: { articleId, version } },
    select: { snapshot: true },
  })
  const draft: ArticleDraft = {
    ...draftOf(snapshot),
    status: stored.status,
    publishedAt: stored.publishedAt,
    updatedAt: stored.updatedAt,
    embargoedUntil: stored.embargoedUntil,
    commenting: { open: stored.commentingOpen, closesAt: stored.commentingClosesAt },
  }
  return withImageRights(db, draft, { articleId, preferStored: true })
}
