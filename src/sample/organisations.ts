import type { OrganisationDraft } from '../articles/draft.ts'
import { regionalOrganisations } from './organisations/region.ts'
import { worldOrganisations } from './organisations/world.ts'

/** Every organisation that the sample stories name, with the names it goes by. */
export const organisations: OrganisationDraft[] = [...regionalOrganisations, ...worldOrganisations]
