/** Addresses of pages that list articles: front pages and sections. */

/** Whether an address is a site's front page, or that of one of its languages. */
export function isFrontPage(url: URL): boolean {
  return /^\/(?:[a-z]{2,3}(?:-[a-z]{2,4})?\/?|index\.\w+|home\/?)?$/i.test(url.pathname) && hasOnlyViews(url)
}

/**
 * Whether an address is a site's section: its path contains only language codes and names of sections, or begins
 * with `category`, `section`, `topic` or `tag` and has no slug of an article.
 */
export function isSectionPage(url: URL): boolean {
  if (!hasOnlyViews(url)) return false
  const [first = '', ...others] = segmentsOf(url)
  const segments = languageCode.test(first) ? others : [first, ...others]
  if (segments.length === 0 || segments[0] === '') return false
  const isListed = segments.slice(0, 2).some((segment) => listing.test(segment))
  if (isListed) return !segments.some((segment) => articleSlug.test(segment))
  return segments.every((segment) => isSectionName(segment) || languageCode.test(segment))
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
    .replace(/\/(?:index\.\w+)?$/, '')
    .split('/')
    .slice(1)
}

function isSectionName(segment: string): boolean {
  const name = segment.replace(/\.(?:html?|php|aspx?)$/, '')
  const [one = '', two, ...rest] = name.split('-')
  if (sections.has(name)) return true
  return rest.length === 0 && two !== undefined && sections.has(one) && sections.has(two)
}

/** Whether the query only changes how the page is shown. */
function hasOnlyViews({ searchParams }: URL): boolean {
  return [...searchParams.keys()].every((name) => view.test(name))
}

const languageCode = /^[a-z]{2}(?:-[a-z]{2,4})?$/
const listing = /^(?:categor(?:y|ies)|sections?|topics?|tags?)$/
/** Four words, or a number of three digits: what names of categories and tags rarely have. */
const articleSlug = /\d{3}|(?:[^-]+-){3}[^-]/
const view = /^(?:lang|language|locale|hl|edition|region|country|page|paged|view|theme|mode|sort|order)$/i
const identifying = /^(?:\w*id|p|a|n|article|story|news|item|post|slug|title|nr|no|num|number|content|doc)$/i

const sections = new Set(
  `africa aktuell aktuelles americas analysis arts asia australia auto autos blog blogs books breaking
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
