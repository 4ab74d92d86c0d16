import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import type { EntityDraft, OrganisationDraft, PersonDraft } from './draft.ts'
import { checkEntity, nameRows, saveOrganisation, savePerson } from './save-entity.ts'

/**
 * Stores many organisations and people like `saveOrganisation` and `savePerson`, but inserts all new ones with
 * a few statements.
 */
export async function saveEntities(
  tx: Prisma.TransactionClient,
  drafts: { organisations: OrganisationDraft[]; people: PersonDraft[] },
): Promise<void> {
  await saveOrganisations(tx, drafts.organisations)
  await savePeople(tx, drafts.people)
}

async function saveOrganisations(tx: Prisma.TransactionClient, drafts: OrganisationDraft[]): Promise<void> {
  const known = await tx.organisation.findMany({ where: slugsOf(drafts), select: { slug: true } })
  const fresh = without(drafts, known)
  const created = await tx.organisation.createManyAndReturn({ data: fresh.map(columns), select: idAndSlug })
  const rows = withIds(fresh, created)
  await tx.name.createMany({
    data: rows.flatMap(({ draft, id }) => nameRows(draft, draft.name, { organisation: id })),
    skipDuplicates: true,
  })
  await tx.externalId.createMany({
    data: rows.flatMap(({ draft, id }) =>
      externalIds(draft).map((each) => ({ ...each, organisationId: id })),
    ),
    skipDuplicates: true,
  })
  for (const draft of drafts) if (!fresh.includes(draft)) await saveOrganisation(tx, draft)
}

async function savePeople(tx: Prisma.TransactionClient, drafts: PersonDraft[]): Promise<void> {
  const known = await tx.person.findMany({ where: slugsOf(drafts), select: { slug: true } })
  const fresh = without(drafts, known)
  const created = await tx.person.createManyAndReturn({ data: fresh.map(columns), select: idAndSlug })
  const rows = withIds(fresh, created)
  await tx.name.createMany({
    data: rows.flatMap(({ draft, id }) => nameRows(draft, draft.name, { person: id })),
    skipDuplicates: true,
  })
  await tx.externalId.createMany({
    data: rows.flatMap(({ draft, id }) => externalIds(draft).map((each) => ({ ...each, personId: id }))),
    skipDuplicates: true,
  })
  await tx.affiliation.createMany({ data: await affiliationRows(tx, rows) })
  for (const draft of drafts) if (!fresh.includes(draft)) await savePerson(tx, draft)
}

async function affiliationRows(
  tx: Prisma.TransactionClient,
  people: WithId<PersonDraft>[],
): Promise<Prisma.AffiliationCreateManyInput[]> {
  const slugs = people.flatMap(({ draft }) =>
    (draft.affiliations ?? []).map(({ organisation }) => organisation),
  )
  const found = await tx.organisation.findMany({ where: { slug: { in: slugs } }, select: idAndSlug })
  const ids = new Map(found.map(({ slug, id }) => [slug, id]))
  return people.flatMap(({ draft, id: personId }) =>
    (draft.affiliations ?? []).map(({ organisation, title, from, to }) => {
      const organisationId = ids.get(organisation)
      if (organisationId) return { personId, organisationId, title, from, to }
      throw new InvalidInput(
        'affiliations',
        `The organisation "${organisation}" of an affiliation does not exist. Add it first.`,
      )
    }),
  )
}

interface WithId<Draft> {
  draft: Draft
  id: string
}

const idAndSlug = { id: true, slug: true } as const

function slugsOf(drafts: EntityDraft[]) {
  return { slug: { in: drafts.map(({ slug }) => slug) } }
}

function without<Draft extends EntityDraft>(drafts: Draft[], known: { slug: string }[]): Draft[] {
  const slugs = new Set(known.map(({ slug }) => slug))
  return drafts.filter(({ slug }) => !slugs.has(slug))
}

function columns(draft: EntityDraft) {
  checkEntity(draft)
  const { slug, name, description } = draft
  return { slug, name, description }
}

function withIds<Draft extends EntityDraft>(
  drafts: Draft[],
  rows: { id: string; slug: string }[],
): WithId<Draft>[] {
  const ids = new Map(rows.map(({ slug, id }) => [slug, id]))
  return drafts.map((draft) => ({ draft, id: ids.get(draft.slug)! }))
}

function externalIds(draft: EntityDraft): { scheme: string; value: string }[] {
  return Object.entries(draft.externalIds ?? {}).map(([scheme, value]) => ({ scheme, value }))
}
