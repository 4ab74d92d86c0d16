import { NotFound } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import type { Partner, Prisma } from '../db/client/client.ts'
import { lockPartnerRow } from '../db/locks.ts'

/** The bus channel for key revocations; the payload is the row id of the key. */
export const KEY_CHANNEL = 'dateline_partner_keys'

/** The dependencies of admin mutations. */
export interface AdminDeps {
  bus: Publisher
  now: () => Date
  /** The administrator: a subject at the identity provider, or "command line". */
  admin: string
}

/** Makes every gateway check the keys of a partner again. */
export async function publishKeyChanges(
  tx: Prisma.TransactionClient,
  partnerId: string,
  publish: Publish,
): Promise<void> {
  const keys = await tx.partnerKey.findMany({ where: { partnerId }, select: { id: true } })
  for (const { id } of keys) await publish({ channel: KEY_CHANNEL, payload: id })
}

/**
 * Locks the partner row until the transaction ends, so that admin mutations on one partner run one after the
 * other.
 * @throws NotFound
 */
export async function lockPartner(tx: Prisma.TransactionClient, slug: string): Promise<Partner> {
  const id = await lockPartnerRow(tx, slug)
  if (!id) throw new NotFound(`partner "${slug.slice(0, 80)}"`)
  return tx.partner.findUniqueOrThrow({ where: { id } })
}
