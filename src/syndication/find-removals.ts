import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import type { Place } from './cursor.ts'
import { type EntryRange, readRemovals } from './entries.ts'
import { loadOutlines } from './load.ts'
import { momentOf, noticesOf, type Told } from './removal-status.ts'

type PartnerAudience = Extract<Audience, { kind: 'partner' }>

/** The stories of a range that a partner must remove, and the place behind all that was looked at. */
export async function findRemovals(
  range: EntryRange & { audience: PartnerAudience },
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<{ told: Told[]; end: Place }> {
  const newest = await prisma.articleChange.findUnique({
    where: { position: range.upTo },
    select: { at: true },
  })
  const moment = momentOf(newest ? [newest] : [], now())
  const { stories, end } = await readRemovals(prisma, range, moment)
  const outlines = await loadOutlines(
    prisma,
    stories.map(({ articleId }) => articleId),
  )
  const notices = await noticesOf([...outlines.values()], moment, prisma)
  const told = stories.flatMap(({ articleId, kind, at, place }): Told[] => {
    const notice = notices.get(articleId)
    const version = outlines.get(articleId)?.version
    if (!notice || version === undefined) return []
    return [{ place, kind, at, articleId, version, outcome: notice }]
  })
  return { told, end }
}
