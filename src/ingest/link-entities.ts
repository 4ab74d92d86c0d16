import type {
  EntityDraft,
  NamedOrganisation,
  NamedPerson,
  OrganisationDraft,
  PersonDraft,
} from '../articles/draft.ts'
import { saveOrganisation, savePerson } from '../articles/save-entity.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { NameIndex } from '../names/link.ts'
import type { NameOwner } from '../names/name-entry.ts'
import type { ReadArticle } from './draft.ts'
import { digest } from './slug.ts'

/**
 * The people and organisations of an article with the slugs under which they are stored. Existing ones are found
 * by external id or name; the others are created, and their names are added to `names`. A name with several
 * owners is left out.
 */
export async function linkEntities(
  db: PrismaClient,
  { article, people, organisations }: Pick<ReadArticle, 'article' | 'people' | 'organisations'>,
  names: NameIndex,
): Promise<{ people: NamedPerson[]; organisations: NamedOrganisation[] }> {
  const { language } = article
  const owners = new Map<string, NameOwner>()
  for (const draft of organisations) {
    const owner = await findOrCreate(db, draft, { names, language, create: createOrganisation })
    if (owner) owners.set(`organisation ${draft.slug}`, owner)
  }
  for (const draft of people) {
    const owner = await findOrCreate(db, draft, { names, language, create: createPerson })
    if (owner) owners.set(`person ${draft.slug}`, owner)
  }
  const slugs = await slugsOf(db, [...owners.values()])
  // A person in the page may be stored as an organisation, and the other way round.
  const named = [
    ...(article.organisations ?? []).map(({ organisation, namedIn }) => ({
      owner: owners.get(`organisation ${organisation}`),
      namedIn,
      rolesAsPrinted: undefined,
    })),
    ...(article.people ?? []).map(({ person, namedIn, rolesAsPrinted }) => ({
      owner: owners.get(`person ${person}`),
      namedIn,
      rolesAsPrinted,
    })),
  ]
  return {
    people: named.flatMap(({ owner, namedIn, rolesAsPrinted }) =>
      owner && 'person' in owner ? [{ person: slugs.get(owner.person)!, namedIn, rolesAsPrinted }] : [],
    ),
    organisations: named.flatMap(({ owner, namedIn }) =>
      owner && 'organisation' in owner ? [{ organisation: slugs.get(owner.organisation)!, namedIn }] : [],
    ),
  }
}

/** The owner of a name, created if there is none; undefined if the name has several owners. */
async function findOrCreate<D extends EntityDraft>(
  db: PrismaClient,
  draft: D,
  {
    names,
    language,
    create,
  }: { names: NameIndex; language: string; create: (db: PrismaClient, draft: D) => Promise<NameOwner> },
): Promise<NameOwner | undefined> {
  const found = (await ownerByExternalId(db, draft)) ?? names.ownerOf(draft.name)
  if (found === 'several') return undefined
  if (found) return found
  // An alias that another entity has would become ambiguous and no longer link to it.
  const free = draft.names
    ?.filter(({ text }) => names.ownerOf(text) === undefined)
    // The meaning of an acronym depends on the language.
    .map((name) => (name.kind === 'ACRONYM' ? { language, ...name } : name))
  const owner = await create(db, { ...draft, names: free })
  names.add({ text: draft.name, kind: 'CANONICAL', owner })
  for (const name of free ?? []) names.add({ ...name, owner })
  return owner
}

async function createPerson(db: PrismaClient, draft: PersonDraft): Promise<NameOwner> {
  const taken = await db.person.findUnique({ where: { slug: draft.slug }, select: { id: true } })
  const slug = taken ? `${draft.slug}-${digest(draft.name)}` : draft.slug
  return { person: await db.$transaction((tx) => savePerson(tx, { ...draft, slug })) }
}

async function createOrganisation(db: PrismaClient, draft: OrganisationDraft): Promise<NameOwner> {
  const taken = await db.organisation.findUnique({ where: { slug: draft.slug }, select: { id: true } })
  const slug = taken ? `${draft.slug}-${digest(draft.name)}` : draft.slug
  return { organisation: await db.$transaction((tx) => saveOrganisation(tx, { ...draft, slug })) }
}

async function ownerByExternalId(db: PrismaClient, draft: EntityDraft): Promise<NameOwner | undefined> {
  for (const [scheme, value] of Object.entries(draft.externalIds ?? {})) {
    const row = await db.externalId.findUnique({ where: { scheme_value: { scheme, value } } })
    if (row?.personId) return { person: row.personId }
    if (row?.organisationId) return { organisation: row.organisationId }
  }
  return undefined
}

async function slugsOf(db: PrismaClient, owners: NameOwner[]): Promise<Map<string, string>> {
  if (owners.length === 0) return new Map()
  const people = owners.flatMap((owner) => ('person' in owner ? [owner.person] : []))
  const organisations = owners.flatMap((owner) => ('organisation' in owner ? [owner.organisation] : []))
  const select = { id: true, slug: true }
  const rows = [
    ...(await db.person.findMany({ where: { id: { in: people } }, select })),
    ...(await db.organisation.findMany({ where: { id: { in: organisations } }, select })),
  ]
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}
