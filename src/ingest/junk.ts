import { attribute, type PageDocument, type PageElement } from './dom.ts'

/**
 * Removes elements that are never part of an article: scripts, menus, forms, and boxes whose class or id means
 * consent, subscription or related links. A box with much of the page's text stays, because some sites call the
 * frame of the article "paywall" too.
 */
export function removeJunk(document: PageDocument): void {
  for (const element of [...document.querySelectorAll(always)]) element.remove()
  const prose = proseWithin(document)
  const enough = prose.total * 0.25
  for (const element of [...document.querySelectorAll('[class], [id], form, [hidden]')]) {
    const names = namesOf(element)
    const hidden = /(?:^|\s)hidden(?=\s|$)/.test(names) && !/:(?:block|flex|grid|inline)/.test(names)
    const suspect =
      hidden || element.getAttribute('hidden') !== null || element.tagName === 'FORM' || boxes.test(names)
    if (!suspect || /^(?:HTML|BODY|MAIN|ARTICLE|P|H1)$/i.test(element.tagName)) continue
    const consent = /onetrust|cookie|gdpr|didomi/i.test(names)
    const holdsArticle = prose.frames.has(element) || (prose.lengths.get(element) ?? 0) > enough
    if (consent || !holdsArticle) element.remove()
    // Streamed pages have the article in a hidden element, which a script would show.
    else element.removeAttribute('hidden')
  }
}

/** Whether an element is in a part of the page outside the article: a menu, a list of other articles, comments. */
export function standsApart(element: PageElement): boolean {
  let articles = 0
  for (let each: PageElement | null = element; each; each = each.parentElement) {
    const tag = each.tagName.toUpperCase()
    if (tag === 'ARTICLE') articles += 1
    if (/^(?:NAV|FOOTER|ASIDE|FIGURE|BLOCKQUOTE|FORM)$/.test(tag)) return true
    const role = attribute(each, 'role')
    if (role === 'complementary' || role === 'navigation' || role === 'contentinfo') return true
    const type = attribute(each, 'itemtype')
    if (type && /(?:Comment|UserComments|Review|ItemList|BreadcrumbList|WPSideBar|WPFooter)$/.test(type))
      return true
    if (tag !== 'BODY' && tag !== 'HTML' && apart.test(namesOf(each))) return true
  }
  // A card inside the element of the article is about another article.
  return articles > 1
}

function namesOf(element: PageElement): string {
  return `${attribute(element, 'class') ?? ''} ${attribute(element, 'id') ?? ''}`.slice(0, 1_000)
}

/** In one pass: how much text of paragraphs each element contains, and which contain the heading or the body. */
function proseWithin(document: PageDocument) {
  const lengths = new Map<PageElement, number>()
  const frames = new Set<PageElement>()
  let total = 0
  for (const paragraph of document.querySelectorAll('p')) {
    const { length } = (paragraph.textContent ?? '').trim()
    total += length
    for (let each = paragraph.parentElement; each; each = each.parentElement) {
      lengths.set(each, (lengths.get(each) ?? 0) + length)
    }
  }
  for (const mark of document.querySelectorAll('h1, [itemprop="articleBody"]')) {
    for (let each = mark.parentElement; each && !frames.has(each); each = each.parentElement) frames.add(each)
  }
  return { lengths, frames, total }
}

const always =
  'script:not([data-telegram-post]):not([type*="ld+json"]), style, template, nav, .visually-hidden, .sr-only, .screen-reader-text, [role="dialog"], [role="navigation"]'

const boxes =
  /(?:^|[\s_-])(?:onetrust|cookie|cookies|gdpr|didomi|consent|opt-?in|newsletter|subscribe|subscription|paywall|piano|regwall|signup|sign-up|login|related|relateds?|recommended|recommendations?|outbrain|taboola|most-?read|trending|promo|teaser-?list|share|sharing|social-?bar|comments?|disqus|breadcrumbs?|advert|advertisement|ad-?slot|author-?bio|copyright-?notice|read-?more|more-?on|see-?also|tags?-list|keywords|zobacz|czytaj)(?=$|[\s_-])/i

const apart =
  /(?:^|[\s_-])(?:comments?|disqus|replies|reply|sidebar|side-bar|related|recommended|recommendations?|teasers?|widget|latest|trending|most-?read|popular|newsletter|promo|read-?more|more-?on|see-?also|also-?read|ticker|footer|menu|breadcrumbs?|card|cards)(?=$|[\s_-])/i
