import { hasRole, type Viewer } from '../auth/viewer.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { Forbidden } from '../errors.ts'
import type { Audience } from '../syndication/audience.ts'

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

async function partnerAudience(id: string, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  const partner = await db.partner.findUnique({ where: { id }, include: { licence: true } })
  if (!partner?.licence || partner.suspendedAt) throw new Forbidden('This partner is not served at present.')
  return { kind: 'partner', id, slug: partner.slug, terms: partner.licence }
}
