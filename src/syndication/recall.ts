import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { NotFound } from '../errors.ts'
import { type RemovalReason, reasonOf } from './changes.ts'
import { loadOutlines } from './load.ts'
import { mayHave } from './project.ts'

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
  /** When it was told that the story must go, and when it confirmed that it is gone. */
  removalToldAt: Date | null
  removedAt: Date | null
  /** Whether the partner may still have the story. */
  mayKeep: boolean
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
  const outline = (await loadOutlines(prisma, [articleId])).get(articleId)
  if (!outline) throw new NotFound('story')
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
  const holders = holdings.map(({ partner, ...holding }): Holder => {
    const { id, slug, name, licence, suspendedAt } = partner
    const mayKeep =
      licence !== null &&
      suspendedAt === null &&
      mayHave(outline, { kind: 'partner', id, slug, terms: licence }, moment)
    return {
      ...holding,
      partner: { slug, name },
      via: deliveries.filter(({ partnerId }) => partnerId === id).map(({ via }) => via),
      mayKeep,
    }
  })
  const reason = reasonOf(outline, moment)
  return {
    articleId,
    withdrawn: reason === 'LICENCE' ? null : reason,
    holders: holders.sort((a, b) => Number(mustStillRemove(b)) - Number(mustStillRemove(a))),
  }
}
