import { InvalidInput } from '../base/errors.ts'
import type { EntityKind, Prisma, PrismaClient } from '../db/client/client.ts'
import { NameIndex } from '../names/link.ts'
import type { StoredName } from '../names/name-entry.ts'
import { normaliseName, scriptOf } from '../names/names.ts'
import type { EntityDraft, NameDraft, OrganisationDraft, PersonDraft } from './draft.ts'

/**
 * Stores a person. If the slug exists, adds missing data: description, names, external ids, affiliations.
 * Stored values are never overwritten, and an external id of another entity is not moved. Returns the row id.
 */
export async function savePerson(tx: Prisma.TransactionClient, draft: PersonDraft): Promise<string> {
  const id = await saveEntity(tx, 'PERSON', draft)
  for (const affiliation of draft.affiliations ?? []) await addAffiliation(tx, id, affiliation)
  return id
}

/** Stores an organisation in the same way. */
export async function saveOrganisation(
  tx: Prisma.TransactionClient,
  draft: OrganisationDraft,
): Promise<string> {
  return saveEntity(tx, 'ORGANISATION', draft)
}

async function saveEntity(
  tx: Prisma.TransactionClient,
  kind: EntityKind,
  draft: EntityDraft,
): Promise<string> {
  checkEntity(draft)
  const { slug, name, description } = draft
  const stored = await tx.entity.upsert({
    where: { kind_slug: { kind, slug } },
    create: { kind, slug, name, description },
    update: {},
  })
  if (description && !stored.description) {
    await tx.entity.update({ where: { id: stored.id }, data: { description } })
  }
  await tx.name.createMany({ data: nameRows(draft, stored.name, stored.id), skipDuplicates: true })
  const externalIds = externalIdRows(draft, stored.id)
  if (externalIds.length > 0) await tx.externalId.createMany({ data: externalIds, skipDuplicates: true })
  return stored.id
}

/** Loads all stored names into a name index. */
export async function loadNameIndex(db: PrismaClient | Prisma.TransactionClient): Promise<NameIndex> {
  const rows = await db.$queryRaw<(Omit<StoredName, 'owner'> & { ownerId: string; ownerKind: EntityKind })[]>`
    SELECT n."text", n."kind", n."language", e."id" AS "ownerId", e."kind" AS "ownerKind"
    FROM "Name" n JOIN "Entity" e ON e."id" = n."entityId"`
  return new NameIndex(
    rows.map(({ ownerId, ownerKind, ...name }) => ({ ...name, owner: { kind: ownerKind, id: ownerId } })),
  )
}

/** @throws InvalidInput for an invalid slug, or a name without letters and digits */
export function checkEntity(draft: EntityDraft): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(draft.slug)) {
    throw new InvalidInput(
      'slug',
      `"${draft.slug}" is not a slug: use lower-case letters, digits and hyphens.`,
    )
  }
  for (const name of [draft.name, ...(draft.names ?? []).map((each) => each.text)]) {
    if (normaliseName(name) === '')
      throw new InvalidInput('name', `The name "${name}" has no letter or digit.`)
  }
}

/** The rows for all names of a draft; `canonical` is the canonical name. */
export function nameRows(
  draft: EntityDraft,
  canonical: string,
  entityId: string,
): Prisma.NameCreateManyInput[] {
  const own: NameDraft[] = draft.name === canonical ? [] : [{ text: draft.name, kind: 'ALIAS' }]
  return [{ text: canonical, kind: 'CANONICAL' as const }, ...own, ...(draft.names ?? [])].map((name) => ({
    entityId,
    ...name,
    script: ('script' in name && name.script) || scriptOf(name.text),
    normalised: normaliseName(name.text),
  }))
}

/** The rows for the external ids of a draft. */
export function externalIdRows(draft: EntityDraft, entityId: string): Prisma.ExternalIdCreateManyInput[] {
  return Object.entries(draft.externalIds ?? {}).map(([scheme, value]) => ({ scheme, value, entityId }))
}

async function addAffiliation(
  tx: Prisma.TransactionClient,
  personId: string,
  draft: NonNullable<PersonDraft['affiliations']>[number],
): Promise<void> {
  const organisation = await tx.entity.findUnique({
    where: { kind_slug: { kind: 'ORGANISATION', slug: draft.organisation } },
    select: { id: true },
  })
  if (!organisation) throw unknownOrganisation(draft.organisation)
  const { title, from = null, to = null } = draft
  const same = { personId, organisationId: organisation.id, title, from }
  const stored = await tx.affiliation.findFirst({ where: same })
  if (!stored) await tx.affiliation.create({ data: { ...same, to } })
  else if (to && !stored.to) await tx.affiliation.update({ where: { id: stored.id }, data: { to } })
}

/** The error for an affiliation with an organisation that is not stored. */
export function unknownOrganisation(slug: string): InvalidInput {
  return new InvalidInput(
    'affiliations',
    `The organisation "${slug}" of an affiliation does not exist. Add it first.`,
  )
}
