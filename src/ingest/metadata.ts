import { attribute, type PageDocument } from './dom.ts'
import { MAX_VALUES } from './page-limits.ts'
import { isOfArticle, type ReadDate, timeOf } from './page-times.ts'
import { plainFromHtml } from './text.ts'
import { labelTextOf } from './text-of.ts'

/** The metadata of a page outside JSON-LD. */
export interface PageMetadata {
  headline: string | undefined
  /** Visible headings that may be the headline, the most likely first. */
  headings: string[]
  title: string | undefined
  standfirst: string | undefined
  published: Date | undefined
  modified: Date | undefined
  /** Language tags, the most reliable first. */
  languages: string[]
  section: string | undefined
  authors: string[]
  image: { url: string; alt: string | undefined } | undefined
  siteName: string | undefined
  /** Open Graph's type: "article", "website". */
  type: string | undefined
}

/** Reads Open Graph, meta tags, `<time>`, `<h1>`, `<title>` and `lang`. */
export function readMetadata(document: PageDocument, read: ReadDate): PageMetadata {
  const metas = metaTags(document)
  const first = (...names: string[]) => names.map((name) => metas.get(name)?.[0]).find(Boolean)
  const dated = (names: string[]) =>
    names
      .flatMap((name) => metas.get(name) ?? [])
      .map((text) => read(text))
      .find(Boolean)
  const siteName = first('og:site_name', 'application-name')
  const title = plainFromHtml(document.querySelector('title')?.textContent ?? '', 1_000) || undefined
  const image = first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src')
  return {
    headline: first('og:title', 'twitter:title', 'dc.title', 'headline'),
    headings: headingsOf(document),
    title,
    standfirst: first('og:description', 'description', 'twitter:description'),
    published: dated(publishedNames) ?? timeOf(document, 'published', read),
    modified: dated(modifiedNames) ?? timeOf(document, 'modified', read),
    languages: [
      attribute(document.documentElement, 'lang', 'xml:lang'),
      first('og:locale'),
      first('content-language', 'language', 'dc.language', 'inlanguage'),
    ].filter((tag) => tag !== undefined),
    section: first('article:section', 'section', 'cxenseparse:recs:category', 'parsely-section'),
    authors: [
      ...(metas.get('article:author') ?? []),
      ...(metas.get('author') ?? []),
      ...(metas.get('parsely-author') ?? []),
    ],
    image: image ? { url: image, alt: first('og:image:alt', 'twitter:image:alt') } : undefined,
    siteName,
    type: first('og:type'),
  }
}

const publishedNames = [
  'article:published_time',
  'article:published:time',
  'og:article:published_time',
  'og:published_time',
  'datepublished',
  'parsely-pub-date',
  'article.published',
  'pubdate',
  'publishdate',
  'publish-date',
  'publish_date',
  'publication_date',
  'publicationdate',
  'published_time',
  'published-date',
  'date.issued',
  'dc.date.issued',
  'dcterms.created',
  'dc.date',
  'dc.date.created',
  'cxenseparse:recs:publishtime',
  'cxenseparse:publishtime',
  'sailthru.date',
  'article_date_original',
  'originalpublicationdate',
  'displaydate',
  'vr:published_time',
  'iso-8601-publish-date',
  'rnews:datepublished',
  'bt:pubdate',
  'date',
]

const modifiedNames = [
  'article:modified_time',
  'og:updated_time',
  'og:modified_time',
  'datemodified',
  'last-modified',
  'lastmod',
  'dcterms.modified',
  'dc.date.modified',
  'article.updated',
]

/** Contents of meta tags by `property`, `name`, `itemprop` or `http-equiv` in lower case. */
function metaTags(document: PageDocument): Map<string, string[]> {
  const tags = new Map<string, string[]>()
  for (const meta of document.querySelectorAll('meta')) {
    const content = plainFromHtml(attribute(meta, 'content') ?? '', 5_000)
    if (content === '') continue
    // A microdata property inside another item (a comment, a related article) is not about the page.
    if (meta.getAttribute('itemprop') && !isOfArticle(meta)) continue
    const names = ['property', 'name', 'itemprop', 'http-equiv'].map((key) =>
      attribute(meta, key)?.toLowerCase(),
    )
    for (const name of new Set(names)) {
      const contents = tags.get(name ?? '') ?? []
      if (contents.length < MAX_VALUES) contents.push(content)
      if (name) tags.set(name, contents)
    }
  }
  return tags
}

/** The maximum number of headings that are compared with the titles in the metadata. */
const MAX_HEADINGS = 20

/** Visible headings that may be the headline, the most likely first. */
function headingsOf(document: PageDocument): string[] {
  const texts: string[] = []
  for (const selector of ['[itemprop="headline"]', 'article h1', 'main h1', 'h1']) {
    for (const element of document.querySelectorAll(selector)) {
      if (element.tagName === 'META' || !isOfArticle(element)) continue
      const text = labelTextOf(element, 1_000)
      if (text.length >= 8 && text.length < 400 && !texts.includes(text)) texts.push(text)
      if (texts.length === MAX_HEADINGS) return texts
    }
  }
  return texts
}
