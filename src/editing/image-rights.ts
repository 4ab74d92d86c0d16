import { checkPartners, type ImageRights, sortedSlugs, storedImages } from '../articles/image-rights.ts'
import { runArticleTransaction } from '../articles/save.ts'
import { storeImages } from '../articles/store-images.ts'
import { writeRights } from '../articles/write-version.ts'
import { NotFound } from '../base/errors.ts'
import { recordChanges } from '../changelog/record.ts'
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
    const urls = [...(await storedImages(tx, addresses)).keys()]
    const changed = await storeImages(tx, new Map(urls.map((each) => [each, rights])), {
      changing: urls,
      byEditor: true,
    })
    const deps = { now: moment, publish, changing: urls }
    const changes = await writeRights(tx, changed.changes, { editor }, deps)
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
