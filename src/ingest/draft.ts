import type { ArticleDraft, OrganisationDraft, PersonDraft } from '../articles/draft.ts'
import { canonicalLink, outletNames, readArticlePage, statedLanguage } from './article-page.ts'
import { authorsOf, bylineOf } from './authors.ts'
import { readBody } from './body.ts'
import { printedByline } from './byline.ts'
import { attribute, parseDocument, wholeDocument } from './dom.ts'
import { readEntities } from './entities.ts'
import { headlineOf, standfirstOf } from './headline.ts'
import { languageOf } from './language.ts'
import { leadImageOf } from './lead-image.ts'
import { checkComplexity, PageTooComplex } from './limits.ts'
import { type DateSettings, PageDates } from './page-dates.ts'
import { MAX_BLOCKS } from './page-limits.ts'
import { statedPublication } from './publication-date.ts'
import { slugOf } from './slug.ts'
import { plainFromHtml } from './text.ts'
import { topicOf } from './topic.ts'
import { refusalByAddress, refusalByText, type Unreadable, unreadable } from './unreadable.ts'
import { visibleDate } from './visible-date.ts'

export interface ReadArticle {
  article: ArticleDraft
  people: PersonDraft[]
  organisations: OrganisationDraft[]
  /** Another address that the page gives for the article: its metadata contradict each other. */
  statedUrl?: string
  /** The URL of the page; null for a file. */
  readFrom: string | null
  /** Whether the dates of the page have no time zone. */
  hasNoZone: boolean
  /** Assumptions, one sentence each. */
  notes: string[]
}

/**
 * Reads an article from a news page: values from its JSON-LD, otherwise from Open Graph, otherwise from the page
 * itself, and the body. `address` is the URL of the page, or null for a file; a file must state its canonical URL.
 */
export function readArticle(
  html: string,
  address: string | null,
  settings: DateSettings = { now: new Date(), zones: new Map() },
): ReadArticle | Unreadable {
  try {
    return read(html, address, settings)
  } catch (error) {
    if (error instanceof PageTooComplex) return unreadable('TOO_COMPLEX', error.message)
    throw error
  }
}

function read(html: string, address: string | null, settings: DateSettings): ReadArticle | Unreadable {
  checkComplexity(wholeDocument(html))
  const document = parseDocument(html)
  const dates = new PageDates(settings, {
    html,
    address: address ?? canonicalLink(document) ?? null,
    language: attribute(document.documentElement, 'lang', 'xml:lang'),
  })
  const page = readArticlePage(document, address, dates.read)
  if (!page) return unreadable('NO_ADDRESS', 'The page does not state its canonical URL.')
  const { data, node, metadata, canonicalUrl, statedUrl } = page
  const refusal = refusalByAddress(page)
  if (refusal) return refusal

  const outlets = outletNames(page)
  const title = headlineOf([data.text(node, 'headline'), data.text(node, 'name')], metadata, outlets)
  if (!title) return unreadable('NO_HEADLINE', 'The page has no headline.')
  const { headline, kicker } = title
  const printed = printedByline(document)
  const image = leadImageOf(page)
  const blocks = readBody(html, {
    address: canonicalUrl,
    headline,
    articleBody: data.text(node, 'articleBody'),
    leadImage: image,
    byline: printed,
  })
  if (blocks.length > MAX_BLOCKS) {
    return unreadable('TOO_COMPLEX', `The article has ${blocks.length} blocks; the maximum is ${MAX_BLOCKS}.`)
  }
  const text = blocks.map((block) => ('text' in block ? block.text : '')).join(' ')
  const tooLittle = refusalByText(page, { headline, text })
  if (tooLittle) return tooLittle

  const language = languageOf([statedLanguage(page), ...metadata.languages], `${headline} ${text}`)
  const firstPublished = statedPublication(page, dates.read) ?? visibleDate(document, language, dates.read)
  if (!firstPublished) {
    return node || metadata.type === 'article'
      ? unreadable('NO_DATE', 'The page does not state its publication date.')
      : unreadable('NOT_AN_ARTICLE', 'The page is not marked as an article and has no date.')
  }
  const lastChanged = dates.read(data.text(node, 'dateModified')) ?? metadata.modified
  const settled = dates.settle([firstPublished, lastChanged])
  const [published = firstPublished, updated] = settled.dates

  const authors = authorsOf(page, printed)
  const byline = bylineOf(authors, outlets)
  const entities = readEntities(data, node, authors, outlets)
  const standfirst = standfirstOf(data.text(node, 'description'), metadata.standfirst, headline, blocks)
  const topic = topicOf(data.text(node, 'articleSection') ?? metadata.section)
  const dateline = plainFromHtml(data.text(node, 'dateline') ?? '')
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
      ...(image && { leadImage: image }),
      blocks,
      ...(entities.namedPeople.length > 0 && { people: entities.namedPeople }),
      ...(entities.namedOrganisations.length > 0 && { organisations: entities.namedOrganisations }),
    },
    people: entities.people,
    organisations: entities.organisations,
    ...(statedUrl && { statedUrl }),
    readFrom: address,
    hasNoZone: settled.hasNoZone,
    notes: settled.notes,
  }
}
