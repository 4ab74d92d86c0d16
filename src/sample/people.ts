import type { PersonDraft } from '../articles/draft.ts'
import { regionalPeople } from './people/region.ts'
import { worldPeople } from './people/world.ts'

/** Everybody the sample stories name, with the names they go by and the offices they held. */
export const people: PersonDraft[] = [...regionalPeople, ...worldPeople]
