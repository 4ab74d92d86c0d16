import type { Publish } from '../bus/bus.ts'
import { commentFeedHint } from '../changelog/comment-feed-hint.ts'
import { type ArticleChangeEntry, recordChanges } from '../changelog/record.ts'
import type { ChangeKind, CorrectionKind, Prisma } from '../db/client/client.ts'
import type { NameIndex } from '../names/link.ts'
import { type ArticleState, kindOfChange, type Reason } from './change-kind.ts'
import { columnsOf } from './columns.ts'
import type { ArticleDraft } from './draft.ts'
import { checkPartners, imagesOfArticle, writeImageRights } from './image-rights.ts'
import { images } from './images.ts'
import type { StoredArticle } from './lock.ts'
import { findMentions } from './mentions.ts'
import { dueAt, visibilityColumns } from './public.ts'
import { resolveEntities } from './resolve.ts'
import { loadNameIndex } from './save-entity.ts'
import { revisionOf, sameContent } from './snapshot.ts'
import { writeBody, writeImage, writeMentions, writeSearch } from './write.ts'

/** A version to write. */
export interface Version {
  /** The locked article; null for a new one. */
  stored: StoredArticle | null
  /** The previous draft, if known. Equal content is then not rewritten. */
  before?: ArticleDraft
  /** The new draft, validated, with image rights. */
  draft: ArticleDraft
  /** The draft to store in the revision, if it differs. */
  kept?: ArticleDraft
  /** The subject of the editor; null for importers. */
  editor: string | null
  /** The reason, if the state of the article does not show it. */
  reason?: Reason
  /** The correction notice for readers. */
  correction?: { kind: CorrectionKind; text: string }
}

export interface VersionDeps {
  now: Date
  publish: Publish
  /** The name index to find mentions; all stored names by default. */
  names?: NameIndex
}

/**
 * Writes the next version of an article: its rows, revision, correction and change entry. Must be last in the
 * transaction.
 */
export async function writeVersion(
  tx: Prisma.TransactionClient,
  written: Version,
  deps: VersionDeps,
): Promise<{ id: string; version: number }> {
  const { now: at, publish } = deps
  const change = await writeVersionWithoutChange(tx, written, deps)
  await recordChanges(tx, [change], { at, publish })
  return { id: change.articleId, version: change.version }
}

/**
 * Writes a version without its change entry, for several articles in one transaction. Then call `recordChanges`
 * with all changes, last, because it locks the change sequence.
 */
export async function writeVersionWithoutChange(
  tx: Prisma.TransactionClient,
  written: Version,
  deps: VersionDeps,
): Promise<ArticleChangeEntry> {
  const { stored, before, draft, kept = draft, editor, reason, correction } = written
  const { now, publish } = deps
  const version = (stored?.version ?? 0) + 1
  const standing =
    stored && before && sameContent(before, draft)
      ? await writeStatus(tx, stored, { before, draft, version })
      : await writeContent(tx, stored, { draft, version }, deps)
  const { id } = standing
  const due = dueAt(standing, now)
  await tx.article.update({ where: { id }, data: { dueAt: due }, select: { id: true } })
  await tx.revision.create({ data: { articleId: id, version, at: now, editor, ...revisionOf(kept) } })
  if (correction) await tx.correction.create({ data: { articleId: id, version, at: now, ...correction } })
  const kind = kindOfChange(stored, { ...standing, dueAt: due }, reason)
  if (stored && WITHDRAWING_KINDS.has(kind)) {
    await publish(commentFeedHint({ articleId: id, position: stored.feedPosition, visibilityChanged: true }))
  }
  return { articleId: id, kind, version }
}

/** Kinds of change that end the comment subscriptions of the article. */
const WITHDRAWING_KINDS = new Set<ChangeKind>(['WITHHELD', 'CANCELED', 'EMBARGOED'])

type Written = ArticleState & { id: string }

/** Writes only visibility and comment settings; the content is unchanged. */
async function writeStatus(
  tx: Prisma.TransactionClient,
  { id }: StoredArticle,
  { before, draft, version }: { before: ArticleDraft; draft: ArticleDraft; version: number },
): Promise<Written> {
  await writeImageRights(tx, id, { before, draft })
  const { status, embargoedUntil, commentingOpen, commentingClosesAt, updatedAt } = columnsOf(draft)
  const data = { status, embargoedUntil, commentingOpen, commentingClosesAt, updatedAt, version }
  return tx.article.update({ where: { id }, data, select: statusColumns })
}

async function writeContent(
  tx: Prisma.TransactionClient,
  stored: StoredArticle | null,
  { draft, version }: { draft: ArticleDraft; version: number },
  { now, names }: VersionDeps,
): Promise<Written> {
  const ids = await resolveEntities(tx, draft)
  await checkPartners(
    tx,
    images(draft).flatMap(({ partners = [] }) => partners),
  )
  const naming = findMentions(draft, names ?? (await loadNameIndex(tx)), ids)
  if (stored) await clear(tx, stored.id)
  const leadImageId = draft.leadImage ? await writeImage(tx, draft.leadImage) : null
  const data = { ...columnsOf(draft), version, leadImageId, topicId: await topicId(tx, draft) }
  // If a changed draft has no modification date, use the current time.
  if (stored && !draft.updatedAt) data.updatedAt = now
  const written = stored
    ? await tx.article.update({ where: { id: stored.id }, data, select: statusColumns })
    : await tx.article.create({ data, select: statusColumns })
  const { id } = written
  const blockIds = await writeBody(tx, id, draft, ids)
  await writeMentions(tx, id, naming, blockIds)
  await writeSearch(tx, id, draft)
  return written
}

const statusColumns = { id: true, dueAt: true, ...visibilityColumns } as const

/** Deletes the rows that a new version replaces. Comments, feed and revisions stay. */
async function clear(tx: Prisma.TransactionClient, articleId: string): Promise<void> {
  const shown = await tx.image.findMany({ where: imagesOfArticle(articleId), select: { id: true } })
  await tx.block.deleteMany({ where: { articleId } })
  await tx.articleEntity.deleteMany({ where: { articleId } })
  await tx.article.update({ where: { id: articleId }, data: { leadImageId: null }, select: { id: true } })
  await tx.image.deleteMany({
    where: { id: { in: shown.map(({ id }) => id) }, leadOf: { none: {} }, blocks: { none: {} } },
  })
}

async function topicId(tx: Prisma.TransactionClient, { topic }: ArticleDraft): Promise<string | null> {
  if (!topic) return null
  const { id } = await tx.topic.upsert({ where: { slug: topic.slug }, create: topic, update: {} })
  return id
}
