import { absolute, canonicalAddress, contradictingAddress } from './addresses.ts'
import { attribute, type PageDocument } from './dom.ts'
import { isArticleType, isNode, LinkedData, type LinkedNode } from './json-ld.ts'
import { type PageMetadata, readMetadata } from './metadata.ts'
import type { ReadDate } from './page-times.ts'
import { slugify } from './slug.ts'
import { plainFromHtml } from './text.ts'

/** A page and the article that it is about, before headline and body are chosen. */
export interface ArticlePage {
  document: PageDocument
  metadata: PageMetadata
  data: LinkedData
  /** The JSON-LD node of the article, if there is one. */
  node: LinkedNode | undefined
  canonicalUrl: string
  /** Another address that the page gives for the article. */
  statedUrl: string | undefined
}

/** Finds the JSON-LD node and the canonical URL of a page; undefined if it does not state the URL. */
export function readArticlePage(
  document: PageDocument,
  address: string | null,
  readDate: ReadDate,
): ArticlePage | undefined {
  const data = new LinkedData(document)
  const metadata = readMetadata(document, readDate)
  const node = pickNode(data, metadata, address)
  const claims = {
    canonical: canonicalLink(document),
    openGraph: attribute(document.querySelector('meta[property="og:url"]'), 'content'),
    linked: [data.text(node, 'url'), addressOf(data, node)],
    readFrom: address,
    section: data.text(node, 'articleSection') ?? metadata.section,
  }
  const canonicalUrl = canonicalAddress(claims)
  if (!canonicalUrl) return undefined
  return {
    document,
    metadata,
    data,
    node,
    canonicalUrl,
    statedUrl: contradictingAddress(claims, canonicalUrl),
  }
}

/** The URL in the `<link rel="canonical">` of a page. */
export function canonicalLink(document: PageDocument): string | undefined {
  return attribute(document.querySelector('link[rel~="canonical"]'), 'href')
}

/** The names of the outlet: the publisher, the site, and parts of its host name. */
export function outletNames({ data, node, metadata, canonicalUrl }: ArticlePage): string[] {
  const publishers = data
    .values(node, 'publisher')
    .map((value) => (isNode(value) ? data.text(value, 'name') : value))
  const host = new URL(canonicalUrl).hostname.replace(/^www\./, '')
  const label = host.split('.').toSorted((a, b) => b.length - a.length)[0]!
  return [...publishers, metadata.siteName, host, label].filter(
    (name) => typeof name === 'string' && name !== '',
  ) as string[]
}

/** The language that the JSON-LD of an article states. */
export function statedLanguage({ data, node }: ArticlePage): string | undefined {
  for (const value of data.values(node, 'inLanguage')) {
    if (typeof value === 'string') return value
    if (isNode(value)) return data.text(value, 'alternateName', 'name')
  }
  return undefined
}

/** The node of the page's article: the one with its address or headline, otherwise the one with most properties. */
function pickNode(data: LinkedData, metadata: PageMetadata, address: string | null): LinkedNode | undefined {
  const own = slugify(metadata.headline ?? metadata.headings[0] ?? '')
  const path = absolute(address ?? undefined)?.pathname
  const score = (node: LinkedNode): number => {
    const headline = slugify(plainFromHtml(data.text(node, 'headline', 'name') ?? ''))
    const sameAddress =
      path && path !== '/' && absolute(addressOf(data, node) ?? data.text(node, 'url'))?.pathname === path
    return (
      (sameAddress ? 40 : 0) +
      (headline !== '' && own !== '' && (own.startsWith(headline) || headline.startsWith(own)) ? 30 : 0) +
      (data.text(node, 'datePublished') ? 15 : 0) +
      (data.text(node, 'articleBody') ? 10 : 0) +
      (headline !== '' ? 10 : 0) +
      Math.min(9, Object.keys(node).length / 3)
    )
  }
  const nodes = data
    .ofType(isArticleType)
    .filter((node) => data.text(node, 'headline', 'name', 'articleBody', 'datePublished'))
  return nodes.toSorted((a, b) => score(b) - score(a))[0]
}

function addressOf(data: LinkedData, node: LinkedNode | undefined): string | undefined {
  for (const value of [...data.values(node, 'mainEntityOfPage'), ...data.values(node, '@id')]) {
    const id = isNode(value) ? data.text(value, '@id', 'url') : value
    if (typeof id === 'string' && /^https?:/.test(id)) return id.replace(/#.*$/, '')
  }
  return undefined
}
