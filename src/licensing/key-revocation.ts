import type { RevocationSource } from '../auth/source-watch.ts'
import { KEY_CHANNEL } from './admin-mutations.ts'
import type { KeyDeps } from './authenticate.ts'

/** Keeps partners from being connected by keys that have expired, or while they are suspended. */
export function keyRevocations({ prisma, now }: KeyDeps): RevocationSource {
  return {
    channel: KEY_CHANNEL,
    identityOf: ({ keyId }) => keyId ?? null,
    async findRevoked(ids) {
      const good = await prisma.partnerKey.findMany({
        where: {
          id: { in: ids },
          partner: { suspendedAt: null },
          OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }],
        },
        select: { id: true },
      })
      const isGood = new Set(good.map(({ id }) => id))
      return new Set(ids.filter((id) => !isGood.has(id)))
    },
    message: 'The API key has expired or was revoked. Use a valid key.',
  }
}
