import { type ArticleChangeEntry, recordChanges } from '../changelog/record.ts'
import type { Prisma } from '../db/client/client.ts'
import { lockArticlesShowing } from '../db/locks.ts'
import { currentDraft, newestRevision } from './current.ts'
import { withRights } from './image-rights.ts'
import { lockArticle } from './lock.ts'
import type { RightsChange } from './store-images.ts'
import { type Version, type VersionDeps, writeVersionWithoutChange } from './version.ts'

/**
 * Writes the next version of an article: its rows, revision, correction and change entry, and those of other articles
 * that show an image whose rights it changes. Must be last in the transaction.
 * @throws ImageRightsNotLocked if it changes the rights of images that are not locked
 */
export async function writeVersion(
  tx: Prisma.TransactionClient,
  written: Version,
  deps: VersionDeps,
): Promise<{ id: string; version: number }> {
  const { now: at, publish } = deps
  const { change, rights } = await writeVersionWithoutChange(tx, written, deps)
  const { editor } = written
  const others = await writeRights(tx, rights, { editor, except: change.articleId }, deps)
  await recordChanges(tx, [change, ...others], { at, publish })
  return { id: change.articleId, version: change.version }
}

/**
 * Writes a version of each article that shows an image whose rights have changed, without the change entries. Then
 * call `recordChanges`, last, because it locks the change sequence.
 * @param editor the editor; null for an import
 * @param except the id of an article that is already written
 */
export async function writeRights(
  tx: Prisma.TransactionClient,
  rights: readonly RightsChange[],
  { editor, except }: { editor: string | null; except?: string },
  deps: VersionDeps,
): Promise<ArticleChangeEntry[]> {
  if (rights.length === 0) return []
  const previous = new Map(rights.map(({ url, before }) => [url, before]))
  const changes: ArticleChangeEntry[] = []
  for (const id of await lockArticlesShowing(tx, [...previous.keys()])) {
    const stored = id === except ? null : await lockArticle(tx, { id })
    if (!stored) continue
    const draft = await currentDraft(tx, stored)
    const before = withRights(draft, previous)
    // An import leaves the revision as it was, so that the same page, imported again, still counts as unchanged.
    const kept = editor === null ? await newestRevision(tx, stored) : draft
    const version = { stored, before, draft, kept, editor, reason: 'RIGHTS_CHANGED' as const }
    changes.push((await writeVersionWithoutChange(tx, version, deps)).change)
  }
  return changes
}
