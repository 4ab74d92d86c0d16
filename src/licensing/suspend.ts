import type { Partner } from '../db/client/client.ts'
import { type AdminDeps, lockPartner, publishKeyChanges } from './admin-mutations.ts'

/**
 * Serves a partner no longer: none of its keys is good from now on, and what it has open ends within seconds
 * on every gateway. A second time it changes nothing.
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
 * Serves a partner again, by the keys and the licence that it has.
 * @throws NotFound
 */
export async function reinstatePartner(slug: string, { bus }: AdminDeps): Promise<Partner> {
  return bus.transaction(async (tx) => {
    const { id } = await lockPartner(tx, slug)
    return tx.partner.update({ where: { id }, data: { suspendedAt: null } })
  })
}
