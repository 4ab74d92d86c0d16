import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import type { EntityIds } from './mentions.ts'

/**
 * Resolves the slugs in a draft to row ids.
 * @throws InvalidInput for an unknown slug
 */
export async function resolveEntities(tx: Prisma.TransactionClient, draft: ArticleDraft): Promise<EntityIds> {
  const people = new Set((draft.people ?? []).map(({ person }) => person))
  const organisations = new Set((draft.organisations ?? []).map(({ organisation }) => organisation))
  for (const block of draft.blocks) {
    if (block.kind !== 'QUOTATION') continue
    const { speaker, via } = block
    if (speaker && 'person' in speaker) people.add(speaker.person)
    else if (speaker) organisations.add(speaker.organisation)
    if (via?.organisation) organisations.add(via.organisation)
  }
  const query = (slugs: Set<string>) => ({
    where: { slug: { in: [...slugs] } },
    select: { slug: true, id: true },
  })
  return {
    people: idsBySlug('people', people, people.size > 0 ? await tx.person.findMany(query(people)) : []),
    organisations: idsBySlug(
      'organisations',
      organisations,
      organisations.size > 0 ? await tx.organisation.findMany(query(organisations)) : [],
    ),
  }
}

function idsBySlug(
  field: string,
  wanted: Set<string>,
  rows: { slug: string; id: string }[],
): Map<string, string> {
  const ids = new Map(rows.map(({ slug, id }) => [slug, id]))
  for (const slug of wanted) {
    if (!ids.has(slug))
      throw new InvalidInput(
        field,
        `There is no person or organisation "${slug}". Use the slug of an existing one.`,
      )
  }
  return ids
}
