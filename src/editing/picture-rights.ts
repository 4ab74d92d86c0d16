import { currentDraft } from '../article/current.ts'
import { sameDraft } from '../article/fingerprint.ts'
import { mapImages } from '../article/images.ts'
import { checkPartners, inOrder, lockRights, type PictureRights } from '../article/rights.ts'
import { saving } from '../article/save.ts'
import { lockStored } from '../article/stored.ts'
import { writeVersion } from '../article/version.ts'
import type { Prisma } from '../db/client/client.ts'
import { NotFound } from '../errors.ts'
import { type EditDeps, subjectOf } from './edit.ts'

/** What came of it: how many stories show the picture, and how many of them had other rights to it. */
export interface RightsSet {
  articleCount: number
  changedCount: number
}

/**
 * Says who may have a picture, in every story that shows it; each story that had it otherwise gets a version.
 *
 * @param url the picture's address as stories have it, or as this gateway shows it
 * @throws NotFound when no story shows it, InvalidInput for partners that do not exist
 */
export async function setPictureRights(
  { url, ...given }: PictureRights & { url: string },
  { bus, viewer, now, publicUrl }: EditDeps & { publicUrl: string },
): Promise<RightsSet> {
  const editor = subjectOf(viewer)
  const address = storedAddress(url, publicUrl)
  const rights = { ...given, partners: inOrder(given.partners) }
  return saving(bus, async (tx, announce) => {
    await lockRights(tx)
    await checkPartners(tx, rights.partners)
    const ids = await lockShowing(tx, address)
    if (ids.length === 0) throw new NotFound('picture')
    let changedCount = 0
    for (const id of ids) {
      const stored = await lockStored(tx, { id })
      if (!stored) continue
      const before = await currentDraft(tx, stored)
      const draft = mapImages(before, (image) => (image.url === address ? { ...image, ...rights } : image))
      if (sameDraft(before, draft)) continue
      const written = { stored, before, draft, editor, reason: 'RIGHTS_CHANGED' as const }
      await writeVersion(tx, written, { now: now(), announce })
      changedCount += 1
    }
    return { articleCount: ids.length, changedCount }
  })
}

/** The address of a picture as it is stored: pictures that this gateway serves are stored without its name. */
export function storedAddress(url: string, publicUrl: string): string {
  return url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length) : url
}

/** Locks all stories that show a picture, in the order of keys like everybody who locks several. */
async function lockShowing(tx: Prisma.TransactionClient, url: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a WHERE a."id" IN (
      SELECT l."id" FROM "Article" l JOIN "Image" i ON i."id" = l."leadImageId" WHERE i."url" = ${url}
      UNION
      SELECT b."articleId" FROM "Block" b JOIN "Image" i ON i."id" = b."imageId" WHERE i."url" = ${url}
    ) ORDER BY a."id" FOR NO KEY UPDATE`
  return rows.map(({ id }) => id)
}
