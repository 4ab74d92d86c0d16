import { hasRole, type Viewer } from '../auth/viewer.ts'
import { Forbidden } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from './audience.ts'
import { noTerms, type Terms } from './terms.ts'

/**
 * The audience of a viewer, with the current licence.
 * @throws Forbidden for a partner that is suspended or has no licence
 */
export async function audienceOf(viewer: Viewer, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  if (viewer.role === 'partner') return partnerAudience(viewer.partnerId as string, db)
  return hasRole(viewer, 'editor') ? { kind: 'newsroom' } : { kind: 'public' }
}

/**
 * The audience of a viewer without reading the licence of a partner: `upToDate` and `readPageStart` read it together
 * with the content. Until then, a partner may have nothing.
 * @throws Forbidden for a partner that is suspended
 */
export function audienceWithoutTerms(viewer: Viewer): Audience {
  if (viewer.role !== 'partner') return { kind: hasRole(viewer, 'editor') ? 'newsroom' : 'public' }
  if (viewer.isSuspended) throw new Forbidden(SUSPENDED_MESSAGE)
  return { kind: 'partner', id: viewer.partnerId as string, slug: '', terms: noTerms }
}

/**
 * Reloads the licence of an audience.
 * @throws Forbidden for a partner that is suspended or has no licence
 */
export async function upToDate(audience: Audience, db: Pick<PrismaClient, 'partner'>): Promise<Audience> {
  return audience.kind === 'partner' ? partnerAudience(audience.id, db) : audience
}

/**
 * The audience of a partner for removals, with the current licence. Removals are delivered even to suspended
 * partners.
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
  return partnerAudienceOf(id, partner && { ...partner, isSuspended: partner.suspendedAt !== null })
}

interface StoredPartner {
  slug: string
  isSuspended: boolean
  licence: Terms | null
}

/**
 * The audience of a partner that was read, with its licence.
 * @throws Forbidden for a partner that is suspended or has no licence
 */
export function partnerAudienceOf(id: string, partner: StoredPartner | null): Audience {
  if (!partner?.licence || partner.isSuspended) throw new Forbidden(SUSPENDED_MESSAGE)
  return { kind: 'partner', id, slug: partner.slug, terms: partner.licence }
}

export const SUSPENDED_MESSAGE =
  'This partner is suspended. It can only read "removals" and call "acknowledge".'
