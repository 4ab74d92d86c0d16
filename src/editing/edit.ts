import type { Reason } from '../articles/change-kind.ts'
import { checkDraft } from '../articles/check-draft.ts'
import { currentDraft } from '../articles/current.ts'
import type { ArticleDraft } from '../articles/draft.ts'
import { lockImageRights, withImageRights } from '../articles/image-rights.ts'
import { lockArticle, type StoredArticle } from '../articles/lock.ts'
import { runArticleTransaction } from '../articles/save.ts'
import { sameContent, sameDraft } from '../articles/snapshot.ts'
import { isArticleVisible } from '../articles/visible.ts'
import { writeVersion } from '../articles/write-version.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, NotFound, NotSignedIn } from '../base/errors.ts'
import type { Publisher } from '../bus/bus.ts'
import type { CorrectionKind, Prisma } from '../db/client/client.ts'

export interface Edit {
  /** The row id of the article. */
  id: string
  /** The version that the editor read. */
  version: number
  /** Returns the changed draft. May throw to refuse the edit. */
  change: (draft: ArticleDraft, tx: Prisma.TransactionClient) => ArticleDraft | Promise<ArticleDraft>
  /** The reason, if the state of the article does not show it. */
  reason?: Reason
  /** The correction notice for readers. */
  correction?: { kind: CorrectionKind; text: string }
  /** The notice to partners about the withdrawal; null deletes it. */
  notice?: WithdrawalNotice | null
}

/** Texts by the newsroom; null for none. */
export interface WithdrawalNotice {
  /** The reason, for the public. */
  publicReason: string | null
  /** Instructions for partners. */
  advisory: string | null
}

export interface EditDeps {
  bus: Publisher
  viewer: Viewer
  now: () => Date
}

/** The article after an edit, and whether the edit changed it. */
export interface EditResult {
  id: string
  version: number
  changed: boolean
}

/** The article was changed after the editor read it. */
export class EditConflict extends DomainError<'CONFLICT'> {
  readonly version: number

  constructor(seen: number, version: number) {
    super(
      'CONFLICT',
      `You edited version ${seen}, but the article is now at version ${version}. Read it again and repeat your edit.`,
    )
    this.version = version
  }
}

/**
 * Edits an article: reads its draft under the row lock, applies `change`, and stores the result as the next
 * version, in one transaction. An edit without effect writes nothing. Neither does the repetition of an edit by
 * the same editor, so that a request can be repeated safely.
 *
 * @throws NotFound, EditConflict, InvalidInput, NotSignedIn, and the errors of `change`; then nothing is
 *   written
 */
export async function editArticle(edit: Edit, { bus, viewer, now }: EditDeps): Promise<EditResult> {
  const editor = subjectOf(viewer)
  return runArticleTransaction(bus, edit.id, async (tx, publish, changing) => {
    await lockImageRights(tx, changing)
    const stored = await lockArticle(tx, { id: edit.id }, changing)
    if (!stored || !isArticleVisible(stored, { viewer, now })) throw new NotFound('article')
    const conflict = new EditConflict(edit.version, stored.version)
    if (!(await isUpToDate(tx, stored, edit, editor))) throw conflict

    const before = await currentDraft(tx, stored)
    const submitted = checkDraft(await edit.change(before, tx))
    const draft = await withImageRights(tx, submitted, 'edited')
    const correction = (await isRecorded(tx, stored.id, edit.correction)) ? undefined : edit.correction
    if (edit.version === stored.version) await writeNotice(tx, stored.id, edit.notice, now())
    if (!correction && sameDraft(before, draft)) {
      return { id: stored.id, version: stored.version, changed: false }
    }
    if (edit.version !== stored.version) throw conflict
    const moment = now()
    // `updatedAt` changes only with the content, not with the visibility.
    const reads = correction || !sameContent(before, draft) ? { ...draft, updatedAt: moment } : draft
    const { reason } = edit
    const written = { stored, before, draft: reads, editor, reason, correction }
    const { id, version } = await writeVersion(tx, written, { now: moment, publish, changing })
    return { id, version, changed: true }
  })
}

/** The subject that is stored with the editor's versions. */
export function subjectOf({ subject }: Viewer): string {
  if (subject === null) throw new NotSignedIn()
  return subject
}

/** Whether the editor read the current version, or wrote all versions after the one read. */
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
