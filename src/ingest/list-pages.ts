/** Addresses of pages that list articles: front pages, sections, archives and searches. */

/** Whether an address is a site's front page, or that of one of its languages, or one of its further pages. */
export function isFrontPage(url: URL): boolean {
  if (!hasOnlyViews(url)) return false
  const [first = '', ...others] = segmentsOf(url)
  return others.length === 0 && /^(?:[a-z]{2,3}(?:-[a-z]{2,4})?|home)?$/.test(first)
}

/**
 * Whether an address is a section, an archive or a search: its path contains only language codes, names of sections
 * and a date at its end, or begins with `category`, `section`, `topic`, `tag` or `search` and has no slug of an
 * article.
 */
export function isSectionPage(url: URL): boolean {
  if (!hasOnlyViews(url)) return false
  const [first = '', ...others] = segmentsOf(url)
  const segments = languageCode.test(first) ? others : [first, ...others]
  if (segments.length === 0 || segments[0] === '') return false
  const isListed = segments.slice(0, 2).some((segment) => listing.test(withoutSuffix(segment)))
  if (isListed) return !segments.some((segment) => articleSlug.test(segment))
  return withoutDate(segments).every((segment) => isSectionName(segment) || languageCode.test(segment))
}

/** Whether a page at an address lists articles, so that no article has this address. */
export function isListPage(url: URL): boolean {
  return isFrontPage(url) || isSectionPage(url)
}

/** Whether the query of an address, and not its path, identifies the article: `/article.php?id=5`. */
export function hasIdInQuery(url: URL): boolean {
  return [...url.searchParams].some(
    ([name, value]) => (value !== '' && identifying.test(name)) || (value === '' && /^\d{3,}$/.test(name)),
  )
}

function segmentsOf({ pathname }: URL): string[] {
  let path = pathname
  try {
    path = decodeURIComponent(pathname)
  } catch {
    // Not valid percent-encoding: use the path as it is.
  }
  return path
    .toLowerCase()
    .replace(/\/(?:(?:index|default)\.\w+)?$/, '')
    .replace(/\/(?:page|seite|pagina)\/\d+$/, '')
    .split('/')
    .slice(1)
}

/** The segments before a month or a day at the end of a path. A single year may also be the number of an article. */
function withoutDate(segments: string[]): string[] {
  const date = /(?:^|\/)(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-](?:0?[1-9]|[12]\d|3[01]))?$/
  return segments.join('/').replace(date, '').split('/').filter(Boolean)
}

function withoutSuffix(segment: string): string {
  return segment.replace(/\.(?:html?|php|aspx?)$/, '')
}

function isSectionName(segment: string): boolean {
  const name = withoutSuffix(segment)
  const [one = '', two, ...rest] = name.split('-')
  if (sections.has(name)) return true
  return rest.length === 0 && two !== undefined && sections.has(one) && sections.has(two)
}

/** Whether the query only changes which articles a page lists, or how it is shown. */
function hasOnlyViews({ searchParams }: URL): boolean {
  // Drupal has articles at `?q=node/5`.
  return [...searchParams].every(([name, value]) => view.test(name) && !(name === 'q' && value.includes('/')))
}

const languageCode = /^[a-z]{2}(?:-[a-z]{2,4})?$/
const listing = /^(?:categor(?:y|ies)|sections?|topics?|tags?|search|suche|recherche|buscar|cerca|zoeken)$/
/** Four words, or a number of three digits: what names of categories and tags rarely have. */
const articleSlug = /\d{3}|(?:[^-]+-){3}[^-]/
const view =
  /^(?:lang|language|locale|hl|edition|region|country|page|paged|view|theme|mode|sort|order|q|s|query|search|(?:cat|category|section|topic|tag)(?:_?id)?)$/i
const identifying = /^(?:\w*id|p|a|n|article|story|news|item|post|slug|title|nr|no|num|number|content|doc)$/i

const sections = new Set(
  `africa aktuell aktuelles americas analysis archiv archive archives arts asia australia auto autos blog blogs books breaking
  business canada china climate columns comment commentary community companies cooking corona crime
  cultura culture cultuur deportes deutschland digital economia economics economie economy editorial
  editorials education entertainment environment europa europe fashion features film finance finans
  finanzen food football fotos france gallery games germany gesellschaft gesundheit global gundem
  haber haberler health home india internacional international investigations iran iraq israel justice
  kultur kultura kurdistan latest law leben life lifestyle live local locales magazine markets media
  medien meinung middle-east middleeast mideast monde money movies multimedia mundo music nachrichten
  nation national nationales nature news news24 newsroom noticias nyheter offbeat opinie opinion
  opinioni opinions panorama people photos podcasts policy politica politics politiek politiikka
  politik politika politique polska regional reise reportages reviews royals russia science sciences
  soccer sociedad societe society spor sport sports stories style syria tech technik technologie
  technology tecnologia television tennis theatre top travel turkey turkiye tv uk ukraine us usa
  vermischtes video videos voices weather welt wetter wirtschaft wissen wissenschaft world культура
  мир новости общество политика спорт экономика أخبار اخبار اقتصاد ثقافة رياضة سياسة سیاسی`.split(/\s+/),
)
