import { InvalidInput } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import { notifyPublisher } from '../bus/notify.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import type { NameIndex } from '../names/link.ts'
import { checkDraft } from './check-draft.ts'
import type { ArticleDraft } from './draft.ts'
import { ImageRightsNotLocked, lockImageRights, withImageRights } from './image-rights.ts'
import { lockArticle, type StoredArticle } from './lock.ts'
import { onArticles } from './slots.ts'
import { draftOf, revisionOf, sameDraft } from './snapshot.ts'
import { writeVersion } from './write-version.ts'

export interface SavedArticle {
  id: string
  /** `older`: the submitted draft is older than the stored one and was not stored. */
  outcome: 'created' | 'updated' | 'unchanged' | 'older'
  /** The current version. */
  version: number
}

export interface SaveDeps {
  now: Date
  /** The name index to find mentions; all stored names by default. */
  names?: NameIndex
  /** Publishes changes to the gateways; NOTIFY of the database by default. */
  bus?: Publisher
}

/**
 * Stores an imported article and its change for partners in one transaction. An article with the same canonical
 * URL gets a new version, unless the draft equals the last imported one. Decisions of editors on visibility are
 * kept.
 * @throws InvalidInput for an invalid draft, an unknown person or organisation, or the slug of another article
 */
export async function saveArticle(
  db: PrismaClient,
  submitted: ArticleDraft,
  deps: SaveDeps,
): Promise<SavedArticle> {
  const draft = checkDraft(submitted)
  const { bus = notifyPublisher(db) } = deps
  return runArticleTransaction(bus, null, (tx, publish, changing) =>
    saveChecked(tx, draft, { ...deps, publish, changing }),
  )
}

/**
 * Runs a transaction that may create an article, with longer timeouts. It is repeated if it changes the rights to
 * images, because that requires other locks from the beginning.
 * @param key what is locked: the row id or URL of the article; null for imports, which are not concurrent
 * @param work receives the URLs of the images whose rights it may change, and must lock them
 */
export async function runArticleTransaction<T>(
  bus: Publisher,
  key: string | null,
  work: (tx: Prisma.TransactionClient, publish: Publish, changing: readonly string[]) => Promise<T>,
): Promise<T> {
  let changing: readonly string[] = []
  const workOn = (tx: Prisma.TransactionClient, publish: Publish) => work(tx, publish, changing)
  const save = () =>
    key === null
      ? bus.transaction(workOn, TRANSACTION_TIMEOUTS)
      : onArticles([key], bus.transaction, workOn, TRANSACTION_TIMEOUTS)
  for (let isRepeated = false; ; ) {
    try {
      return await save()
    } catch (error) {
      if (error instanceof ImageRightsNotLocked) {
        changing = [...changing, ...error.urls]
        continue
      }
      // Another transaction created the same article after our read. The retry finds it.
      const isCreated = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
      if (!isCreated || isRepeated) throw error
      isRepeated = true
    }
  }
}

/** In ms. */
const TRANSACTION_TIMEOUTS = { maxWait: 30_000, timeout: 60_000 }

async function saveChecked(
  tx: Prisma.TransactionClient,
  kept: ArticleDraft,
  deps: SaveDeps & { publish: Publish; changing: readonly string[] },
): Promise<SavedArticle> {
  await lockImageRights(tx, deps.changing)
  const stored = await lockArticle(tx, kept, deps.changing)
  const last = stored && (await lastImported(tx, stored.id))
  if (stored && last && isSameImport(kept, last)) {
    return { id: stored.id, version: stored.version, outcome: 'unchanged' }
  }
  if (stored && last && isOlder(kept, draftOf(last.snapshot))) {
    return { id: stored.id, version: stored.version, outcome: 'older' }
  }
  await assertSlugIsFree(tx, kept)
  const edited = stored !== null && (await isEdited(tx, stored.id))
  const decided = stored ? withEditorialDecisions(kept, stored, edited) : kept
  const draft = await withImageRights(tx, decided, 'imported')
  const saved = await writeVersion(tx, { stored, draft, kept, editor: null, edited }, deps)
  return { ...saved, outcome: stored ? 'updated' : 'created' }
}

/** Whether an imported draft equals a revision. The fingerprint of a revision of version 0.2.0 can differ. */
function isSameImport(draft: ArticleDraft, { fingerprint, snapshot }: ImportedRevision): boolean {
  return fingerprint === revisionOf(draft).fingerprint || sameDraft(draft, draftOf(snapshot))
}

type ImportedRevision = NonNullable<Awaited<ReturnType<typeof lastImported>>>

/** Whether a draft has an earlier modification date than another. */
function isOlder(draft: ArticleDraft, other: ArticleDraft): boolean {
  return draft.updatedAt !== undefined && other.updatedAt !== undefined && draft.updatedAt < other.updatedAt
}

/** The last imported revision. */
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
 * Applies editors' decisions to an imported draft. A canceled article stays canceled. For an article that an
 * editor has edited, an import can only reduce its visibility.
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

/** @throws InvalidInput if another article has the slug */
export async function assertSlugIsFree(
  tx: Prisma.TransactionClient,
  { slug, canonicalUrl }: ArticleDraft,
): Promise<void> {
  const holder = await tx.article.findUnique({ where: { slug }, select: { canonicalUrl: true } })
  if (holder && holder.canonicalUrl !== canonicalUrl) {
    throw new InvalidInput(
      'slug',
      `The article ${holder.canonicalUrl} already has the slug "${slug}". Choose another slug.`,
    )
  }
}
