import { InvalidInput } from '../base/errors.ts'
import type { EntityKind, Prisma } from '../db/client/client.ts'
import type { NameOwner } from '../names/name-entry.ts'
import type { ArticleDraft } from './draft.ts'

/** Row ids of the people and organisations in a draft, by kind and slug. */
export type EntityIds = Record<EntityKind, Map<string, string>>

/** A person or an organisation in a draft, by slug. */
export type EntityReference = { person: string } | { organisation: string }

/** The person or organisation that a draft names. */
export function entityIn(ids: EntityIds, reference: EntityReference): NameOwner {
  return 'person' in reference
    ? { kind: 'PERSON', id: ids.PERSON.get(reference.person)! }
    : { kind: 'ORGANISATION', id: ids.ORGANISATION.get(reference.organisation)! }
}

/**
 * Resolves the slugs in a draft to row ids.
 * @throws InvalidInput for an unknown slug
 */
export async function resolveEntities(tx: Prisma.TransactionClient, draft: ArticleDraft): Promise<EntityIds> {
  const people: Wanted = new Map((draft.people ?? []).map(({ person }) => [person, 'people']))
  const organisations: Wanted = new Map(
    (draft.organisations ?? []).map(({ organisation }) => [organisation, 'organisations']),
  )
  const addFromBlock = (wanted: Wanted, slug: string) => {
    if (!wanted.has(slug)) wanted.set(slug, 'blocks')
  }
  for (const block of draft.blocks) {
    if (block.kind !== 'QUOTATION') continue
    const { speaker, via } = block
    if (speaker && 'person' in speaker) addFromBlock(people, speaker.person)
    else if (speaker) addFromBlock(organisations, speaker.organisation)
    if (via?.organisation) addFromBlock(organisations, via.organisation)
  }
  const ids: EntityIds = { PERSON: new Map(), ORGANISATION: new Map() }
  if (people.size + organisations.size === 0) return ids
  const rows = await tx.entity.findMany({
    where: {
      OR: [
        { kind: 'PERSON', slug: { in: [...people.keys()] } },
        { kind: 'ORGANISATION', slug: { in: [...organisations.keys()] } },
      ],
    },
    select: { kind: true, slug: true, id: true },
  })
  for (const { kind, slug, id } of rows) ids[kind].set(slug, id)
  assertFound(people, ids.PERSON)
  assertFound(organisations, ids.ORGANISATION)
  return ids
}

/** Slugs, each with the field of the draft that names it. */
type Wanted = Map<string, 'people' | 'organisations' | 'blocks'>

function assertFound(wanted: Wanted, ids: Map<string, string>): void {
  for (const [slug, field] of wanted) {
    if (!ids.has(slug))
      throw new InvalidInput(
        field,
        `There is no person or organisation "${slug}". Use the slug of an existing one.`,
      )
  }
}
