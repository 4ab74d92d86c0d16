import type {
  EntityDraft,
  NameDraft,
  NamedOrganisation,
  NamedPerson,
  OrganisationDraft,
  PersonDraft,
} from '../articles/draft.ts'
import { normaliseName, scriptOf } from '../names/names.ts'
import { type Author, isPersonsName } from './authors.ts'
import { isAgency } from './credit.ts'
import { isNode, isOrganisationType, type LinkedData, type LinkedNode, typesOf } from './json-ld.ts'
import { MAX_ENTITIES } from './page-limits.ts'
import { digest, slugify } from './slug.ts'
import { plainFromHtml } from './text.ts'

/** The people and organisations in the JSON-LD of a page. */
export interface PageEntities {
  people: PersonDraft[]
  organisations: OrganisationDraft[]
  namedPeople: NamedPerson[]
  namedOrganisations: NamedOrganisation[]
}

/**
 * Reads `about`, `mentions` and the authors of an article. Only nodes with the type of a person or an organisation
 * count; keywords and the outlet itself do not.
 */
export function readEntities(
  data: LinkedData,
  article: LinkedNode | undefined,
  authors: Author[],
  outlets: string[],
): PageEntities {
  const found: PageEntities = { people: [], organisations: [], namedPeople: [], namedOrganisations: [] }
  for (const node of [...data.values(article, 'about'), ...data.values(article, 'mentions')]) {
    if (!isNode(node)) continue
    const draft = entityOf(data, node)
    const types = typesOf(node)
    if (!draft || isOutlet(draft.name, outlets)) continue
    if (types.includes('Person')) {
      if (isAgency(draft.name) || /\d/.test(draft.name)) continue
      addPerson(found, draft, 'ARTICLE', data.text(node, 'jobTitle'))
    } else if (types.some(isOrganisationType)) addOrganisation(found, draft, 'ARTICLE')
  }
  for (const { name, kind, node } of authors) {
    const draft = entityOf(data, node ?? { name })
    if (!draft || isOutlet(draft.name, outlets)) continue
    if (kind === 'person' && isPersonsName(name, outlets)) {
      addPerson(found, draft, 'BYLINE', node && data.text(node, 'jobTitle'))
    } else if (kind === 'organisation') addOrganisation(found, draft, 'BYLINE')
  }
  return found
}

function addPerson(
  found: PageEntities,
  draft: PersonDraft,
  namedIn: 'ARTICLE' | 'BYLINE',
  role: string | undefined,
): void {
  if (!found.people.some(({ slug }) => slug === draft.slug)) {
    if (found.people.length >= MAX_ENTITIES) return
    found.people.push(draft)
  }
  if (found.namedPeople.some((named) => named.person === draft.slug && named.namedIn === namedIn)) return
  const printed = plainFromHtml(role ?? '')
  found.namedPeople.push({
    person: draft.slug,
    namedIn,
    ...(printed !== '' && { rolesAsPrinted: [printed] }),
  })
}

function addOrganisation(found: PageEntities, draft: OrganisationDraft, namedIn: 'ARTICLE' | 'BYLINE'): void {
  if (!found.organisations.some(({ slug }) => slug === draft.slug)) {
    if (found.organisations.length >= MAX_ENTITIES) return
    found.organisations.push(draft)
  }
  if (
    found.namedOrganisations.some((named) => named.organisation === draft.slug && named.namedIn === namedIn)
  )
    return
  found.namedOrganisations.push({ organisation: draft.slug, namedIn })
}

function entityOf(data: LinkedData, node: LinkedNode): EntityDraft | undefined {
  const name = plainFromHtml(data.text(node, 'name') ?? '')
  const normal = normaliseName(name)
  if (normal === '' || name.length > 120 || /^https?:/.test(name) || !/\p{L}/u.test(name)) return undefined
  const names = data
    .values(node, 'alternateName')
    .filter((value) => typeof value === 'string')
    .map((text) => plainFromHtml(text))
    .filter(
      (text) =>
        mayLink(text) && normaliseName(text) !== '' && normaliseName(text) !== normal && text.length <= 120,
    )
    .map(
      (text): NameDraft => ({
        text,
        kind: isAcronym(text) ? 'ACRONYM' : 'ALIAS',
        script: scriptOf(text),
      }),
    )
  const wikidata = data
    .values(node, 'sameAs')
    .concat(data.values(node, '@id'))
    .map((value) =>
      typeof value === 'string' ? value.match(/wikidata\.org\/(?:wiki|entity)\/(Q\d+)/)?.[1] : undefined,
    )
    .find(Boolean)
  return {
    slug: slugify(name) || `name-${digest(normal)}`,
    name,
    ...(names.length > 0 && { names }),
    ...(wikidata && { externalIds: { wikidata } }),
  }
}

/** Whether a name may be found in other articles: not a common word, and at least four letters. */
function mayLink(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  if (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text))
    return letters.length > 1
  return letters.length > 3 && !/^\P{L}*\p{Ll}/u.test(text)
}

function isAcronym(text: string): boolean {
  return /^\p{Lu}[\p{Lu}\p{N}&.-]{1,9}$/u.test(text)
}

function isOutlet(name: string, outlets: string[]): boolean {
  const bare = (text: string) => normaliseName(text).replaceAll(' ', '')
  return outlets.some((outlet) => bare(outlet) === bare(name))
}
