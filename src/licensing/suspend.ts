import type { Partner } from '../db/client/client.ts'
import { type AdminDeps, lockPartner, publishKeyChanges } from './admin-mutations.ts'

/**
 * Suspends a partner: its connections are closed within seconds on every gateway. A repetition changes nothing.
 *
 * @throws NotFound
 */
export async function suspendPartner(slug: string, { bus, now }: AdminDeps): Promise<Partner> {
  return bus.transaction(async (tx, publish) => {
    const { id, suspendedAt } = await lockPartner(tx, slug)
    const partner = await tx.partner.update({
      where: { id },
      data: { suspendedAt: suspendedAt ?? now() },
    })
    await publishKeyChanges(tx, id, publish)
    return partner
  })
}

/**
 * Reinstates a partner with its keys and licence.
 * @throws NotFound
 */
export async function reinstatePartner(slug: string, { bus }: AdminDeps): Promise<Partner> {
  return bus.transaction(async (tx) => {
    const { id } = await lockPartner(tx, slug)
    return tx.partner.update({ where: { id }, data: { suspendedAt: null } })
  })
}
