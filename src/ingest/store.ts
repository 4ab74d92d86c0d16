import type { EntityDraft, OrganisationDraft, PersonDraft } from '../articles/draft.ts'
import { type SavedArticle, saveArticle } from '../articles/save.ts'
import { saveOrganisation, savePerson } from '../articles/save-entity.ts'
import { draftOf } from '../articles/snapshot.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { NameIndex, NameOwner } from '../names/link.ts'
import { absolute, spellingsOf, storyKey, withoutTracking } from './addresses.ts'
import type { ReadStory } from './draft.ts'
import { resembles } from './headline.ts'
import { PageError } from './page.ts'
import { hasMostlySameText } from './same-text.ts'
import { digest, slugOf } from './slug.ts'

/**
 * Stores an article that was read from a page. Creates the people and organisations that do not exist yet, and
 * links existing ones by external id or name. New names are added to `names`. A name with several owners links
 * to none of them.
 */
export async function storeStory(
  db: PrismaClient,
  { article: read, people, organisations, readFrom, hasNoZone, notes }: ReadStory,
  deps: { now: Date; names: NameIndex },
): Promise<SavedArticle & { slug: string; url: string; notes: string[] }> {
  const { publishedAt, ...place } = await placeOf(db, read, readFrom)
  // A zone that is assumed again, later, must not make another version of the same page.
  const difference = hasNoZone && publishedAt ? publishedAt.getTime() - read.publishedAt.getTime() : 0
  const shift = Math.abs(difference) <= MAX_SHIFT_MS ? difference : 0
  const moved = (date: Date) => new Date(date.getTime() + shift)
  const article = {
    ...read,
    ...place,
    publishedAt: moved(read.publishedAt),
    ...(read.updatedAt && { updatedAt: moved(read.updatedAt) }),
  }
  const known = new Map<string, NameOwner>()
  for (const draft of organisations) await know(known, `organisation ${draft.slug}`, draft, organisationStore)
  for (const draft of people) await know(known, `person ${draft.slug}`, draft, personStore)
  const slugs = await slugsOf(db, [...known.values()])
  const named = [
    ...(article.organisations ?? []).map(({ organisation, namedIn }) => ({
      owner: known.get(`organisation ${organisation}`),
      namedIn,
      rolesAsPrinted: undefined,
    })),
    ...(article.people ?? []).map(({ person, namedIn, rolesAsPrinted }) => ({
      owner: known.get(`person ${person}`),
      namedIn,
      rolesAsPrinted,
    })),
  ]
  const slug = await freeSlug(db, article.slug, article.canonicalUrl)
  const saved = await saveArticle(
    db,
    {
      ...article,
      slug,
      people: named.flatMap(({ owner, namedIn, rolesAsPrinted }) =>
        owner && 'person' in owner ? [{ person: slugs.get(owner.person)!, namedIn, rolesAsPrinted }] : [],
      ),
      organisations: named.flatMap(({ owner, namedIn }) =>
        owner && 'organisation' in owner ? [{ organisation: slugs.get(owner.organisation)!, namedIn }] : [],
      ),
    },
    deps,
  )
  const said = shift === 0 ? notes : ['its dates have no zone: the one that was assumed before is kept']
  return { ...saved, slug, url: article.canonicalUrl, notes: said }

  async function know<D extends EntityDraft>(
    into: Map<string, NameOwner>,
    key: string,
    draft: D,
    store: (db: PrismaClient, draft: D) => Promise<NameOwner>,
  ): Promise<void> {
    const found = (await ownerByExternalId(db, draft)) ?? deps.names.ownerOf(draft.name)
    if (found === 'several') return
    // An alias that somebody has would become ambiguous, and stop linking to them.
    const free = draft.names
      ?.filter(({ text }) => deps.names.ownerOf(text) === undefined)
      // What an acronym means depends on the language.
      .map((name) => (name.kind === 'ACRONYM' ? { language: read.language, ...name } : name))
    const owner = found ?? (await store(db, { ...draft, names: free }))
    into.set(key, owner)
    if (found) return
    deps.names.add({ text: draft.name, kind: 'CANONICAL', owner })
    for (const name of free ?? []) deps.names.add({ ...name, owner })
  }
}

/** The maximum difference of two time zones. */
const MAX_SHIFT_MS = 26 * 3_600_000

/**
 * The address under which an article is stored: the spelling that is already stored. If a page gives the address
 * of another article (neither its headline nor its text is similar), the address from which it was read is used.
 * @throws PageError when there is none
 */
async function placeOf(
  db: PrismaClient,
  { canonicalUrl, slug, headline, blocks }: ReadStory['article'],
  readFrom: string | null,
): Promise<{ canonicalUrl: string; slug: string; publishedAt?: Date }> {
  const stored = await storedAt(db, canonicalUrl)
  if (!stored) return { canonicalUrl, slug }
  const own = absolute(readFrom ?? undefined)
  const isThere = own !== undefined && storyKey(own) === storyKey(new URL(stored.canonicalUrl))
  const [imported] = stored.revisions
  const previous = imported && draftOf(imported.snapshot)
  const isSame =
    isThere ||
    resembles(headline, stored.headline) ||
    (previous !== undefined &&
      (resembles(headline, previous.headline) || hasMostlySameText(blocks, previous.blocks)))
  if (isSame) {
    const { publishedAt } = previous ?? stored
    return { canonicalUrl: stored.canonicalUrl, slug, publishedAt }
  }
  if (!own) {
    throw new PageError(
      `The page gives ${canonicalUrl} as its canonical URL, but another article is stored there. Read the page from its own URL.`,
    )
  }
  const url = withoutTracking(own)
  const known = await storedAt(db, url)
  return { canonicalUrl: known?.canonicalUrl ?? url, slug: slugOf(url, headline) }
}

async function storedAt(db: PrismaClient, address: string) {
  return db.article.findFirst({
    where: { canonicalUrl: { in: spellingsOf(address) } },
    orderBy: { id: 'asc' },
    select: {
      canonicalUrl: true,
      headline: true,
      publishedAt: true,
      revisions: {
        where: { editor: null },
        orderBy: { version: 'desc' },
        take: 1,
        select: { snapshot: true },
      },
    },
  })
}

async function personStore(db: PrismaClient, draft: PersonDraft): Promise<NameOwner> {
  const taken = await db.person.findUnique({ where: { slug: draft.slug }, select: { id: true } })
  const slug = taken ? `${draft.slug}-${digest(draft.name)}` : draft.slug
  return { person: await db.$transaction((tx) => savePerson(tx, { ...draft, slug })) }
}

async function organisationStore(db: PrismaClient, draft: OrganisationDraft): Promise<NameOwner> {
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

/** The stored slug of the article, or the wanted one; with a digest of the address if another article has it. */
async function freeSlug(db: PrismaClient, slug: string, canonicalUrl: string): Promise<string> {
  const stored = await db.article.findUnique({ where: { canonicalUrl }, select: { slug: true } })
  if (stored) return stored.slug
  const taken = await db.article.findUnique({ where: { slug }, select: { id: true } })
  return taken ? `${slug}-${digest(canonicalUrl)}` : slug
}
