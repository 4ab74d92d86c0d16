import { attribute, type PageDocument, type PageElement } from './dom.ts'

/**
 * Takes out of a page what is never part of a story: scripts, menus and forms, and boxes that by their class or id ask for
 * consent, a subscription or a click on something related. A box that holds much of the page's text stays,
 * for sites call the story's own frame "paywall" too.
 */
export function removeJunk(document: PageDocument): void {
  for (const element of [...document.querySelectorAll(always)]) element.remove()
  const enough = proseLength(document.querySelectorAll('p')) * 0.25
  for (const element of [...document.querySelectorAll('[class], [id], form, [hidden]')]) {
    const names = `${attribute(element, 'class') ?? ''} ${attribute(element, 'id') ?? ''}`
    const hidden = /(?:^|\s)hidden(?=\s|$)/.test(names) && !/:(?:block|flex|grid|inline)/.test(names)
    const suspect =
      hidden || element.getAttribute('hidden') !== null || element.tagName === 'FORM' || boxes.test(names)
    if (!suspect || /^(?:HTML|BODY|MAIN|ARTICLE|P|H1)$/i.test(element.tagName)) continue
    const consent = /onetrust|cookie|gdpr|didomi/i.test(names)
    const holdsStory =
      element.querySelector('h1, [itemprop="articleBody"]') !== null ||
      proseLength(element.querySelectorAll('p')) > enough
    if (consent || !holdsStory) element.remove()
    // Pages that are streamed carry the story in a hidden element, which a script would have shown.
    else element.removeAttribute('hidden')
  }
}

const always =
  'script:not([data-telegram-post]):not([type*="ld+json"]), style, template, nav, .visually-hidden, .sr-only, .screen-reader-text, [role="dialog"], [role="navigation"]'

const boxes =
  /(?:^|[\s_-])(?:onetrust|cookie|cookies|gdpr|didomi|consent|opt-?in|newsletter|subscribe|subscription|paywall|piano|regwall|signup|sign-up|login|related|relateds?|recommended|recommendations?|outbrain|taboola|most-?read|trending|promo|teaser-?list|share|sharing|social-?bar|comments?|disqus|breadcrumbs?|advert|advertisement|ad-?slot|author-?bio|copyright-?notice|read-?more|more-?on|see-?also|tags?-list|keywords|zobacz|czytaj)(?=$|[\s_-])/i

function proseLength(paragraphs: Iterable<PageElement>): number {
  let sum = 0
  for (const paragraph of paragraphs) sum += (paragraph.textContent ?? '').trim().length
  return sum
}
