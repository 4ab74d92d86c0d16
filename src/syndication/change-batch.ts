import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import type { Place } from './cursor.ts'
import { type EntryArticle, readEntries } from './entries.ts'
import { everDelivered } from './holdings.ts'
import { loadArticles, loadSummaries } from './load.ts'
import { mayHave, project } from './project.ts'
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

interface BatchDeps {
  prisma: PrismaClient
  now: () => Date
  publicUrl: string
}

/** Reads one batch of changes, and the position of the next batch. */
export async function readBatch(
  { audience, after, upTo, most }: BatchRange,
  { prisma, now, publicUrl }: BatchDeps,
): Promise<{ placed: PlacedChange[]; end: Place }> {
  const { articles: entries, end } = await readEntries(prisma, { audience, after, upTo, take: BATCH_SIZE })
  // Articles are read after the entries, so none is older than its entry.
  const summaries = await loadSummaries(
    prisma,
    entries.map(({ articleId }) => articleId),
  )
  const moment = momentOf(entries, now())
  const given =
    audience.kind === 'partner'
      ? await everDelivered(prisma, audience.id, summaries.keys().toArray())
      : new Set()
  const isOpen = ({ articleId }: EntryArticle) => {
    const summary = summaries.get(articleId)
    return summary !== undefined && mayHave(summary, audience, moment)
  }
  const reportable = entries.filter((entry) => given.has(entry.articleId) || isOpen(entry))
  const taken = reportable.slice(0, most)
  const articles = await loadArticles(
    prisma,
    taken.filter(isOpen).map(({ articleId }) => articleId),
    publicUrl,
  )
  const notices = await noticesOf(
    taken.flatMap(({ articleId }) => articles.get(articleId) ?? summaries.get(articleId) ?? []),
    moment,
    prisma,
  )
  const placed = taken.flatMap(({ articleId, kind, at, place }): PlacedChange[] => {
    const article = articles.get(articleId)
    const version = article && project(article, audience, moment)
    const base = { place, kind, at, articleId }
    if (version) return [{ ...base, version: version.version, outcome: { article: version } }]
    const summary = article ?? summaries.get(articleId)
    const notice = notices.get(articleId)
    if (!summary || !notice || !given.has(articleId)) return []
    return [{ ...base, version: summary.version, outcome: notice }]
  })
  return { placed, end: taken.length < reportable.length ? (taken.at(-1)?.place ?? after) : end }
}
