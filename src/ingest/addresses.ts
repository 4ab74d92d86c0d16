import { attribute, type PageDocument } from './dom.ts'

/** An absolute http(s) address, resolved against a base; undefined when it is none. */
export function absolute(address: string | undefined, base?: string | null): URL | undefined {
  if (!address) return undefined
  const url = URL.parse(address.trim(), base ?? undefined)
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined
}

/**
 * The address of the story itself: the page's canonical link, `og:url`, what JSON-LD calls it, or the
 * address it was read from. Fragment and tracking parameters are dropped. A page that calls its site's
 * front page canonical is not believed.
 */
export function canonicalAddress(
  document: PageDocument,
  named: (string | undefined)[],
  readFrom: string | null,
): string | undefined {
  const claims = [
    attribute(document.querySelector('link[rel~="canonical"]'), 'href'),
    attribute(document.querySelector('meta[property="og:url"]'), 'content'),
    ...named,
  ]
  const own = absolute(readFrom ?? undefined)
  for (const claim of claims) {
    const url = absolute(claim, readFrom)
    if (url && !(isFrontPage(url) && own && !isFrontPage(own)) && !/^(localhost|127\.)/.test(url.hostname)) {
      return withoutTracking(url)
    }
  }
  return own && withoutTracking(own)
}

/** Whether an address is a site's front page, or that of one of its languages. */
export function isFrontPage(url: URL): boolean {
  return /^\/(?:[a-z]{2,3}(?:-[a-z]{2,4})?\/?|index\.\w+|home\/?)?$/i.test(url.pathname) && url.search === ''
}

function withoutTracking(url: URL): string {
  const clean = new URL(url)
  clean.hash = ''
  for (const name of [...clean.searchParams.keys()]) if (tracking.test(name)) clean.searchParams.delete(name)
  return clean.href
}

const tracking =
  /^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|at_\w+|ref_src|ref_url|ocid|cmpid|cmp|ns_\w+|xtor|smid|smtyp|__twitter_impression|guccounter|guce_\w+|spm|s_cid|sc_\w+|wt_\w+)$/i
