import type { EntityDraft, NamedOrganisation, NamedPerson } from '../articles/draft.ts'
import { saveOrganisation, savePerson } from '../articles/save-entity.ts'
import type { EntityKind, PrismaClient } from '../db/client/client.ts'
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
  for (const [kind, drafts] of [
    ['ORGANISATION', organisations],
    ['PERSON', people],
  ] as const) {
    for (const draft of drafts) {
      const owner = await findOrCreate(db, kind, draft, { names, language })
      if (owner) owners.set(`${kind} ${draft.slug}`, owner)
    }
  }
  const slugs = await slugsOf(db, [...owners.values()])
  // A person in the page may be stored as an organisation, and the other way round.
  const named = [
    ...(article.organisations ?? []).map(({ organisation, namedIn }) => ({
      owner: owners.get(`ORGANISATION ${organisation}`),
      namedIn,
      rolesAsPrinted: undefined,
    })),
    ...(article.people ?? []).map(({ person, namedIn, rolesAsPrinted }) => ({
      owner: owners.get(`PERSON ${person}`),
      namedIn,
      rolesAsPrinted,
    })),
  ]
  return {
    people: named.flatMap(({ owner, namedIn, rolesAsPrinted }) =>
      owner?.kind === 'PERSON' ? [{ person: slugs.get(owner.id)!, namedIn, rolesAsPrinted }] : [],
    ),
    organisations: named.flatMap(({ owner, namedIn }) =>
      owner?.kind === 'ORGANISATION' ? [{ organisation: slugs.get(owner.id)!, namedIn }] : [],
    ),
  }
}

/** The owner of a name, created if there is none; undefined if the name has several owners. */
async function findOrCreate(
  db: PrismaClient,
  kind: EntityKind,
  draft: EntityDraft,
  { names, language }: { names: NameIndex; language: string },
): Promise<NameOwner | undefined> {
  const found = (await ownerByExternalId(db, draft)) ?? names.ownerOf(draft.name)
  if (found === 'several') return undefined
  if (found) return found
  // An alias that another entity has would become ambiguous and no longer link to it.
  const free = draft.names
    ?.filter(({ text }) => names.ownerOf(text) === undefined)
    // The meaning of an acronym depends on the language.
    .map((name) => (name.kind === 'ACRONYM' ? { language, ...name } : name))
  const owner = await create(db, kind, { ...draft, names: free })
  names.add({ text: draft.name, kind: 'CANONICAL', owner })
  for (const name of free ?? []) names.add({ ...name, owner })
  return owner
}

async function create(db: PrismaClient, kind: EntityKind, draft: EntityDraft): Promise<NameOwner> {
  const key = { kind, slug: draft.slug }
  const taken = await db.entity.findUnique({ where: { kind_slug: key }, select: { id: true } })
  const slug = taken ? `${draft.slug}-${digest(draft.name)}` : draft.slug
  const save = kind === 'PERSON' ? savePerson : saveOrganisation
  return { kind, id: await db.$transaction((tx) => save(tx, { ...draft, slug })) }
}

async function ownerByExternalId(db: PrismaClient, draft: EntityDraft): Promise<NameOwner | undefined> {
  for (const [scheme, value] of Object.entries(draft.externalIds ?? {})) {
    const row = await db.externalId.findUnique({
      where: { scheme_value: { scheme, value } },
      select: { entity: { select: { kind: true, id: true } } },
    })
    if (row) return row.entity
  }
  return undefined
}

async function slugsOf(db: PrismaClient, owners: NameOwner[]): Promise<Map<string, string>> {
  if (owners.length === 0) return new Map()
  const rows = await db.entity.findMany({
    where: { id: { in: owners.map(({ id }) => id) } },
    select: { id: true, slug: true },
  })
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}
