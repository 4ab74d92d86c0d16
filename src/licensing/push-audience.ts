import { Forbidden } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from './audience.ts'
import { audienceOf } from './partner-audience.ts'

export type PartnerAudience = Extract<Audience, { kind: 'partner' }>

/**
 * A partner with its licence as it stands now, when nobody asks and something is sent.
 * @param partnerId the key of its row
 * @returns null for one that is suspended or has no licence: nothing is sent to it
 */
export async function servedAudience(
  partnerId: string,
  prisma: PrismaClient,
): Promise<PartnerAudience | null> {
  const viewer = { role: 'partner', partnerId, subject: null, displayName: null, expiresAt: null } as const
  try {
    const audience = await audienceOf(viewer, prisma)
    return audience.kind === 'partner' ? audience : null
  } catch (error) {
    if (error instanceof Forbidden) return null
    throw error
  }
}
