import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import type { Place } from './cursor.ts'
import { type EntryRange, readRemovals } from './entries.ts'
import { loadSummaries } from './load.ts'
import { momentOf, noticesOf, type PlacedChange } from './removal-status.ts'

type PartnerAudience = Extract<Audience, { kind: 'partner' }>

/** Finds the articles in a range that a partner must remove, and the position after everything scanned. */
export async function findRemovals(
  range: EntryRange & { audience: PartnerAudience },
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<{ removals: PlacedChange[]; end: Place }> {
  const newest = await prisma.articleChange.findUnique({
    where: { position: range.upTo },
    select: { at: true },
  })
  const moment = momentOf(newest ? [newest] : [], now())
  const { articles, end } = await readRemovals(prisma, range, moment)
  const summaries = await loadSummaries(
    prisma,
    articles.map(({ articleId }) => articleId),
  )
  const notices = await noticesOf([...summaries.values()], moment, prisma)
  const removals = articles.flatMap(({ articleId, kind, at, place }): PlacedChange[] => {
    const notice = notices.get(articleId)
    const version = summaries.get(articleId)?.version
    if (!notice || version === undefined) return []
    return [{ place, kind, at, articleId, version, outcome: notice }]
  })
  return { removals, end }
}
