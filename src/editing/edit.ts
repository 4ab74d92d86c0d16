import { checkDraft } from '../articles/check-draft.ts'
import { currentDraft } from '../articles/current.ts'
import type { ArticleDraft } from '../articles/draft.ts'
import { lockImageRightsShared, withImageRights } from '../articles/image-rights.ts'
import { lockArticle, type StoredArticle } from '../articles/lock.ts'
import { runArticleTransaction } from '../articles/save.ts'
import { sameContent, sameDraft } from '../articles/snapshot.ts'
import { writeVersion } from '../articles/version.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, NotFound, NotSignedIn } from '../base/errors.ts'
import type { Publisher } from '../bus/bus.ts'
import type { Reason } from '../changelog/kind.ts'
import type { CorrectionKind, Prisma } from '../db/client/client.ts'

export interface Edit {
  /** Key of the story. */
  id: string
  /** The version that the editor saw. */
  version: number
  /** What becomes of the story. It may refuse by throwing. */
  change: (draft: ArticleDraft, tx: Prisma.TransactionClient) => ArticleDraft | Promise<ArticleDraft>
  /** What the change is called, where the story's state does not say it. */
  reason?: Reason
  /** What readers are told. */
  correction?: { kind: CorrectionKind; text: string }
  /** What partners are told of a story that they must remove; null takes back what was said. */
  notice?: WithdrawalNotice | null
}

/** Each in words of the newsroom; null for none. */
export interface WithdrawalNotice {
  /** Why, for the public. */
  publicReason: string | null
  /** What partners are to do. */
  advisory: string | null
}

export interface EditDeps {
  bus: Publisher
  viewer: Viewer
  now: () => Date
}

/** A story behind an edit: its version, and whether the edit wrote it. */
export interface EditResult {
  id: string
  version: number
  changed: boolean
}

/** The story has moved on since the editor read it. */
export class EditConflict extends DomainError {
  readonly version: number

  constructor(seen: number, version: number) {
    super('CONFLICT', `You saw version ${seen} of this story; it is at version ${version}. Read it again.`)
    this.version = version
  }
}

/**
 * Changes a story: reads its draft under the row's lock, lets `change` alter it, and stores the outcome as the
 * next version, in one transaction. An edit after which the story is as it was writes nothing, and so does
 * one that the same editor made before, so that it may be sent again when the answer was lost.
 *
 * @throws NotFound, EditConflict, InvalidInput, NotSignedIn, and what `change` throws; then nothing is written
 */
export async function editArticle(edit: Edit, { bus, viewer, now }: EditDeps): Promise<EditResult> {
  const editor = subjectOf(viewer)
  return runArticleTransaction(bus, async (tx, publish) => {
    await lockImageRightsShared(tx)
    const stored = await lockArticle(tx, { id: edit.id })
    if (!stored) throw new NotFound('article')
    const conflict = new EditConflict(edit.version, stored.version)
    if (!(await isUpToDate(tx, stored, edit, editor))) throw conflict

    const before = await currentDraft(tx, stored)
    const submitted = checkDraft(await edit.change(before, tx))
    const draft = await withImageRights(tx, submitted, { articleId: stored.id })
    const correction = (await isRecorded(tx, stored.id, edit.correction)) ? undefined : edit.correction
    if (edit.version === stored.version) await writeNotice(tx, stored.id, edit.notice, now())
    if (!correction && sameDraft(before, draft)) {
      return { id: stored.id, version: stored.version, changed: false }
    }
    if (edit.version !== stored.version) throw conflict
    const moment = now()
    // Readers are told that a story changed when it reads otherwise, and not when it was held back meanwhile.
    const reads = correction || !sameContent(before, draft) ? { ...draft, updatedAt: moment } : draft
    const { reason } = edit
    const written = { stored, before, draft: reads, editor, reason, correction }
    const { id, version } = await writeVersion(tx, written, { now: moment, publish })
    return { id, version, changed: true }
  })
}

/** The subject under which an editor's versions are kept. */
export function subjectOf({ subject }: Viewer): string {
  if (subject === null) throw new NotSignedIn()
  return subject
}

/** Whether the editor knows how the story stands, from having seen it or from having made all versions since. */
async function isUpToDate(
  tx: Prisma.TransactionClient,
  { id, version }: StoredArticle,
  { version: seen }: Edit,
  editor: string,
): Promise<boolean> {
  if (seen === version) return true
  if (seen > version) return false
  const others = await tx.revision.count({
    where: { articleId: id, version: { gt: seen }, OR: [{ editor: null }, { editor: { not: editor } }] },
  })
  return others === 0
}

async function writeNotice(
  tx: Prisma.TransactionClient,
  articleId: string,
  notice: Edit['notice'],
  at: Date,
): Promise<void> {
  if (notice === undefined) return
  if (notice === null) return void (await tx.withdrawal.deleteMany({ where: { articleId } }))
  const said = { reason: notice.publicReason, advisory: notice.advisory, at }
  await tx.withdrawal.upsert({ where: { articleId }, create: { articleId, ...said }, update: said })
}

async function isRecorded(
  tx: Prisma.TransactionClient,
  articleId: string,
  correction: Edit['correction'],
): Promise<boolean> {
  if (!correction) return true
  return (await tx.correction.count({ where: { articleId, ...correction } })) > 0
}
