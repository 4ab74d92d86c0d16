import { hasIdInQuery, isListPage } from './list-pages.ts'
import { MAX_ADDRESS_CHARACTERS } from './page-limits.ts'
import { slugify } from './slug.ts'

/** An absolute http or https URL, resolved against a base; undefined for anything else. */
export function absolute(address: string | undefined, base?: string | null): URL | undefined {
  if (!address) return undefined
  const url = URL.parse(address.trim(), base ?? undefined)
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined
}

/** The addresses that a page gives for itself. */
export interface AddressClaims {
  canonical: string | undefined
  openGraph: string | undefined
  /** `url` and `mainEntityOfPage` in the JSON-LD of the article. */
  linked: (string | undefined)[]
  /** Where the page was read from; null for a file. */
  readFrom: string | null
  /** The section that the page names. */
  section: string | undefined
}

/**
 * The address of the article. Candidates that are a front page, a section, or the page of which another candidate
 * names one article by an id in its query, are ignored.
 * Returns the candidate that most sources contain, with preference for the canonical link, without fragment and
 * tracking parameters.
 */
export function canonicalAddress(claims: AddressClaims): string | undefined {
  const own = absolute(claims.readFrom ?? undefined)
  const { urls, believed } = weigh(claims)
  const votes = new Map<string, number>()
  for (const { url, weight } of believed)
    votes.set(articleKey(url), (votes.get(articleKey(url)) ?? 0) + weight)
  const most = Math.max(...votes.values())
  const best = believed.find(({ url }) => votes.get(articleKey(url)) === most)?.url
  const list = urls.find((url) => isListPage(url))
  // The address from which the page was read is valid if it lists no articles, even if the page gives another.
  const fallback = own && !isListPage(new URL(withoutTracking(own))) ? own : (list ?? own)
  return best ? withoutTracking(best) : fallback && withoutTracking(fallback)
}

/**
 * An address of the article in the page's metadata that contradicts the chosen one: `og:url` or JSON-LD if there is
 * no `og:url`, otherwise the canonical link.
 */
export function contradictingAddress(claims: AddressClaims, chosen: string): string | undefined {
  const { openGraph, linked, canonical } = claims
  const { believed } = weigh(claims)
  const urlOf = (claim: string | undefined) => believed.find((each) => each.claim === claim)?.url
  const stated = urlOf(openGraph) ? [openGraph] : linked
  const others = [...stated, canonical].map(urlOf).filter((url) => url !== undefined)
  const other = others.find((url) => !isVariant(url, new URL(chosen)))
  return other && withoutTracking(other)
}

/** The valid addresses among the claims, without tracking, and those that are no lists of articles. */
function weigh({ canonical, openGraph, linked, readFrom, section }: AddressClaims) {
  const weighed = [
    { claim: canonical, weight: 3 },
    { claim: openGraph, weight: 2 },
    ...linked.map((claim) => ({ claim, weight: 2 })),
    { claim: readFrom ?? undefined, weight: 3 },
  ].flatMap(({ claim, weight }) => {
    const url = claim && claim.length <= MAX_ADDRESS_CHARACTERS ? absolute(claim, readFrom) : undefined
    const isAllowed = url && (claim === readFrom || !isOwnMachine(url))
    return isAllowed ? [{ claim, url: new URL(withoutTracking(url)), weight }] : []
  })
  const urls = weighed.map(({ url }) => url)
  const believed = weighed.filter(({ url }) => !isListPage(url) && !isSection(url, urls, section))
  return { urls, believed }
}

/** Whether two addresses are the same, or differ only in a query that names no article. */
export function isVariant(one: URL, other: URL): boolean {
  if (articleKey(one) === articleKey(other)) return true
  const hasSamePath =
    siteOf(one) === siteOf(other) && withoutSlash(one.pathname) === withoutSlash(other.pathname)
  return hasSamePath && !hasIdInQuery(one) && !hasIdInQuery(other)
}

/** Whether a candidate is a section: others are below it or differ by an id in the query, or the page names it so. */
function isSection(url: URL, claims: URL[], section: string | undefined): boolean {
  const path = withoutSlash(url.pathname)
  if (url.search !== '') return false
  const isAbove = claims.some(
    (other) =>
      siteOf(other) === siteOf(url) &&
      (withoutSlash(other.pathname).startsWith(`${path}/`) ||
        (withoutSlash(other.pathname) === path && !looksLikeArticle(url) && hasIdInQuery(other))),
  )
  const last = path.slice(path.lastIndexOf('/') + 1)
  const named = section !== undefined && last !== '' && slugify(section) === slugify(last)
  const isWord = /^[a-z]+(?:-[a-z]+)?$/i.test(last)
  const others = claims.filter((other) => articleKey(other) !== articleKey(url))
  return isAbove || named || (isWord && !/\d/.test(path) && others.some(looksLikeArticle))
}

function looksLikeArticle({ pathname }: URL): boolean {
  return /\d{4,}|(?:[^/-]+-){2,}[^/-]+/.test(pathname)
}

/** The address without scheme, www and trailing slash, for comparison. */
export function articleKey(url: URL): string {
  const clean = new URL(withoutTracking(url))
  return `${siteOf(clean)}${withoutSlash(clean.pathname)}${clean.search}`
}

/** The addresses under which the same article may be stored. */
export function spellingsOf(address: string): string[] {
  const url = URL.parse(address)
  if (!url) return [address]
  const rest = `${siteOf(url)}${withoutSlash(url.pathname)}`
  const spellings = ['https://', 'http://', 'https://www.', 'http://www.'].flatMap((start) =>
    ['', '/'].map((end) => `${start}${rest}${end}${url.search}`),
  )
  return [...new Set([address, ...spellings])]
}

/** The same for an address as somebody may write it, with tracking parameters; none if it is no http or https address. */
export function spellingsOfText(text: string): string[] {
  const url = text.length <= MAX_ADDRESS_CHARACTERS ? absolute(text) : undefined
  return url ? spellingsOf(withoutTracking(url)) : []
}

function siteOf(url: URL): string {
  return url.host.replace(/^www\./, '').replace(/:(?:80|443)$/, '')
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

function isOwnMachine(url: URL): boolean {
  return /^(?:localhost|127\.|\[::1\])/.test(url.hostname)
}

/** An address without fragment and tracking parameters. */
export function withoutTracking(url: URL): string {
  const clean = new URL(url)
  clean.hash = ''
  for (const name of [...clean.searchParams.keys()]) if (tracking.test(name)) clean.searchParams.delete(name)
  return clean.href
}

const tracking =
  /^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|at_\w+|ref_src|ref_url|ocid|cmpid|cmp|ns_\w+|xtor|smid|smtyp|__twitter_impression|guccounter|guce_\w+|spm|s_cid|sc_\w+|wt_\w+)$/i
