import { Forbidden } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from './audience.ts'
import { audienceOf } from './partner-audience.ts'

export type PartnerAudience = Extract<Audience, { kind: 'partner' }>

/**
 * The audience of a partner for webhooks and WebSub, with the current licence.
 * @param partnerId the row id
 * @returns null if the partner is suspended or has no licence; then nothing is sent
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
