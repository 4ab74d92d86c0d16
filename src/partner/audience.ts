import { hasRole, type Viewer } from '../auth/viewer.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { Forbidden } from '../errors.ts'
import type { Audience } from '../syndication/audience.ts'

/**
 * The audience that a viewer belongs to, with the licence as it stands now.
 * @throws Forbidden for a partner that is suspended or has no licence
 */
export async function audienceOf(viewer: Viewer, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  if (viewer.role !== 'partner') return hasRole(viewer, 'editor') ? { kind: 'newsroom' } : { kind: 'public' }
  const partner = await db.partner.findUnique({ where: { id: viewer.partnerId }, include: { licence: true } })
  if (!partner?.licence || partner.suspendedAt) throw new Forbidden('This partner is not served at present.')
  return { kind: 'partner', id: partner.id, slug: partner.slug, terms: partner.licence }
}
