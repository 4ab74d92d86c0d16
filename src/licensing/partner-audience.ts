import { hasRole, type Viewer } from '../auth/viewer.ts'
import { Forbidden } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from './audience.ts'
import { noTerms } from './terms.ts'

/**
 * The audience that a viewer belongs to, with the licence as it stands now.
 * @throws Forbidden for a partner that is suspended or has no licence
 */
export async function audienceOf(viewer: Viewer, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  if (viewer.role === 'partner') return partnerAudience(viewer.partnerId as string, db)
  return hasRole(viewer, 'editor') ? { kind: 'newsroom' } : { kind: 'public' }
}

/**
 * The same audience with the licence as it stands now.
 * @throws Forbidden for a partner that is suspended or has no licence by now
 */
export async function upToDate(audience: Audience, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  return audience.kind === 'partner' ? partnerAudience(audience.id, db) : audience
}

/**
 * A partner with its licence as it stands now, suspended or not, for what it must remove: that is told in any
 * case.
 */
export async function audienceForRemovals(
  id: string,
  db: Pick<PrismaClient, 'partner'>,
): Promise<Extract<Audience, { kind: 'partner' }>> {
  const { slug, licence } = await db.partner.findUniqueOrThrow({ where: { id }, include: { licence: true } })
  return { kind: 'partner', id, slug, terms: licence ?? noTerms }
}

async function partnerAudience(id: string, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  const partner = await db.partner.findUnique({ where: { id }, include: { licence: true } })
  if (!partner?.licence || partner.suspendedAt) throw new Forbidden(SUSPENDED_MESSAGE)
  return { kind: 'partner', id, slug: partner.slug, terms: partner.licence }
}

export const SUSPENDED_MESSAGE =
  'This partner is not served at present: read "removals" and confirm them with "acknowledge" until it is.'
