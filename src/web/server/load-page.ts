import {
  NewsroomPageDocument,
  OrganisationPageDocument,
  PersonPageDocument,
  SearchPageDocument,
  StoryPageDocument,
  TopicPageDocument,
} from '../../../schema/documents.ts'
import { normaliseName } from '../../names/names.ts'
import type { Reads } from '../../read-cache/reads.ts'
import type { Pages } from '../pages/pages.tsx'
import type { ListAddress, Site } from '../pages/site.ts'
import { type Language, languageFor } from '../texts/languages.ts'
import type { PageAddress } from './page-address.ts'
import type { RunDocument } from './run-document.ts'

/** The number of articles on a page: 24 fill rows of two and three; the front page has a lead before them. */
const PAGE_SIZE = 24

export interface LoadPage {
  address: PageAddress
  /** The language of a list; a story has its own. */
  language: Language
  site: Site
  pages: Pages
  run: RunDocument
  reads: Reads
}

/** A page, and its language. */
export interface LoadedPage {
  html: string
  language: Language
}

/**
 * Reads what a page shows, and renders it.
 * @returns null if there is no such page
 * @throws DocumentError
 */
export async function loadPage(asked: LoadPage): Promise<LoadedPage | null> {
  const { address, language, pages } = asked
  if (address.kind === 'story') return loadStory(asked, address)
  const html = await loadList({ ...asked, list: address, words: pages.wordsOf(language) })
  return html === null ? null : { html, language }
}

async function loadStory(
  { site, pages, run, reads }: LoadPage,
  { slug, comments }: { slug: string; comments: string | null },
): Promise<LoadedPage | null> {
  const { article: story } = await run(StoryPageDocument, { slug, commentsAfter: comments }, reads)
  if (!story) return null
  const language = languageFor([story.language])
  return { html: pages.story({ story, site, words: pages.wordsOf(language) }), language }
}

interface LoadList extends LoadPage {
  list: ListAddress
  words: ReturnType<Pages['wordsOf']>
}

async function loadList({ list, words, site, pages, run, reads }: LoadList): Promise<string | null> {
  const { place, language, after } = list
  const parts = { list, site, words }
  const part = { first: PAGE_SIZE, after }
  switch (place.kind) {
    case 'front': {
      const first = after === null ? PAGE_SIZE + 1 : PAGE_SIZE
      const data = await run(NewsroomPageDocument, { first, after, filter: { language } }, reads)
      return pages.front({ data, ...parts })
    }
    case 'topic': {
      const { slug } = place
      const variables = { slug, ...part, filter: { language, topic: slug } }
      const { topic, articles } = await run(TopicPageDocument, variables, reads)
      return topic && pages.topic({ topic, articles, ...parts })
    }
    case 'person': {
      const { slug } = place
      const variables = { slug, ...part, filter: { language, person: slug } }
      const { person, articles } = await run(PersonPageDocument, variables, reads)
      return person && pages.entity({ entity: person, articles, ...parts })
    }
    case 'organisation': {
      const { slug } = place
      const variables = { slug, ...part, filter: { language, organisation: slug } }
      const { organisation, articles } = await run(OrganisationPageDocument, variables, reads)
      return organisation && pages.entity({ entity: organisation, articles, ...parts })
    }
    case 'search': {
      const { query } = place
      if (normaliseName(query) === '') return pages.search({ results: null, query, ...parts })
      const { search } = await run(SearchPageDocument, { text: query, language, ...part }, reads)
      return pages.search({ results: search, query, ...parts })
    }
  }
}
