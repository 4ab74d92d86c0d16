import type { Publish } from '../bus/bus.ts'
import { commentFeedHint } from '../changelog/comment-feed-hint.ts'
import type { ArticleChangeEntry } from '../changelog/record.ts'
import type { ChangeKind, CorrectionKind, Prisma } from '../db/client/client.ts'
import type { NameIndex } from '../names/link.ts'
import { type ArticleState, kindOfChange, type Reason } from './change-kind.ts'
import { columnsOf } from './columns.ts'
import type { ArticleDraft } from './draft.ts'
import { checkPartners, rightsByUrl } from './image-rights.ts'
import { images } from './images.ts'
import type { StoredArticle } from './lock.ts'
import { findMentions } from './mentions.ts'
import { dueAt, visibilityColumns } from './public.ts'
import { resolveEntities } from './resolve.ts'
import { loadNameIndex } from './save-entity.ts'
import { revisionOf, sameContent } from './snapshot.ts'
import { type RightsChange, storeImages } from './store-images.ts'
import { writeBody, writeImageUses, writeMentions, writeSearch } from './write.ts'

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
  /** Whether an editor wrote an earlier version, so that imports must not change the rights of its images. */
  edited?: boolean
  /** The reason, if the state of the article does not show it. */
  reason?: Reason
  /** The correction notice for readers. */
  correction?: { kind: CorrectionKind; text: string }
}

export interface VersionDeps {
  now: Date
  publish: Publish
  /** The URLs of images whose rights may change; the articles that show them are locked. */
  changing: readonly string[]
  /** The name index to find mentions; all stored names by default. */
  names?: NameIndex
}

/**
 * Writes the next version of an article without its change entry. Returns the entry, and the rights that changed.
 * @throws ImageRightsNotLocked if it changes the rights of images that are not locked
 */
export async function writeVersionWithoutChange(
  tx: Prisma.TransactionClient,
  written: Version,
  deps: VersionDeps,
): Promise<{ change: ArticleChangeEntry; rights: RightsChange[] }> {
  const { stored, before, draft, kept = draft, editor, edited = false, reason, correction } = written
  const { now, publish, changing } = deps
  const version = (stored?.version ?? 0) + 1
  const known = before ? partnersIn(before) : []
  await checkPartners(
    tx,
    partnersIn(draft).filter((slug) => !known.includes(slug)),
  )
  const { ids, changes: rights } = await storeImages(tx, rightsByUrl(draft), {
    changing,
    byEditor: edited || editor !== null,
  })
  const { leadImageId, ...standing } =
    stored && before && sameContent(before, draft)
      ? await writeStatus(tx, stored, { draft, version })
      : await writeContent(tx, stored, { draft, version, imageIds: ids }, deps)
  const { id } = standing
  const due = dueAt(standing, now)
  await tx.article.update({ where: { id }, data: { dueAt: due, leadImageId }, select: { id: true } })
  await tx.revision.create({ data: { articleId: id, version, at: now, editor, ...revisionOf(kept) } })
  if (correction) await tx.correction.create({ data: { articleId: id, version, at: now, ...correction } })
  const kind = kindOfChange(stored, { ...standing, dueAt: due }, reason)
  if (stored && WITHDRAWING_KINDS.has(kind)) {
    await publish(commentFeedHint({ articleId: id, position: stored.feedPosition, visibilityChanged: true }))
  }
  return { change: { articleId: id, kind, version }, rights }
}

function partnersIn(draft: ArticleDraft): string[] {
  return images(draft).flatMap(({ partners = [] }) => partners)
}

/** Kinds of change that end the comment subscriptions of the article. */
const WITHDRAWING_KINDS = new Set<ChangeKind>(['WITHHELD', 'CANCELED', 'EMBARGOED'])

/** The article, with its new lead image if that changed. */
type Written = ArticleState & { id: string; leadImageId?: string | null }

/** Writes only visibility and comment settings; the content is unchanged. */
async function writeStatus(
  tx: Prisma.TransactionClient,
  { id }: StoredArticle,
  { draft, version }: { draft: ArticleDraft; version: number },
): Promise<Written> {
  const { status, embargoedUntil, commentingOpen, commentingClosesAt, updatedAt } = columnsOf(draft)
  const data = { status, embargoedUntil, commentingOpen, commentingClosesAt, updatedAt, version }
  return tx.article.update({ where: { id }, data, select: statusColumns })
}

async function writeContent(
  tx: Prisma.TransactionClient,
  stored: StoredArticle | null,
  { draft, version, imageIds }: { draft: ArticleDraft; version: number; imageIds: Map<string, string> },
  { now, names }: VersionDeps,
): Promise<Written> {
  const entities = await resolveEntities(tx, draft)
  const naming = findMentions(draft, names ?? (await loadNameIndex(tx)), entities)
  if (stored) await clear(tx, stored.id)
  const data = { ...columnsOf(draft), version, topicId: await topicId(tx, draft) }
  // If a changed draft has no modification date, use the current time.
  if (stored && !draft.updatedAt) data.updatedAt = now
  const written = stored
    ? await tx.article.update({ where: { id: stored.id }, data, select: statusColumns })
    : await tx.article.create({ data, select: statusColumns })
  const { id } = written
  const uses = await writeImageUses(tx, id, draft, imageIds)
  const blockIds = await writeBody(tx, id, draft, { entities, images: uses })
  await writeMentions(tx, id, naming, blockIds)
  await writeSearch(tx, id, draft)
  return { ...written, leadImageId: uses.lead }
}

const statusColumns = { id: true, dueAt: true, ...visibilityColumns } as const

/** Deletes the rows that a new version replaces. Comments, feed and revisions stay. */
async function clear(tx: Prisma.TransactionClient, articleId: string): Promise<void> {
  await tx.block.deleteMany({ where: { articleId } })
  await tx.articleEntity.deleteMany({ where: { articleId } })
  await tx.article.update({ where: { id: articleId }, data: { leadImageId: null }, select: { id: true } })
  await tx.imageUse.deleteMany({ where: { articleId } })
}

async function topicId(tx: Prisma.TransactionClient, { topic }: ArticleDraft): Promise<string | null> {
  if (!topic) return null
  const { id } = await tx.topic.upsert({ where: { slug: topic.slug }, create: topic, update: {} })
  return id
}
