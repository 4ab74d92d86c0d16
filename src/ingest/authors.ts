import { normaliseName } from '../names/names.ts'
import type { ArticlePage } from './article-page.ts'
import { isAgency } from './credit.ts'
import { isNode, isOrganisationType, type LinkedData, type LinkedNode, typesOf } from './json-ld.ts'
import { slugify } from './slug.ts'
import { plainFromHtml } from './text.ts'

/** An author as the page prints the name, with its JSON-LD node if there is one. */
export interface Author {
  name: string
  kind: 'person' | 'organisation' | 'untyped'
  node?: LinkedNode
}

/** The authors of an article: those in JSON-LD, otherwise in meta tags, otherwise in the byline of the page. */
export function authorsOf({ data, node, metadata }: ArticlePage, byline: string | undefined): Author[] {
  const linked = linkedAuthors(data, node)
  const stated = linked.length > 0 ? linked : printedAuthors(metadata.authors)
  return stated.length > 0 || !byline ? stated : printedAuthors([byline])
}

/** The names of the authors, without those of the outlet itself. */
export function bylineOf(authors: readonly Author[], outlets: readonly string[]): string {
  const isOutlet = (name: string) =>
    slugify(name) !== '' && outlets.some((outlet) => slugify(outlet) === slugify(name))
  return authors
    .map(({ name }) => name)
    .filter((name) => !isOutlet(name))
    .join(', ')
}

/** The authors in JSON-LD: given as text, object or list. */
export function linkedAuthors(data: LinkedData, article: LinkedNode | undefined): Author[] {
  const values =
    data.values(article, 'author').length > 0
      ? data.values(article, 'author')
      : data.values(article, 'creator')
  const authors = values.flatMap((value): Author[] => {
    if (typeof value === 'string') return namesIn(value).map((name) => ({ name, kind: 'untyped' }))
    if (!isNode(value)) return []
    const types = typesOf(value)
    const typed = types.some(isOrganisationType)
      ? 'organisation'
      : types.includes('Person')
        ? 'person'
        : 'untyped'
    // An author object may list several people in its one name, or hold a list of names.
    return data.values(value, 'name').flatMap((written) => {
      if (typeof written !== 'string') return []
      const names = typed === 'organisation' ? [plainFromHtml(written)] : namesIn(written)
      const node = names.length === 1 ? value : undefined
      return names.filter(Boolean).map((name) => ({ name, kind: typed, ...(node && { node }) }))
    })
  })
  return withoutRepeats(authors)
}

/** The authors in meta tags, without URLs of profiles. */
export function printedAuthors(written: string[]): Author[] {
  return withoutRepeats(written.flatMap(namesIn).map((name) => ({ name, kind: 'untyped' })))
}

/** Whether a name is that of a person: at least two words, and not a desk, an outlet or an agency. */
export function isPersonsName(name: string, outlets: string[]): boolean {
  const normal = normaliseName(name)
  const count = normal.split(' ').length
  if (count < 2 || count > 6 || name.length > 80 || /[\d@/]/.test(name) || isAgency(name)) return false
  if (desks.test(normal)) return false
  return !outlets
    .map(normaliseName)
    .some((outlet) => outlet !== '' && (outlet === normal || ` ${normal} `.includes(` ${outlet} `)))
}

function namesIn(written: string): string[] {
  const text = plainFromHtml(written).replace(
    /^(?:by|von|par|por|di|door|af|av|بقلم|كتب|yazan|автор)[:\s]\s*/iu,
    '',
  )
  return text
    .split(/\s*[,;|]\s*/u)
    .flatMap(parted)
    .map((name) =>
      name
        .replace(/\s*\([^()]{0,80}\)$/, '')
        .replace(/(?:\/|\s)(?!(?:jr|sr)$)\p{Ll}{2,3}(?:\/\p{Ll}{2,3}){0,3}$/u, '')
        .trim(),
    )
    .filter(
      (name) =>
        name.length > 1 &&
        name.length <= 80 &&
        !/^https?:|^www\.|^@|\S@\S/i.test(name) &&
        /\p{L}/u.test(name),
    )
}

/** Splits two names at "and". Each needs two words, because a single name may contain the word, as in Portuguese. */
function parted(names: string): string[] {
  const parts = names.split(/\s+(?:and|und|et|y|e|og|och|ve|&)\s+/u)
  return parts.every((part) => part.includes(' ')) ? parts : [names]
}

function withoutRepeats(authors: Author[]): Author[] {
  const seen = new Set<string>()
  return authors.filter(({ name }) => !seen.has(normaliseName(name)) && seen.add(normaliseName(name)))
}

const desks =
  /\b(?:staff|editors?|editorial|newsroom|news|desk|team|admin|administrator|webmaster|correspondent|correspondents|reporter|reporters|contributor|agencies|agency|bureau|service|online|media|press|redaktion|redaction|redazione|redaccion|redacao|redactie|redakcja|redakce|redaktionen|toimitus|rédaction|haber|merkezi|servisi|dpa|afp|guest|author)\b|(?:redaktion|redakcja)\b|(?:^| )(?:تحرير|التحرير|هيئه|قسم|وكالات|редакция|редакция)(?: |$)/u
