import type { PrismaClient } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import { withImageRights } from './image-rights.ts'
import type { StoredArticle } from './lock.ts'
import { draftOf } from './snapshot.ts'

/**
 * The complete current draft of an article: the newest revision, with all fields set that an importer may omit
 * (status, embargo, comments, image rights).
 */
export async function currentDraft(
  db: Pick<PrismaClient, 'revision' | '$queryRaw'>,
  stored: StoredArticle,
): Promise<ArticleDraft> {
  const draft: ArticleDraft = {
    ...(await newestRevision(db, stored)),
    status: stored.status,
    publishedAt: stored.publishedAt,
    updatedAt: stored.updatedAt,
    embargoedUntil: stored.embargoedUntil,
    commenting: { open: stored.commentingOpen, closesAt: stored.commentingClosesAt },
  }
  return withImageRights(db, draft, 'stored')
}

/** The draft of the newest revision, as it was submitted. */
export async function newestRevision(
  db: Pick<PrismaClient, 'revision'>,
  { id: articleId, version }: Pick<StoredArticle, 'id' | 'version'>,
): Promise<ArticleDraft> {
  const { snapshot } = await db.revision.findUniqueOrThrow({
    where: { articleId_version: { articleId, version } },
    select: { snapshot: true },
  })
  return draftOf(snapshot)
}
