import type { ArticleDraft, OrganisationDraft, PersonDraft, TopicDraft } from '../articles/draft.ts'
import { absolute, canonicalAddress } from './addresses.ts'
import { linkedAuthors, printedAuthors } from './authors.ts'
import { readBody } from './body.ts'
import { printedByline } from './byline.ts'
import { linkedCredit } from './credit-node.ts'
import { dateInAddress } from './dates.ts'
import { attribute, type PageDocument, parseDocument, wholeDocument } from './dom.ts'
import { readEntities } from './entities.ts'
import { headlineOf, standfirstOf } from './headline.ts'
import { leadImage } from './images.ts'
import { isArticleType, isNode, LinkedData, type LinkedNode } from './json-ld.ts'
import { languageOf } from './language.ts'
import { checkComplexity, PageTooComplex } from './limits.ts'
import { isListPage, isSectionPage } from './list-pages.ts'
import { MAX_BLOCKS } from './max.ts'
import { type PageMetadata, readMetadata } from './metadata.ts'
import { type DateSettings, PageDates } from './page-dates.ts'
import { digest, slugify, slugOf } from './slug.ts'
import { plainFromHtml } from './text.ts'
import { visibleDate } from './visible-date.ts'

/** Why a page contains no article. */
export interface Unreadable {
  reason:
    | 'FRONT_PAGE'
    | 'CONSENT'
    | 'NOT_AN_ARTICLE'
    | 'PAYWALL'
    | 'NO_HEADLINE'
    | 'NO_DATE'
    | 'NO_ADDRESS'
    | 'TOO_COMPLEX'
  /** One sentence for the user. */
  message: string
}

export interface ReadStory {
  article: ArticleDraft
  people: PersonDraft[]
  organisations: OrganisationDraft[]
  /** Where the page was read from; null for a file. */
  readFrom: string | null
  /** Whether the dates of the page have no time zone. */
  hasNoZone: boolean
  /** Assumptions, one sentence each. */
  notes: string[]
}

/**
 * Reads a news page: its JSON-LD, Open Graph and the page itself for values that JSON-LD lacks, and its body.
 * `address` is the address from which the page was read, or null for a file; then the page must contain its
 * canonical address.
 */
export function readStory(
  html: string,
  address: string | null,
  settings: DateSettings = { now: new Date(), zones: new Map() },
): ReadStory | Unreadable {
  try {
    return read(html, address, settings)
  } catch (error) {
    if (error instanceof PageTooComplex) return unreadable('TOO_COMPLEX', error.message)
    throw error
  }
}

function read(html: string, address: string | null, settings: DateSettings): ReadStory | Unreadable {
  checkComplexity(wholeDocument(html))
  const document = parseDocument(html)
  const data = new LinkedData(document)
  const claimed = attribute(document.querySelector('link[rel~="canonical"]'), 'href')
  const dates = new PageDates(settings, {
    html,
    address: address ?? claimed ?? null,
    language: attribute(document.documentElement, 'lang', 'xml:lang'),
  })
  const readDate = dates.read
  const metadata = readMetadata(document, readDate)
  const story = pickStory(data, metadata, address)
  const canonicalUrl = canonicalAddress({
    canonical: attribute(document.querySelector('link[rel~="canonical"]'), 'href'),
    openGraph: attribute(document.querySelector('meta[property="og:url"]'), 'content'),
    linked: [data.text(story, 'url'), addressOf(data, story)],
    readFrom: address,
    section: data.text(story, 'articleSection') ?? metadata.section,
  })
  if (!canonicalUrl) return unreadable('NO_ADDRESS', 'The page does not state its canonical URL.')

  const front = frontPage(canonicalUrl, story, metadata)
  if (front) return front
  const outlets = outletNames(data, story, metadata, canonicalUrl)
  const top = headlineOf([data.text(story, 'headline'), data.text(story, 'name')], metadata, outlets)
  if (!top) return unreadable('NO_HEADLINE', 'The page has no headline.')
  const { headline, kicker } = top

  const printed = printedByline(document)
  const picture = pictureOf(document, data, story, metadata, canonicalUrl)
  const blocks = readBody(html, {
    address: canonicalUrl,
    headline,
    articleBody: data.text(story, 'articleBody'),
    leadImage: picture,
    byline: printed,
  })
  if (blocks.length > MAX_BLOCKS) {
    return unreadable('TOO_COMPLEX', `The story has ${blocks.length} blocks; the maximum is ${MAX_BLOCKS}.`)
  }
  const text = blocks.map((block) => ('text' in block ? block.text : '')).join(' ')
  const bodiless = withoutBody(text, headline, document, data, story, metadata)
  if (bodiless) return bodiless

  const language = languageOf([languageIn(data, story), ...metadata.languages], `${headline} ${text}`)
  const firstPublished =
    statedPublication({ data, story, metadata, canonicalUrl, readDate }) ??
    visibleDate(document, language, readDate)
  if (!firstPublished) {
    return story || metadata.type === 'article'
      ? unreadable('NO_DATE', 'The page does not state its publication date.')
      : unreadable('NOT_AN_ARTICLE', 'The page is not marked as an article and has no date.')
  }
  const lastChanged = readDate(data.text(story, 'dateModified')) ?? metadata.modified
  const settled = dates.settle([firstPublished, lastChanged])
  const [published = firstPublished, updated] = settled.dates

  const authors = authorsOf(data, story, metadata.authors, printed)
  const byline = bylineOf(authors, outlets)
  const entities = readEntities(data, story, authors, outlets)
  const standfirst = standfirstOf(data.text(story, 'description'), metadata.standfirst, headline, blocks)
  const topic = topicOf(data.text(story, 'articleSection') ?? metadata.section)
  const dateline = plainFromHtml(data.text(story, 'dateline') ?? '')
  return {
    article: {
      slug: slugOf(canonicalUrl, headline),
      canonicalUrl,
      language,
      ...(kicker && { kicker }),
      headline,
      ...(standfirst && { standfirst }),
      ...(dateline !== '' && { dateline: { text: dateline } }),
      ...(byline !== '' && { byline }),
      ...(topic && { topic }),
      publishedAt: published,
      updatedAt: updated && updated > published ? updated : published,
      ...(picture && { leadImage: picture }),
      blocks,
      ...(entities.namedPeople.length > 0 && { people: entities.namedPeople }),
      ...(entities.namedOrganisations.length > 0 && { organisations: entities.namedOrganisations }),
    },
    people: entities.people,
    organisations: entities.organisations,
    readFrom: address,
    hasNoZone: settled.hasNoZone,
    notes: settled.notes,
  }
}

/** The date of publication by the page's markup, the most reliable claim first. */
function statedPublication({ data, story, metadata, canonicalUrl, readDate }: DateClaims): Date | undefined {
  return (
    readDate(data.text(story, 'datePublished')) ??
    metadata.published ??
    readDate(data.text(story, 'dateCreated', 'uploadDate')) ??
    readDate(dateInAddress(canonicalUrl)?.toISOString().slice(0, 10)) ??
    readDate(data.text(story, 'dateModified')) ??
    metadata.modified
  )
}

interface DateClaims {
  data: LinkedData
  story: LinkedNode | undefined
  metadata: PageMetadata
  canonicalUrl: string
  readDate: PageDates['read']
}

/** The authors by JSON-LD, else by the metadata, else by the byline that the page prints. */
function authorsOf(
  data: LinkedData,
  story: LinkedNode | undefined,
  named: PageMetadata['authors'],
  printed: ReturnType<typeof printedByline>,
) {
  const linked = linkedAuthors(data, story)
  const stated = linked.length > 0 ? linked : printedAuthors(named)
  return stated.length > 0 || !printed ? stated : printedAuthors([printed])
}

/** The names of the authors, without those of the outlet itself. */
function bylineOf(authors: readonly { name: string }[], outlets: readonly string[]): string {
  const isOutlet = (name: string) =>
    slugify(name) !== '' && outlets.some((outlet) => slugify(outlet) === slugify(name))
  return authors
    .map(({ name }) => name)
    .filter((name) => !isOutlet(name))
    .join(', ')
}

function unreadable(reason: Unreadable['reason'], message: string): Unreadable {
  return { reason, message }
}

/** The node of the page's article: the one with its address or headline, otherwise the one with most properties. */
function pickStory(data: LinkedData, metadata: PageMetadata, address: string | null): LinkedNode | undefined {
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
  const stories = data
    .ofType(isArticleType)
    .filter((node) => data.text(node, 'headline', 'name', 'articleBody', 'datePublished'))
  return stories.toSorted((a, b) => score(b) - score(a))[0]
}

function addressOf(data: LinkedData, story: LinkedNode | undefined): string | undefined {
  for (const value of [...data.values(story, 'mainEntityOfPage'), ...data.values(story, '@id')]) {
    const id = isNode(value) ? data.text(value, '@id', 'url') : value
    if (typeof id === 'string' && /^https?:/.test(id)) return id.replace(/#.*$/, '')
  }
  return undefined
}

function frontPage(
  address: string,
  story: LinkedNode | undefined,
  metadata: PageMetadata,
): Unreadable | undefined {
  const url = new URL(address)
  if (/^(?:consent|guce|myprivacy|privacy)\./.test(url.hostname)) {
    return unreadable('CONSENT', 'This is a consent page, not the article.')
  }
  if (!isListPage(url)) return undefined
  const kind = isSectionPage(url) ? 'a section of its site' : 'its site\u2019s front page'
  if (story && metadata.type === 'article') {
    return unreadable(
      'NO_ADDRESS',
      `The page gives ${kind}, ${address}, as its canonical URL. Read it from the URL of the article.`,
    )
  }
  return unreadable(
    'FRONT_PAGE',
    isSectionPage(url) ? 'This is a section, not an article.' : 'This is a front page, not an article.',
  )
}

function withoutBody(
  text: string,
  headline: string,
  document: PageDocument,
  data: LinkedData,
  story: LinkedNode | undefined,
  metadata: PageMetadata,
): Unreadable | undefined {
  const letters = text.replace(/[^\p{L}\p{N}]/gu, '').length
  const claimed = story !== undefined || metadata.type === 'article'
  if (/\b(?:consent|cookies|before you continue)\b/i.test(headline) && letters < 3000 && !story) {
    return unreadable('CONSENT', 'This is a consent page, not the article.')
  }
  const dense = /[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]/.test(text)
  if (letters >= (claimed ? 80 : 250) / (dense ? 3 : 1)) return undefined
  const paid =
    /false/i.test(data.text(story, 'isAccessibleForFree') ?? String(story?.isAccessibleForFree ?? '')) ||
    document.querySelector('[class*="paywall"], [id*="paywall"]') !== null
  if (paid)
    return unreadable('PAYWALL', 'The page contains only part of the article: the rest is behind a paywall.')
  return unreadable('NOT_AN_ARTICLE', 'The page contains no article text.')
}

function outletNames(
  data: LinkedData,
  story: LinkedNode | undefined,
  metadata: PageMetadata,
  address: string,
): string[] {
  const publishers = data
    .values(story, 'publisher')
    .map((value) => (isNode(value) ? data.text(value, 'name') : value))
  const host = new URL(address).hostname.replace(/^www\./, '')
  const label = host.split('.').toSorted((a, b) => b.length - a.length)[0]!
  return [...publishers, metadata.siteName, host, label].filter(
    (name) => typeof name === 'string' && name !== '',
  ) as string[]
}

function pictureOf(
  document: PageDocument,
  data: LinkedData,
  story: LinkedNode | undefined,
  metadata: PageMetadata,
  base: string,
) {
  for (const value of [...data.values(story, 'image'), ...data.values(story, 'thumbnailUrl')]) {
    const url = isNode(value) ? data.text(value, 'url', 'contentUrl', '@id') : value
    const image = typeof url === 'string' ? leadImage(document, url, base) : undefined
    if (!image) continue
    return isNode(value) ? { ...linkedCredit(data, value), ...image } : image
  }
  if (!metadata.image) return undefined
  const image = leadImage(document, metadata.image.url, base)
  return image && { ...(metadata.image.alt && { alt: metadata.image.alt }), ...image }
}

function languageIn(data: LinkedData, story: LinkedNode | undefined): string | undefined {
  for (const value of data.values(story, 'inLanguage')) {
    if (typeof value === 'string') return value
    if (isNode(value)) return data.text(value, 'alternateName', 'name')
  }
  return undefined
}

function topicOf(section: string | undefined): TopicDraft | undefined {
  const label = plainFromHtml(section ?? '').split(/\s*[,;>|]\s*/)[0]!
  if (label.length > 60 || !/\p{L}/u.test(label) || /^uncategori[sz]ed$/i.test(label)) return undefined
  return { slug: slugify(label) || `topic-${digest(label)}`, label }
}
