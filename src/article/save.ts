import type { Announce, Announcer } from '../bus/bus.ts'
import { notifyAnnouncer } from '../bus/notify.ts'
import { dueAt, kindOfChange, type Reason, type Standing } from '../change/kind.ts'
import { recordChanges } from '../change/record.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import type { NameIndex } from '../entity/link.ts'
import { loadNameIndex } from '../entity/save.ts'
import { InvalidInput } from '../errors.ts'
import { checkDraft } from './check-draft.ts'
import type { ArticleDraft } from './draft.ts'
import { revisionOf } from './fingerprint.ts'
import { nameAll } from './naming.ts'
import { resolveNamed } from './resolve.ts'
import { searchConfiguration, searchText } from './search-text.ts'
import { writeBody, writeImage, writeNaming } from './write.ts'

export interface SavedArticle {
  id: string
  outcome: 'created' | 'updated' | 'unchanged'
  /** The version the story has now. */
  version: number
}

export interface SaveDeps {
  now: Date
  /** By which the names in the text are linked; every stored name when left out. */
  names?: NameIndex
  /** Tells the gateways; the database's own NOTIFY when left out. */
  bus?: Announcer
}

/**
 * Stores a story, in one transaction with the change that tells partners of it. A draft with the canonical
 * address of a stored story is that story again: the same draft changes nothing, another one becomes its next
 * version. Throws InvalidInput when the draft breaks a rule, names somebody who is not stored, or takes the
 * slug of another story.
 */
export async function saveArticle(
  db: PrismaClient,
  handedIn: ArticleDraft,
  deps: SaveDeps,
): Promise<SavedArticle> {
  const draft = checkDraft(handedIn)
  const { bus = notifyAnnouncer(db) } = deps
  const save = () =>
    bus.transaction((tx, announce) => saveChecked(tx, draft, { ...deps, announce }), {
      maxWait: 30_000,
      timeout: 60_000,
    })
  try {
    return await save()
  } catch (error) {
    // Somebody else created the same story between our look and our insert: now it is there to be updated.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return save()
    throw error
  }
}

async function saveChecked(
  tx: Prisma.TransactionClient,
  draft: ArticleDraft,
  deps: SaveDeps & { announce: Announce; reason?: Reason },
): Promise<SavedArticle> {
  const { snapshot, fingerprint } = revisionOf(draft)
  const stored = await lockStored(tx, draft.canonicalUrl)
  if (stored) {
    const current = await tx.revision.findUnique({
      where: { articleId_version: { articleId: stored.id, version: stored.version } },
      select: { fingerprint: true },
    })
    if (current?.fingerprint === fingerprint)
      return { id: stored.id, version: stored.version, outcome: 'unchanged' }
  }
  await refuseTakenSlug(tx, draft)

  const version = (stored?.version ?? 0) + 1
  const ids = await resolveNamed(tx, draft)
  const naming = nameAll(draft, deps.names ?? (await loadNameIndex(tx)), ids)
  if (stored) await clear(tx, stored.id)
  const leadImageId = draft.leadImage ? await writeImage(tx, draft.leadImage) : null
  const data = { ...columns(draft), version, leadImageId, topicId: await topicId(tx, draft) }
  // A changed story that does not say when it changed changed now.
  if (stored && !draft.updatedAt) data.updatedAt = deps.now
  const { id, ...standing } = stored
    ? await tx.article.update({ where: { id: stored.id }, data, select: standingColumns })
    : await tx.article.create({ data, select: standingColumns })
  const due = dueAt(standing, deps.now)
  await tx.article.update({ where: { id }, data: { dueAt: due }, select: { id: true } })
  const blockIds = await writeBody(tx, id, draft, ids)
  await writeNaming(tx, id, naming, blockIds)
  await writeSearch(tx, id, draft)
  await tx.revision.create({ data: { articleId: id, version, at: deps.now, snapshot, fingerprint } })
  const kind = kindOfChange(stored ?? null, { ...standing, dueAt: due }, deps.reason)
  await recordChanges(tx, [{ articleId: id, kind, version }], { at: deps.now, announce: deps.announce })
  return { id, outcome: stored ? 'updated' : 'created', version }
}

async function lockStored(tx: Prisma.TransactionClient, canonicalUrl: string) {
  const rows = await tx.$queryRaw<({ id: string; version: number } & Standing)[]>`
    SELECT "id", "version", "status"::text, "publishedAt", "embargoedUntil", "dueAt"
    FROM "Article" WHERE "canonicalUrl" = ${canonicalUrl} FOR UPDATE`
  return rows[0]
}

const standingColumns = {
  id: true,
  status: true,
  publishedAt: true,
  embargoedUntil: true,
  dueAt: true,
} as const

async function refuseTakenSlug(
  tx: Prisma.TransactionClient,
  { slug, canonicalUrl }: ArticleDraft,
): Promise<void> {
  const holder = await tx.article.findUnique({ where: { slug }, select: { canonicalUrl: true } })
  if (holder && holder.canonicalUrl !== canonicalUrl) {
    throw new InvalidInput('slug', `Another story, ${holder.canonicalUrl}, has the slug "${slug}".`)
  }
}

/** Removes all that a new version replaces; comments, feed and revisions stay. */
async function clear(tx: Prisma.TransactionClient, articleId: string): Promise<void> {
  const images = await tx.image.findMany({
    where: { OR: [{ leadOf: { some: { id: articleId } } }, { blocks: { some: { articleId } } }] },
    select: { id: true },
  })
  await tx.block.deleteMany({ where: { articleId } })
  await tx.articlePerson.deleteMany({ where: { articleId } })
  await tx.articleOrganisation.deleteMany({ where: { articleId } })
  await tx.article.update({ where: { id: articleId }, data: { leadImageId: null }, select: { id: true } })
  await tx.image.deleteMany({
    where: { id: { in: images.map(({ id }) => id) }, leadOf: { none: {} }, blocks: { none: {} } },
  })
}

/** What a draft does not say of rights and comments stays as it is: a page read again lifts no embargo. */
function columns(draft: ArticleDraft) {
  return {
    slug: draft.slug,
    canonicalUrl: draft.canonicalUrl,
    language: draft.language,
    status: draft.status,
    kicker: draft.kicker ?? null,
    headline: draft.headline,
    standfirst: draft.standfirst ?? null,
    datelineText: draft.dateline?.text ?? null,
    datelinePlace: draft.dateline?.place ?? null,
    datelineRegion: draft.dateline?.region ?? null,
    byline: draft.byline ?? null,
    publishedAt: draft.publishedAt,
    updatedAt: draft.updatedAt ?? draft.publishedAt,
    embargoedUntil: draft.embargoedUntil,
    commentingOpen: draft.commenting?.open,
    commentingClosesAt: draft.commenting?.closesAt,
  }
}

async function topicId(tx: Prisma.TransactionClient, { topic }: ArticleDraft): Promise<string | null> {
  if (!topic) return null
  const { id } = await tx.topic.upsert({ where: { slug: topic.slug }, create: topic, update: {} })
  return id
}

async function writeSearch(tx: Prisma.TransactionClient, id: string, draft: ArticleDraft): Promise<void> {
  const { a, b, c } = searchText(draft)
  const vector = (configuration: string) => Prisma.sql`
    setweight(to_tsvector(${configuration}::regconfig, ${a}), 'A') ||
    setweight(to_tsvector(${configuration}::regconfig, ${b}), 'B') ||
    setweight(to_tsvector(${configuration}::regconfig, ${c}), 'C')`
  const own = searchConfiguration(draft.language)
  const search = own ? Prisma.sql`${vector('simple')} || ${vector(own)}` : vector('simple')
  await tx.$executeRaw`UPDATE "Article" SET "search" = ${search} WHERE "id" = ${id}::uuid`
}
