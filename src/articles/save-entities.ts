import type { EntityKind, Prisma } from '../db/client/client.ts'
import type { EntityDraft, OrganisationDraft, PersonDraft } from './draft.ts'
import {
  checkEntity,
  externalIdRows,
  nameRows,
  saveOrganisation,
  savePerson,
  unknownOrganisation,
} from './save-entity.ts'

/**
 * Stores many organisations and people like `saveOrganisation` and `savePerson`, but inserts all new ones with
 * a few statements.
 */
export async function saveEntities(
  tx: Prisma.TransactionClient,
  { organisations, people }: { organisations: OrganisationDraft[]; people: PersonDraft[] },
): Promise<void> {
  const newOrganisations = await createNew(tx, 'ORGANISATION', organisations)
  for (const draft of organisations) if (!newOrganisations.has(draft)) await saveOrganisation(tx, draft)
  const newPeople = await createNew(tx, 'PERSON', people)
  await tx.affiliation.createMany({ data: await affiliationRows(tx, newPeople) })
  for (const draft of people) if (!newPeople.has(draft)) await savePerson(tx, draft)
}

/** Stores the drafts whose slugs are new, with their names and external ids. Returns them with their row ids. */
async function createNew<Draft extends EntityDraft>(
  tx: Prisma.TransactionClient,
  kind: EntityKind,
  drafts: Draft[],
): Promise<Map<Draft, string>> {
  const stored = await idsOf(
    tx,
    kind,
    drafts.map(({ slug }) => slug),
  )
  const fresh = drafts.filter(({ slug }) => !stored.has(slug))
  const created = await tx.entity.createManyAndReturn({
    data: fresh.map((draft) => ({ kind, ...columns(draft) })),
    select: idAndSlug,
  })
  const ids = new Map(created.map(({ slug, id }) => [slug, id]))
  const rows = new Map(fresh.map((draft) => [draft, ids.get(draft.slug)!]))
  await tx.name.createMany({
    data: [...rows].flatMap(([draft, id]) => nameRows(draft, draft.name, id)),
    skipDuplicates: true,
  })
  await tx.externalId.createMany({
    data: [...rows].flatMap(([draft, id]) => externalIdRows(draft, id)),
    skipDuplicates: true,
  })
  return rows
}

async function affiliationRows(
  tx: Prisma.TransactionClient,
  people: Map<PersonDraft, string>,
): Promise<Prisma.AffiliationCreateManyInput[]> {
  const affiliations = [...people].flatMap(([draft, personId]) =>
    (draft.affiliations ?? []).map((affiliation) => ({ personId, ...affiliation })),
  )
  const ids = await idsOf(
    tx,
    'ORGANISATION',
    affiliations.map(({ organisation }) => organisation),
  )
  return affiliations.map(({ organisation, ...affiliation }) => {
    const organisationId = ids.get(organisation)
    if (organisationId === undefined) throw unknownOrganisation(organisation)
    return { ...affiliation, organisationId }
  })
}

const idAndSlug = { id: true, slug: true } as const

/** The row ids of the stored entities with the given slugs, by slug. */
async function idsOf(
  tx: Prisma.TransactionClient,
  kind: EntityKind,
  slugs: string[],
): Promise<Map<string, string>> {
  const rows = await tx.entity.findMany({ where: { kind, slug: { in: slugs } }, select: idAndSlug })
  return new Map(rows.map(({ slug, id }) => [slug, id]))
}

function columns(draft: EntityDraft) {
  checkEntity(draft)
  const { slug, name, description } = draft
  return { slug, name, description }
}
