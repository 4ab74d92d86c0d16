import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import type { ArticleCache } from './article-cache.ts'
import type { Place } from './cursor.ts'
import { type EntryArticle, readEntries } from './entries.ts'
import { everDelivered } from './holdings.ts'
import type { FullArticle } from './licensed-article.ts'
import { loadArticles, loadSummaries } from './load.ts'
import type { PageStart, StampedSummary } from './page-start.ts'
import { type ArticleSummary, mayHave, project } from './project.ts'
import { momentOf, noticesOf, type PlacedChange } from './removal-status.ts'

/** The number of articles that are read in one query. */
export const BATCH_SIZE = 200

interface BatchRange {
  audience: Audience
  after: Place
  upTo: number
  /** The maximum number of changes. */
  most: number
}

/** Entries, and what was read of their articles. */
interface Entries {
  audience: Audience
  after: Place
  articles: EntryArticle[]
  /** The position after all entries. */
  end: Place
  summaries: ReadonlyMap<string, ArticleSummary>
  /** The maximum number of changes. */
  most: number
}

interface BatchDeps {
  prisma: PrismaClient
  now: () => Date
  publicUrl: string
  articles?: ArticleCache
}

export interface Batch {
  placed: PlacedChange[]
  end: Place
}

/** Reads one batch of changes, and the position of the next batch. */
export async function readBatch(
  { audience, after, upTo, most }: BatchRange,
  deps: BatchDeps,
): Promise<Batch> {
  const { prisma } = deps
  const { articles, end } = await readEntries(prisma, { audience, after, upTo, take: BATCH_SIZE })
  // Articles are read after the entries, so none is older than its entry.
  const summaries = await loadSummaries(
    prisma,
    articles.map(({ articleId }) => articleId),
  )
  return batchOf({ audience, after, articles, end, summaries, most }, deps)
}

/**
 * The batch of changes of a page that was started; null if one of the entries changes a licence. Such an entry
 * concerns many articles.
 */
export async function startedBatch(
  { audience, head, entries, summaries }: PageStart,
  { after, take, most }: { after: Place; take: number; most: number },
  deps: BatchDeps,
): Promise<Batch | null> {
  const articles: EntryArticle[] = []
  for (const { articleId, ...entry } of entries) {
    if (articleId === null) return null
    articles.push({ ...entry, articleId, place: { position: entry.position, within: null } })
  }
  const end =
    articles.length < take ? { position: head, within: null } : (articles.at(-1) as EntryArticle).place
  return batchOf({ audience, after, articles, end, summaries, most }, deps)
}

async function batchOf(
  { audience, after, articles: entries, end, summaries, most }: Entries,
  { prisma, now, publicUrl, articles: cache }: BatchDeps,
): Promise<Batch> {
  const moment = momentOf(entries, now())
  const isOpen = ({ articleId }: EntryArticle) => {
    const summary = summaries.get(articleId)
    return summary !== undefined && mayHave(summary, audience, moment)
  }
  const given = await heldOf(entries, audience, isOpen, prisma)
  const reportable = entries.filter((entry) => given.has(entry.articleId) || isOpen(entry))
  const taken = reportable.slice(0, most)
  const articles = await articlesOf(
    taken.filter(isOpen).flatMap(({ articleId }) => summaries.get(articleId) ?? []),
    { prisma, publicUrl, cache },
  )
  const notices = await noticesOf(
    taken.flatMap(({ articleId }) => articles.get(articleId) ?? summaries.get(articleId) ?? []),
    moment,
    prisma,
  )
  const placed = taken.flatMap(({ articleId, kind, at, place }): PlacedChange[] => {
    const article = articles.get(articleId)
    const version = article && project(article, audience, moment, cache)
    const base = { place, kind, at, articleId }
    if (version) return [{ ...base, version: version.version, outcome: { article: version } }]
    const summary = article ?? summaries.get(articleId)
    const notice = notices.get(articleId)
    if (!summary || !notice || !given.has(articleId)) return []
    return [{ ...base, version: summary.version, outcome: notice }]
  })
  return { placed, end: taken.length < reportable.length ? (taken.at(-1)?.place ?? after) : end }
}

/**
 * The articles, out of those of the entries, that a partner ever received. It matters only for articles that the
 * audience may not have.
 */
async function heldOf(
  entries: readonly EntryArticle[],
  audience: Audience,
  isOpen: (entry: EntryArticle) => boolean,
  prisma: PrismaClient,
): Promise<Set<string>> {
  const closed = entries.filter((entry) => !isOpen(entry)).map(({ articleId }) => articleId)
  return audience.kind === 'partner' ? everDelivered(prisma, audience.id, closed) : new Set()
}

/** The full articles by row id, from the cache where their stamp is known. */
async function articlesOf(
  summaries: readonly (ArticleSummary | StampedSummary)[],
  { prisma, publicUrl, cache }: Pick<BatchDeps, 'prisma' | 'publicUrl'> & { cache: ArticleCache | undefined },
): Promise<Map<string, FullArticle>> {
  const articles = new Map<string, FullArticle>()
  const stamps = new Map<string, string>()
  const missing: string[] = []
  for (const summary of summaries) {
    const { id } = summary
    // Images of this gateway have URLs that begin with its own.
    const stamp = 'stamp' in summary ? `${publicUrl} ${summary.stamp}` : null
    const known = stamp === null ? undefined : cache?.find(id, stamp)
    if (known) articles.set(id, known)
    else missing.push(id)
    if (stamp !== null) stamps.set(id, stamp)
  }
  for (const [id, article] of await loadArticles(prisma, missing, publicUrl)) {
    articles.set(id, article)
    const stamp = stamps.get(id)
    if (stamp !== undefined) cache?.keep(stamp, article)
  }
  return articles
}
