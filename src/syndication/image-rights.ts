import { Prisma } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import type { Terms } from '../licensing/terms.ts'
import { normaliseName } from '../names/names.ts'
import type { ImageWithRights } from './licensed-article.ts'

/**
 * Whether an audience may use an image. Readers and editors see all images of a visible article. A partner may
 * use an image if it is syndicatable, if the partner is listed, or if its licence includes the agency; for
 * several agencies, all of them. Otherwise it may not.
 */
export function mayHaveImage(
  { syndicatable, partners, agency }: Pick<ImageWithRights, 'syndicatable' | 'partners' | 'agency'>,
  audience: Audience,
): boolean {
  if (audience.kind !== 'partner') return true
  if (syndicatable || partners.includes(audience.slug)) return true
  return agency !== null && licensesAgency(audience.terms)(agency)
}

/**
 * The same rule for a partner, in SQL with "Image" as `i` and "ImageUse" as `u`.
 * @param agencies the agencies of all images, as stored
 */
export function mayHaveImageSql(
  { slug, terms }: { slug: string; terms: Terms },
  agencies: readonly string[],
): Prisma.Sql {
  const licensed = agencies.filter(licensesAgency(terms))
  return Prisma.sql`(i."syndicatable" OR ${slug} = ANY(i."partners")
    OR coalesce(u."agency" = ANY(${licensed}::text[]), FALSE))`
}

/** Whether a licence includes an agency, as an image names it. */
function licensesAgency({ agencies }: Pick<Terms, 'agencies'>): (agency: string) => boolean {
  const isForAll = agencies.includes('*')
  const licensed = new Set(agencies.map(normaliseName))
  return (agency) => {
    const [whole, ...parts] = agencyNames(agency)
    if (whole === '') return false
    return isForAll || licensed.has(whole) || parts.every((name) => licensed.has(name))
  }
}

/**
 * The normalised agencies of an image: the whole string first, then the parts. "Name One / Name Two" and "Name
 * One via Name Two" are two agencies.
 */
export function agencyNames(agency: string): [whole: string, ...parts: string[]] {
  const parts = agency.split(/\s*[/,;|+]\s*|\s+via\s+/i).filter(Boolean)
  return [normaliseName(agency), ...parts.map(normaliseName)]
}
