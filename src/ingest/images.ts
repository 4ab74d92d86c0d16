import type { ImageDraft } from '../article/draft.ts'
import { absolute } from './addresses.ts'
import { splitCaption, splitCredit } from './credit.ts'
import { attribute, type PageDocument, type PageElement } from './dom.ts'
import { plain, plainFromHtml } from './text.ts'

/** The picture of an `<img>`; undefined for icons, tracking pixels and what has no address. */
export function readImage(element: PageElement, base: string | null): ImageDraft | undefined {
  const width = Number(attribute(element, 'width') ?? '')
  if (width > 0 && width < 100) return undefined
  const url = addressOf(element, base)
  if (!url) return undefined
  const alt = plainFromHtml(attribute(element, 'alt') ?? '')
  return { url, ...(alt !== '' && { alt }) }
}

/** The picture of a `<figure>`, with its caption and credit. */
export function readFigure(figure: PageElement, base: string | null): ImageDraft | undefined {
  const picture = figure.querySelector('img, amp-img')
  const image = picture ? readImage(picture, base) : undefined
  return image && { ...image, ...captionOf(figure) }
}

/**
 * A page's lead image by its address, with the caption and credit of the figure that shows the same
 * picture, be it in another size.
 */
export function leadImage(document: PageDocument, url: string, base: string | null): ImageDraft | undefined {
  const address = absolute(url, base)?.href
  if (!address) return undefined
  const name = pictureName(address)
  for (const element of document.querySelectorAll('figure img, figure amp-img, img')) {
    const shown = addressOf(element, base)
    if (!shown || pictureName(shown) !== name) continue
    const holder = element.closest('figure') ?? captionedParent(element)
    const alt = plainFromHtml(attribute(element, 'alt') ?? '')
    return { url: address, ...(alt !== '' && { alt }), ...(holder && captionOf(holder)) }
  }
  return { url: address }
}

/** What stays the same in the addresses of one picture in several sizes. */
export function pictureName(address: string): string {
  const url = absolute(address)
  const path = decodeURIComponentSafely(url?.pathname ?? address)
  const file =
    path
      .split('/')
      .filter((part) => /\.(?:jpe?g|png|webp|gif|avif)$/i.test(part))
      .at(-1) ?? path
  return file
    .toLowerCase()
    .replace(/\.(?:jpe?g|png|webp|gif|avif)$/, '')
    .replace(/[-_](?:\d{2,4}x\d{2,4}|scaled|\d{3,4}w?|small|medium|large)$/, '')
}

function addressOf(element: PageElement, base: string | null): string | undefined {
  const sources = [
    attribute(element, 'data-src'),
    attribute(element, 'data-original'),
    attribute(element, 'data-lazy-src'),
    attribute(element, 'src'),
    firstOfSet(attribute(element, 'srcset', 'data-srcset')),
  ]
  for (const source of sources) {
    if (!source || /^data:|placeholder|spacer|blank\.gif|1x1|pixel/i.test(source)) continue
    const url = absolute(source, base)
    if (url && !/\.svg$/i.test(url.pathname)) return url.href
  }
  return undefined
}

function firstOfSet(set: string | undefined): string | undefined {
  return set?.split(/,\s+/)[0]?.trim().split(/\s+/)[0]
}

function captionOf(holder: PageElement): Partial<ImageDraft> {
  const element = holder.querySelector('figcaption') ?? holder.querySelector(captionClasses)
  if (!element) return {}
  const credited = [...holder.querySelectorAll(creditClasses)].find(
    (each) => plain(each.textContent ?? '').length > 1 && each !== element,
  )
  const creditLine = plain(credited?.textContent ?? '')
  const whole = plain(element.textContent ?? '')
  const caption = creditLine !== '' && whole.endsWith(creditLine) ? whole.slice(0, -creditLine.length) : whole
  const split = splitCaption(caption)
  const credit = (creditLine !== '' && splitCredit(creditLine)) || split.credit
  const text =
    split.caption && split.caption !== creditLine ? plain(split.caption.replace(/[\s|–—-]+$/u, '')) : ''
  return { ...(text !== '' && { caption: text }), ...(credit || {}) }
}

function captionedParent(element: PageElement): PageElement | null {
  let holder = element.parentElement
  for (let up = 0; holder && up < 4; up += 1, holder = holder.parentElement) {
    if (holder.querySelector(captionClasses)) return holder
    if (holder.querySelector('p')) return null
  }
  return null
}

const captionClasses = '[class*="caption"], [itemprop="caption"], [class*="legend"]'
const creditClasses =
  '[class*="credit"], [class*="copyright"], [class*="Credit"], [class*="Copyright"], [itemprop="copyrightHolder"], [class*="photographer"], [class*="image-source"], [class*="image-author"], figcaption small, figcaption cite'

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
