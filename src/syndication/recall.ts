import { NotFound } from '../base/errors.ts'
import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { loadSummaries } from './load.ts'
import { mayHave } from './project.ts'
import { type RemovalReason, reasonOf } from './removal-status.ts'

/** Where one partner stands with one story. */
export interface Holder {
  partner: { slug: string; name: string }
  /** The newest version that the partner was given, and since when it has that. */
  version: number
  since: Date
  /** On which ways it was given the story. */
  via: DeliveryWay[]
  /** The newest version that the partner confirmed to have taken over. */
  confirmed: number | null
  confirmedAt: Date | null
  /** When it was first attempted to tell it that the story must go, when that arrived, and when it confirmed. */
  removalAttemptedAt: Date | null
  removalNotifiedAt: Date | null
  removedAt: Date | null
  /** What editors recorded that the partner confirmed by phone or mail, latest first. */
  confirmations: Confirmation[]
  /** Whether the partner's licence lets it keep the story, suspended or not. */
  mayKeep: boolean
}

export interface Confirmation {
  editorName: string | null
  note: string
  at: Date
}

export interface Recall {
  articleId: string
  /** Why the story is withdrawn from everybody; null while it may be shown. */
  withdrawn: Exclude<RemovalReason, 'LICENCE'> | null
  /** Everybody who was ever given the story: who still has what it may not have comes first. */
  holders: Holder[]
}

/** Whether a partner has a story that it may not keep, as far as it has confirmed. */
export function mustStillRemove({ mayKeep, removedAt }: Holder): boolean {
  return !mayKeep && removedAt === null
}

/**
 * Who has a story: whom it was given to, in which version, who was told to remove it and who confirmed that.
 * @throws NotFound
 */
export async function recall(
  articleId: string,
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<Recall> {
  const summary = (await loadSummaries(prisma, [articleId])).get(articleId)
  if (!summary) throw new NotFound('article')
  const moment = now()
  const holdings = await prisma.holding.findMany({
    where: { articleId },
    include: { partner: { include: { licence: true } } },
    orderBy: { partner: { slug: 'asc' } },
  })
  const deliveries = await prisma.delivery.findMany({
    where: { articleId, kind: 'STORY' },
    distinct: ['partnerId', 'via'],
    orderBy: { firstAt: 'asc' },
    select: { partnerId: true, via: true },
  })
  const confirmations = await prisma.removalConfirmation.findMany({
    where: { articleId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  const holders = holdings.map(({ partner, ...holding }): Holder => {
    const { id, slug, name, licence } = partner
    const mayKeep =
      licence !== null && mayHave(summary, { kind: 'partner', id, slug, terms: licence }, moment)
    return {
      ...holding,
      partner: { slug, name },
      via: deliveries.filter(({ partnerId }) => partnerId === id).map(({ via }) => via),
      confirmations: confirmations.filter(({ partnerId }) => partnerId === id),
      mayKeep,
    }
  })
  const reason = reasonOf(summary, moment)
  return {
    articleId,
    withdrawn: reason === 'LICENCE' ? null : reason,
    holders: holders.sort((a, b) => Number(mustStillRemove(b)) - Number(mustStillRemove(a))),
  }
}
