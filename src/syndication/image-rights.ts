import type { Audience } from '../licensing/audience.ts'
import type { Terms } from '../licensing/terms.ts'
import { normaliseName } from '../names/names.ts'
import type { ImageWithRights } from './licensed-article.ts'

/**
 * Whether an audience has a right to a picture. Readers and editors see every picture of a story they may
 * see. A partner has it when it may be syndicated, when the partner is named for it, or when its licence
 * names the agency; of several agencies, every one. A picture nobody has said anything about stays here.
 */
export function mayHaveImage(
  { syndicatable, partners, agency }: Pick<ImageWithRights, 'syndicatable' | 'partners' | 'agency'>,
  audience: Audience,
): boolean {
  if (audience.kind !== 'partner') return true
  if (syndicatable || partners.includes(audience.slug)) return true
  return agency !== null && licensesAgency(audience.terms)(agency)
}

/** Whether a licence covers the pictures of an agency, as a picture names it. */
export function licensesAgency({ agencies }: Pick<Terms, 'agencies'>): (agency: string) => boolean {
  const isForAll = agencies.includes('*')
  const licensed = new Set(agencies.map(normaliseName))
  return (agency) => {
    const [whole, ...parts] = agencyNames(agency)
    if (whole === '') return false
    return isForAll || licensed.has(whole) || parts.every((name) => licensed.has(name))
  }
}

/**
 * The agencies that a picture names, normalised: first all that it says, then each of several:
 * "Name One / Name Two" and "Name One via Name Two" are two agencies.
 */
export function agencyNames(agency: string): [whole: string, ...parts: string[]] {
  const parts = agency.split(/\s*[/,;|+]\s*|\s+via\s+/i).filter(Boolean)
  return [normaliseName(agency), ...parts.map(normaliseName)]
}
