import { checkDraft } from '../articles/check-draft.ts'
import type { ArticleDraft } from '../articles/draft.ts'
import { lockImageRights, withImageRights } from '../articles/image-rights.ts'
import { lockArticle, type StoredArticle } from '../articles/lock.ts'
import { assertSlugIsFree, runArticleTransaction } from '../articles/save.ts'
import { draftOf, sameDraft } from '../articles/snapshot.ts'
import { writeVersion } from '../articles/write-version.ts'
import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import { type EditDeps, type EditResult, subjectOf } from './edit.ts'

/** A new article; `publishedAt` defaults to now. */
export type NewArticle = Omit<ArticleDraft, 'publishedAt'> & { publishedAt?: Date }

/**
 * Publishes a new article. The repetition of a publication by the same editor changes nothing, so that a
 * request can be repeated safely.
 *
 * @param url the canonical URL
 * @throws InvalidInput for invalid input, or if the URL or slug is taken
 */
export async function publishArticle(
  url: string,
  article: (tx: Prisma.TransactionClient) => Promise<NewArticle>,
  { bus, viewer, now }: EditDeps,
): Promise<EditResult> {
  const editor = subjectOf(viewer)
  return runArticleTransaction(bus, url, async (tx, publish, changing) => {
    await lockImageRights(tx, changing)
    const moment = now()
    const submitted = await article(tx)
    const draft = await withImageRights(tx, withDefaults(submitted, moment), 'edited')
    const stored = await lockArticle(tx, draft, changing)
    if (stored) return existingPublication(tx, stored, submitted, editor)
    await assertSlugIsFree(tx, draft)
    const deps = { now: moment, publish, changing }
    const saved = await writeVersion(tx, { stored, draft, kept: draft, editor }, deps)
    return { ...saved, changed: true }
  })
}

function withDefaults(article: NewArticle, publishedAt: Date): ArticleDraft {
  const { status = 'USABLE', embargoedUntil = null, commenting = { open: true, closesAt: null } } = article
  return checkDraft({ publishedAt, ...article, status, embargoedUntil, commenting })
}

/** The stored article, if the same editor existingPublication the same draft before. */
async function existingPublication(
  tx: Prisma.TransactionClient,
  { id, version }: StoredArticle,
  article: NewArticle,
  editor: string,
): Promise<EditResult> {
  const first = await tx.revision.findUnique({
    where: { articleId_version: { articleId: id, version: 1 }, editor },
    select: { snapshot: true },
  })
  const then = first && draftOf(first.snapshot)
  const again = then && (await withImageRights(tx, withDefaults(article, then.publishedAt), 'edited'))
  if (then && again && sameDraft(then, again)) return { id, version, changed: false }
  throw new InvalidInput(
    'url',
    `An article with the URL ${article.canonicalUrl} already exists. Update it instead.`,
  )
}
