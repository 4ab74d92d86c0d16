import { normaliseName } from '../entity/names.ts'
import type { Audience } from './audience.ts'
import type { HeldPicture } from './story.ts'

/**
 * Whether an audience has a right to a picture. Readers and editors see every picture of a story they may
 * see. A partner has it when it may be syndicated, when the partner is named for it, or when its licence
 * names the agency; of several agencies, every one. A picture nobody has said anything about stays here.
 */
export function mayHavePicture({ syndicatable, partners, agency }: HeldPicture, audience: Audience): boolean {
  if (audience.kind !== 'partner') return true
  if (syndicatable || partners.includes(audience.slug)) return true
  const isForAll = audience.terms.agencies.includes('*')
  const licensed = new Set(audience.terms.agencies.map(normaliseName))
  const isLicensed = (name: string) => isForAll || licensed.has(normaliseName(name))
  if (agency === null || normaliseName(agency) === '') return false
  return isLicensed(agency) || agenciesIn(agency).every(isLicensed)
}

/** "Name One / Name Two" and "Name One via Name Two" are two agencies. */
function agenciesIn(agency: string): string[] {
  return agency.split(/\s*[/,;|+]\s*|\s+via\s+/i).filter(Boolean)
}
