import { makeKey, type NewKey } from '../auth/api-key.ts'
import { InvalidInput } from '../base/errors.ts'
import type { KeyKind, Partner } from '../db/client/client.ts'
import { type AdminDeps, lockPartner, publishKeyChanges } from './admin-mutations.ts'

/** The default and maximum overlap of old and new keys. */
export const DEFAULT_OVERLAP_SECONDS = 24 * 3600
const MAX_OVERLAP_SECONDS = 90 * 24 * 3600

export interface KeyRotation {
  slug: string
  kind: KeyKind
  /** Seconds until the old keys of this kind expire; 0 expires them now. */
  overlap?: number
}

/**
 * Creates a new API key for a partner. The existing keys of the same kind expire after the overlap, unless they
 * expire earlier.
 *
 * @returns the key, which is stored only as a hash
 * @throws InvalidInput, NotFound
 */
export async function rotateKey(
  { slug, kind, overlap = DEFAULT_OVERLAP_SECONDS }: KeyRotation,
  { bus, now }: AdminDeps,
): Promise<{ partner: Partner; key: NewKey; oldKeysExpireAt: Date | null }> {
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > MAX_OVERLAP_SECONDS) {
    throw new InvalidInput('overlap', '"overlap" is too long. The maximum is 90 days.')
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
