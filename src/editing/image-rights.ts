import { currentDraft } from '../articles/current.ts'
import { checkPartners, type ImageRights, sortedSlugs } from '../articles/image-rights.ts'
import { mapImages } from '../articles/images.ts'
import { lockArticle } from '../articles/lock.ts'
import { runArticleTransaction } from '../articles/save.ts'
import { sameDraft } from '../articles/snapshot.ts'
import { writeVersionWithoutChange } from '../articles/version.ts'
import { NotFound } from '../base/errors.ts'
import { type NewChange, recordChanges } from '../changelog/record.ts'
import { lockArticlesShowing, lockImageRightsExclusive } from '../db/locks.ts'
import { type EditDeps, subjectOf } from './edit.ts'

/** The number of articles that show the image, and of those whose rights changed. */
export interface ImageRightsResult {
  articleCount: number
  changedCount: number
}

/**
 * Sets the rights to an image in every article that shows it. Each changed article gets a new version.
 *
 * @param url the URL as stored, or as this gateway shows it
 * @throws NotFound if no article shows the image; InvalidInput for unknown partners
 */
export async function setImageRights(
  { url, ...given }: ImageRights & { url: string },
  { bus, viewer, now, publicUrl }: EditDeps & { publicUrl: string },
): Promise<ImageRightsResult> {
  const editor = subjectOf(viewer)
  const addresses = addressesOf(url, publicUrl)
  const rights = { ...given, partners: sortedSlugs(given.partners) }
  return runArticleTransaction(bus, 'image rights', async (tx, publish) => {
    await lockImageRightsExclusive(tx)
    await checkPartners(tx, rights.partners)
    const ids = await lockArticlesShowing(tx, addresses)
    if (ids.length === 0) throw new NotFound('image')
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

/** The stored form of an image URL: images of this gateway are stored without its public URL. */
export function storedImageUrl(url: string, publicUrl: string): string {
  return url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length) : url
}

/** The URLs by which articles may refer to an image of this gateway: importers store the public URL. */
function addressesOf(url: string, publicUrl: string): string[] {
  const stored = storedImageUrl(url, publicUrl)
  return stored.startsWith('/') ? [stored, publicUrl + stored] : [stored]
}
