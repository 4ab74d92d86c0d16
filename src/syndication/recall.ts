import { NotFound } from '../base/errors.ts'
import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { loadSummaries } from './load.ts'
import { mayHave } from './project.ts'
import { type RemovalReason, reasonOf } from './removal-status.ts'

/** The state of one article at one partner. */
export interface Holder {
  partner: { slug: string; name: string }
  /** The newest delivered version, and when it was delivered. */
  version: number
  since: Date
  /** The delivery methods. */
  via: DeliveryWay[]
  /** The newest version that the partner acknowledged. */
  confirmed: number | null
  confirmedAt: Date | null
  /** When the removal was first attempted, delivered and acknowledged. */
  removalAttemptedAt: Date | null
  removalNotifiedAt: Date | null
  removedAt: Date | null
  /** Removal confirmations that editors recorded, latest first. */
  confirmations: Confirmation[]
  /** Whether the licence of the partner covers the article, even if the partner is suspended. */
  mayKeep: boolean
}

export interface Confirmation {
  editorName: string | null
  note: string
  at: Date
}

export interface Recall {
  articleId: string
  /** Why the article is withdrawn for everybody; null if it may be shown. */
  withdrawn: Exclude<RemovalReason, 'LICENCE'> | null
  /** The partners that received the article; those that must still remove it come first. */
  holders: Holder[]
}

/** Whether a partner may not keep an article and has not confirmed its removal. */
export function mustStillRemove({ mayKeep, removedAt }: Holder): boolean {
  return !mayKeep && removedAt === null
}

/**
 * The partners that received an article, with version, and the state of its removal.
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
    where: { articleId, kind: 'ARTICLE' },
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
