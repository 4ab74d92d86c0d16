import { currentDraft } from '../articles/current.ts'
import {
  checkPartners,
  type ImageRights,
  lockImageRightsExclusive,
  sortedSlugs,
} from '../articles/image-rights.ts'
import { mapImages } from '../articles/images.ts'
import { lockArticle } from '../articles/lock.ts'
import { runArticleTransaction } from '../articles/save.ts'
import { sameDraft } from '../articles/snapshot.ts'
import { writeVersionWithoutChange } from '../articles/version.ts'
import { NotFound } from '../base/errors.ts'
import { type NewChange, recordChanges } from '../changelog/record.ts'
import type { Prisma } from '../db/client/client.ts'
import { type EditDeps, subjectOf } from './edit.ts'

/** What came of it: how many stories show the picture, and how many of them had other rights to it. */
export interface ImageRightsResult {
  articleCount: number
  changedCount: number
}

/**
 * Says who may have a picture, in every story that shows it; each story that had it otherwise gets a version.
 *
 * @param url the picture's address as stories have it, or as this gateway shows it
 * @throws NotFound when no story shows it, InvalidInput for partners that do not exist
 */
export async function setImageRights(
  { url, ...given }: ImageRights & { url: string },
  { bus, viewer, now, publicUrl }: EditDeps & { publicUrl: string },
): Promise<ImageRightsResult> {
  const editor = subjectOf(viewer)
  const addresses = addressesOf(url, publicUrl)
  const rights = { ...given, partners: sortedSlugs(given.partners) }
  return runArticleTransaction(bus, async (tx, publish) => {
    await lockImageRightsExclusive(tx)
    await checkPartners(tx, rights.partners)
    const ids = await lockArticlesShowing(tx, addresses)
    if (ids.length === 0) throw new NotFound('picture')
    const moment = now()
    const changes: NewChange[] = []
    for (const id of ids) {
      const stored = await lockArticle(tx, { id })
      if (!stored) continue
      const before = await currentDraft(tx, stored)
      const draft = mapImages(before, (image) =>
        addresses.includes(image.url) ? { ...image, ...rights } : image,
      )
      if (sameDraft(before, draft)) continue
      const written = { stored, before, draft, editor, reason: 'RIGHTS_CHANGED' as const }
      changes.push(await writeVersionWithoutChange(tx, written, { now: moment, publish }))
    }
    await recordChanges(tx, changes, { at: moment, publish })
    return { articleCount: ids.length, changedCount: changes.length }
  })
}

/** The address of a picture as it is stored: pictures that this gateway serves are stored without its name. */
export function storedImageUrl(url: string, publicUrl: string): string {
  return url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length) : url
}

/** The addresses under which stories may have a picture: importers have those of this gateway as it shows them. */
function addressesOf(url: string, publicUrl: string): string[] {
  const stored = storedImageUrl(url, publicUrl)
  return stored.startsWith('/') ? [stored, publicUrl + stored] : [stored]
}

/** Locks all stories that show a picture, in the order of keys like everybody who locks several. */
async function lockArticlesShowing(tx: Prisma.TransactionClient, urls: string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a WHERE a."id" IN (
      SELECT l."id" FROM "Article" l JOIN "Image" i ON i."id" = l."leadImageId" WHERE i."url" = ANY(${urls})
      UNION
      SELECT b."articleId" FROM "Block" b JOIN "Image" i ON i."id" = b."imageId" WHERE i."url" = ANY(${urls})
    ) ORDER BY a."id" FOR NO KEY UPDATE`
  return rows.map(({ id }) => id)
}
