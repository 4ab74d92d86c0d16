import type { Image, Prisma } from '../db/client/client.ts'
import { lockImageRows } from '../db/locks.ts'
import { uuid7 } from '../db/uuid7.ts'
import { areSameRights, type ImageRights, ImageRightsNotLocked, storedImages } from './image-rights.ts'

/** The rights to an image before and after a change. */
export interface RightsChange {
  url: string
  before: ImageRights
  after: ImageRights
}

interface StoredImages {
  /** The row ids, by URL. */
  ids: Map<string, string>
  changes: RightsChange[]
}

/**
 * Stores images by URL with their rights: new ones are inserted, the rights of others change.
 *
 * @param rights the rights, by URL
 * @param changing the URLs that the transaction has locked to change their rights
 * @param byEditor whether an editor set the rights; imports then do not change them
 * @throws ImageRightsNotLocked if the rights of another image would change
 */
export async function storeImages(
  tx: Prisma.TransactionClient,
  rights: ReadonlyMap<string, ImageRights>,
  { changing, byEditor }: { changing: readonly string[]; byEditor: boolean },
): Promise<StoredImages> {
  const stored = await insertMissing(tx, rights, byEditor)
  const changes = [...rights].flatMap(([url, after]): RightsChange[] => {
    const before = stored.get(url)!
    return areSameRights(before, after) ? [] : [{ url, before, after }]
  })
  const unlocked = changes.filter(({ url }) => !changing.includes(url))
  if (unlocked.length > 0) throw new ImageRightsNotLocked(unlocked.map(({ url }) => url))
  for (const { url, after } of changes) {
    await tx.image.update({ where: { id: stored.get(url)!.id }, data: after, select: { id: true } })
  }
  if (byEditor) await markAsSetByEditor(tx, [...stored.values()])
  return { ids: new Map([...stored.values()].map(({ url, id }) => [url, id])), changes }
}

async function insertMissing(
  tx: Prisma.TransactionClient,
  rights: ReadonlyMap<string, ImageRights>,
  byEditor: boolean,
): Promise<Map<string, Image>> {
  const stored = await storedImages(tx, [...rights.keys()])
  // In the order of URLs, so that transactions that insert the same ones wait for each other in one direction.
  const missing = [...rights.keys()].filter((url) => !stored.has(url)).sort()
  if (missing.length === 0) return stored
  await tx.image.createMany({
    data: missing.map((url) => ({ id: uuid7(), url, ...rights.get(url)!, rightsSetByEditor: byEditor })),
    skipDuplicates: true,
  })
  // Another transaction may have inserted some of them with other rights.
  return new Map([...stored, ...(await storedImages(tx, missing))])
}

async function markAsSetByEditor(tx: Prisma.TransactionClient, images: readonly Image[]): Promise<void> {
  const ids = images.filter(({ rightsSetByEditor }) => !rightsSetByEditor).map(({ id }) => id)
  if (ids.length === 0) return
  await lockImageRows(tx, ids)
  await tx.image.updateMany({ where: { id: { in: ids } }, data: { rightsSetByEditor: true } })
}
