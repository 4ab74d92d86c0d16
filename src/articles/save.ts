import { InvalidInput } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import { notifyPublisher } from '../bus/notify.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import type { NameIndex } from '../names/link.ts'
import { checkDraft } from './check-draft.ts'
import type { ArticleDraft } from './draft.ts'
import { lockImageRightsShared, withImageRights } from './image-rights.ts'
import { lockArticle, type StoredArticle } from './lock.ts'
import { draftOf, revisionOf } from './snapshot.ts'
import { writeVersion } from './version.ts'

export interface SavedArticle {
  id: string
  /** `older`: what was handed in is older than what was stored before it, and was not stored. */
  outcome: 'created' | 'updated' | 'unchanged' | 'older'
  /** The version the story has now. */
  version: number
}

export interface SaveDeps {
  now: Date
  /** By which the names in the text are linked; every stored name when left out. */
  names?: NameIndex
  /** Tells the gateways; the database's own NOTIFY when left out. */
  bus?: Publisher
}

/**
 * Stores a story that an importer read, in one transaction with the change that tells partners of it. A draft
 * with the canonical address of a stored story is that story again: the draft that an importer last handed in
 * changes nothing, whatever editors did since; another one becomes the story's next version, but does not undo
 * what editors decided on who may see it. Throws InvalidInput when the draft breaks a rule, names somebody who
 * is not stored, or takes the slug of another story.
 */
export async function saveArticle(
  db: PrismaClient,
  submitted: ArticleDraft,
  deps: SaveDeps,
): Promise<SavedArticle> {
  const draft = checkDraft(submitted)
  const { bus = notifyPublisher(db) } = deps
  return runArticleTransaction(bus, (tx, publish) => saveChecked(tx, draft, { ...deps, publish }))
}

/** Runs a transaction that may create a story, with the patience that saving needs. */
export async function runArticleTransaction<T>(
  bus: Publisher,
  work: (tx: Prisma.TransactionClient, publish: Publish) => Promise<T>,
): Promise<T> {
  const save = () => bus.transaction(work, { maxWait: 30_000, timeout: 60_000 })
  try {
    return await save()
  } catch (error) {
    // Somebody else created the same story between our look and our insert: now it is there to be found.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return save()
    throw error
  }
}

async function saveChecked(
  tx: Prisma.TransactionClient,
  kept: ArticleDraft,
  deps: SaveDeps & { publish: Publish },
): Promise<SavedArticle> {
  await lockImageRightsShared(tx)
  const stored = await lockArticle(tx, kept)
  const last = stored && (await lastImported(tx, stored.id))
  if (stored && last?.fingerprint === revisionOf(kept).fingerprint) {
    return { id: stored.id, version: stored.version, outcome: 'unchanged' }
  }
  if (stored && last && isOlder(kept, draftOf(last.snapshot))) {
    return { id: stored.id, version: stored.version, outcome: 'older' }
  }
  await assertSlugIsFree(tx, kept)
  const preferStored = stored !== null && (await isEdited(tx, stored.id))
  const draft = await withImageRights(
    tx,
    stored ? withEditorialDecisions(kept, stored, preferStored) : kept,
    {
      articleId: stored?.id,
      preferStored,
    },
  )
  const saved = await writeVersion(tx, { stored, draft, kept, editor: null }, deps)
  return { ...saved, outcome: stored ? 'updated' : 'created' }
}

/** Whether a draft says that it was changed before another was. */
function isOlder(draft: ArticleDraft, other: ArticleDraft): boolean {
  return draft.updatedAt !== undefined && other.updatedAt !== undefined && draft.updatedAt < other.updatedAt
}

/** The draft that an importer last handed in. */
async function lastImported(tx: Prisma.TransactionClient, articleId: string) {
  return tx.revision.findFirst({
    where: { articleId, editor: null },
    orderBy: { version: 'desc' },
    select: { fingerprint: true, snapshot: true },
  })
}

async function isEdited(tx: Prisma.TransactionClient, articleId: string): Promise<boolean> {
  const revision = await tx.revision.findFirst({
    where: { articleId, editor: { not: null } },
    select: { version: true },
  })
  return revision !== null
}

/**
 * What of an importer's draft is withEditorialDecisions. A killed story stays killed. Of a story that an editor had in hand an
 * importer can say no more than that fewer may see it.
 */
function withEditorialDecisions(draft: ArticleDraft, stored: StoredArticle, edited: boolean): ArticleDraft {
  if (!edited) return stored.status === 'CANCELED' ? { ...draft, status: stored.status } : draft
  const until = [draft.embargoedUntil, stored.embargoedUntil].filter((moment) => moment != null)
  const [later = null] = until.sort((a, b) => b.getTime() - a.getTime())
  return {
    ...draft,
    status: stricter(draft.status ?? 'USABLE', stored.status),
    embargoedUntil: later,
    commenting: undefined,
  }
}

const STATUSES_BY_SEVERITY = ['USABLE', 'WITHHELD', 'CANCELED'] as const

function stricter(a: StoredArticle['status'], b: StoredArticle['status']): StoredArticle['status'] {
  return STATUSES_BY_SEVERITY.indexOf(a) > STATUSES_BY_SEVERITY.indexOf(b) ? a : b
}

/** @throws InvalidInput when another story has the draft's slug */
export async function assertSlugIsFree(
  tx: Prisma.TransactionClient,
  { slug, canonicalUrl }: ArticleDraft,
): Promise<void> {
  const holder = await tx.article.findUnique({ where: { slug }, select: { canonicalUrl: true } })
  if (holder && holder.canonicalUrl !== canonicalUrl) {
    throw new InvalidInput('slug', `Another story, ${holder.canonicalUrl}, has the slug "${slug}".`)
  }
}
