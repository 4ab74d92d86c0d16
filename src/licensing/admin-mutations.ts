import { NotFound } from '../base/errors.ts'
import type { Publish, Publisher } from '../bus/bus.ts'
import type { Partner, Prisma } from '../db/client/client.ts'

/** The channel of the bus that tells which keys may be good no longer; the payload is the key of the row. */
export const KEY_CHANNEL = 'dateline_partner_keys'

/** What an administrator's order about a partner needs. */
export interface AdminDeps {
  bus: Publisher
  now: () => Date
  /** Who orders it: a subject at the outlet's identity provider, or "command line". */
  admin: string
}

/** Tells every gateway to look at a partner's keys. */
export async function publishKeyChanges(
  tx: Prisma.TransactionClient,
  partnerId: string,
  publish: Publish,
): Promise<void> {
  const keys = await tx.partnerKey.findMany({ where: { partnerId }, select: { id: true } })
  for (const { id } of keys) await publish({ channel: KEY_CHANNEL, payload: id })
}

/**
 * The partner's row, locked until the transaction ends: orders about one partner take turns.
 * @throws NotFound
 */
export async function lockPartner(tx: Prisma.TransactionClient, slug: string): Promise<Partner> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Partner" WHERE "slug" = ${slug} FOR NO KEY UPDATE`
  if (!rows[0]) throw new NotFound(`partner "${slug.slice(0, 80)}"`)
  return tx.partner.findUniqueOrThrow({ where: { id: rows[0].id } })
}
