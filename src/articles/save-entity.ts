import { InvalidInput } from '../base/errors.ts'
import type { Prisma, PrismaClient } from '../db/client/client.ts'
import { NameIndex } from '../names/link.ts'
import type { NameOwner } from '../names/name-entry.ts'
import { normaliseName, scriptOf } from '../names/names.ts'
import type { EntityDraft, NameDraft, OrganisationDraft, PersonDraft } from './draft.ts'

/**
 * Stores a person. If the slug exists, adds missing data: description, names, external ids, affiliations.
 * StoredArticle values are never overwritten, and an external id of another entity is not moved. Returns the row id.
 */
export async function savePerson(tx: Prisma.TransactionClient, draft: PersonDraft): Promise<string> {
  checkEntity(draft)
  const { slug, name, description } = draft
  const stored = await tx.person.upsert({ where: { slug }, create: { slug, name, description }, update: {} })
  if (description && !stored.description) {
    await tx.person.update({ where: { id: stored.id }, data: { description } })
  }
  await addNames(tx, draft, stored.name, { person: stored.id })
  await addExternalIds(tx, draft, { personId: stored.id })
  for (const affiliation of draft.affiliations ?? []) await addAffiliation(tx, stored.id, affiliation)
  return stored.id
}

/** Stores an organisation in the same way. */
export async function saveOrganisation(
  tx: Prisma.TransactionClient,
  draft: OrganisationDraft,
): Promise<string> {
  checkEntity(draft)
  const { slug, name, description } = draft
  const stored = await tx.organisation.upsert({
    where: { slug },
    create: { slug, name, description },
    update: {},
  })
  if (description && !stored.description) {
    await tx.organisation.update({ where: { id: stored.id }, data: { description } })
  }
  await addNames(tx, draft, stored.name, { organisation: stored.id })
  await addExternalIds(tx, draft, { organisationId: stored.id })
  return stored.id
}

/** Loads all stored names into a name index. */
export async function loadNameIndex(db: PrismaClient | Prisma.TransactionClient): Promise<NameIndex> {
  const rows = await db.name.findMany({
    select: { text: true, kind: true, language: true, personId: true, organisationId: true },
  })
  const index = new NameIndex()
  for (const { personId, organisationId, ...name } of rows) {
    if (personId) index.add({ ...name, owner: { person: personId } })
    else if (organisationId) index.add({ ...name, owner: { organisation: organisationId } })
  }
  return index
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

async function addNames(
  tx: Prisma.TransactionClient,
  draft: EntityDraft,
  canonical: string,
  owner: NameOwner,
): Promise<void> {
  await tx.name.createMany({ data: nameRows(draft, canonical, owner), skipDuplicates: true })
}

/** The rows for all names of a draft; `canonical` is the canonical name. */
export function nameRows(
  draft: EntityDraft,
  canonical: string,
  owner: NameOwner,
): Prisma.NameCreateManyInput[] {
  const ids = 'person' in owner ? { personId: owner.person } : { organisationId: owner.organisation }
  const own: NameDraft[] = draft.name === canonical ? [] : [{ text: draft.name, kind: 'ALIAS' }]
  return [{ text: canonical, kind: 'CANONICAL' as const }, ...own, ...(draft.names ?? [])].map((name) => ({
    ...ids,
    ...name,
    script: ('script' in name && name.script) || scriptOf(name.text),
    normalised: normaliseName(name.text),
  }))
}

async function addExternalIds(
  tx: Prisma.TransactionClient,
  draft: EntityDraft,
  owner: { personId: string } | { organisationId: string },
): Promise<void> {
  const data = Object.entries(draft.externalIds ?? {}).map(([scheme, value]) => ({ scheme, value, ...owner }))
  if (data.length > 0) await tx.externalId.createMany({ data, skipDuplicates: true })
}

async function addAffiliation(
  tx: Prisma.TransactionClient,
  personId: string,
  draft: NonNullable<PersonDraft['affiliations']>[number],
): Promise<void> {
  const organisation = await tx.organisation.findUnique({ where: { slug: draft.organisation } })
  if (!organisation) {
    throw new InvalidInput(
      'affiliations',
      `The organisation "${draft.organisation}" of an affiliation does not exist. Add it first.`,
    )
  }
  const { title, from = null, to = null } = draft
  const same = { personId, organisationId: organisation.id, title, from }
  const stored = await tx.affiliation.findFirst({ where: same })
  if (!stored) await tx.affiliation.create({ data: { ...same, to } })
  else if (to && !stored.to) await tx.affiliation.update({ where: { id: stored.id }, data: { to } })
}
