import { makeKey, type NewKey } from '../auth/api-key.ts'
import { InvalidInput } from '../base/errors.ts'
import type { KeyKind, Partner } from '../db/client/client.ts'
import { type AdminDeps, lockPartner, publishKeyChanges } from './admin-mutations.ts'

/** For how long old keys stay good beside a new one, in seconds: unless told otherwise, and at most. */
export const DEFAULT_OVERLAP_SECONDS = 24 * 3600
const MAX_OVERLAP_SECONDS = 90 * 24 * 3600

export interface KeyRotation {
  slug: string
  kind: KeyKind
  /** Seconds for which the old keys of that kind stay good; 0 ends them at once. */
  overlap?: number
}

/**
 * Gives a partner a new key, its first one of that kind too. The keys of that kind that it has expire after
 * the overlap, or when they would have anyway.
 *
 * @returns the key as well: it is nowhere else from now on
 * @throws InvalidInput, NotFound
 */
export async function rotateKey(
  { slug, kind, overlap = DEFAULT_OVERLAP_SECONDS }: KeyRotation,
  { bus, now }: AdminDeps,
): Promise<{ partner: Partner; key: NewKey; oldKeysExpireAt: Date | null }> {
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > MAX_OVERLAP_SECONDS) {
    throw new InvalidInput('overlap', 'The overlap is at most 90 days.')
  }
  const key = makeKey(kind)
  const { text, ...kept } = key
  return bus.transaction(async (tx, publish) => {
    const partner = await lockPartner(tx, slug)
    const at = now()
    const expiresAt = new Date(at.getTime() + overlap * 1000)
    const { count } = await tx.partnerKey.updateMany({
      where: { partnerId: partner.id, kind, OR: [{ expiresAt: null }, { expiresAt: { gt: expiresAt } }] },
      data: { expiresAt },
    })
    if (overlap === 0) await publishKeyChanges(tx, partner.id, publish)
    await tx.partnerKey.create({ data: { ...kept, partnerId: partner.id, createdAt: at } })
    return { partner, key, oldKeysExpireAt: count > 0 ? expiresAt : null }
  })
}
