import type { ImageDraft } from '../articles/draft.ts'
import { absolute } from './addresses.ts'
import { isCreditLine, splitCaption, splitCredit } from './credit.ts'
import { attribute, type PageDocument, type PageElement } from './dom.ts'
import { MAX_LABEL_CHARACTERS } from './page-limits.ts'
import { plain, plainFromHtml } from './text.ts'
import { labelTextOf, TextBuilder } from './text-of.ts'

/** The image of an `<img>`; undefined for icons, tracking pixels and images without an address. */
export function readImage(element: PageElement, base: string | null): ImageDraft | undefined {
  const width = Number(attribute(element, 'width') ?? '')
  if (width > 0 && width < 100) return undefined
  const url = addressOf(element, base)
  if (!url) return undefined
  const alt = altOf(element)
  return { url, ...(alt !== '' && { alt }) }
}

/** The image of a `<figure>`, with its caption and credit. */
export function readFigure(figure: PageElement, base: string | null): ImageDraft | undefined {
  const picture = figure.querySelector('img, amp-img')
  const image = picture ? readImage(picture, base) : undefined
  return image && { ...image, ...captionOf(figure) }
}

/**
 * The lead image at an address, with the caption and credit of the figure that shows the same image, also in
 * another size.
 */
export function leadImage(document: PageDocument, url: string, base: string | null): ImageDraft | undefined {
  const address = absolute(url, base)?.href
  if (!address) return undefined
  const name = pictureName(address)
  for (const element of document.querySelectorAll('figure img, figure amp-img, img')) {
    const shown = addressOf(element, base)
    if (!shown || pictureName(shown) !== name) continue
    const holder = element.closest('figure') ?? captionedParent(element)
    const alt = altOf(element)
    return { url: address, ...(alt !== '' && { alt }), ...(holder && captionOf(holder)) }
  }
  return { url: address }
}

function altOf(element: PageElement): string {
  return plainFromHtml(attribute(element, 'alt') ?? '', MAX_LABEL_CHARACTERS)
}

/** The part of an image's URL that is the same for all of its sizes and crops. */
export function pictureName(address: string): string {
  const url = absolute(address)
  const path = decodeURIComponentSafely(url?.pathname ?? address)
  const parts = path.split('/')
  const at = parts.findLastIndex((part) => extension.test(part))
  if (at < 0) return path.toLowerCase()
  const name = withoutCrop(parts[at]!.toLowerCase().replace(extension, ''))
  // Names such as "image.jpg" and "1200x800.jpg" are common, so the folder is compared too.
  return nameless.test(name) ? `${parts[at - 1] ?? ''}/${name}` : name
}

const extension = /\.(?:jpe?g|png|webp|gif|avif)$/i
const nameless =
  /^(?:[\dx_.-]{0,9}|image|img|photo|picture|original|default|main|lead|hero|large|master|file)$/

/** A file name without size, ratio and crop at its end: "1234_v16_9_1200" becomes "1234". */
function withoutCrop(name: string): string {
  let bare = name
  for (let round = 0; round < 4; round += 1) {
    const shorter = bare.replace(crop, '')
    if (shorter === bare || shorter.length < 3) break
    bare = shorter
  }
  return bare
}

const crop =
  /[-_.@](?:\d{2,4}x\d{2,4}|v?(?:16[_x-]9|9[_x-]16|4[_x-]3|3[_x-]4|3[_x-]2|2[_x-]3|1[_x-]1|2[_x-]1|5[_x-]4|4[_x-]5|21[_x-]9)|scaled|\d{3,4}[wh]?|[wh]\d{2,4}|[1-3]x|q\d{2,3}|crop(?:ped)?|thumb(?:nail)?|small|medium|large|xl|square|landscape|portrait|wide)$/

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

/** Caption and credit of the element around an image. They may be siblings, or one inside the other. */
function captionOf(holder: PageElement): Partial<ImageDraft> {
  const element = holder.querySelector('figcaption') ?? holder.querySelector(captionClasses)
  if (!element) return {}
  const credited = [...holder.querySelectorAll(creditClasses)]
    .slice(0, 8)
    .find((each) => each !== element && labelIn(each).length > 1)
  const creditLine = credited ? labelIn(credited) : ''
  const builder = new TextBuilder({ apart: true, maxCharacters: MAX_LABEL_CHARACTERS })
  builder.addChildren(element, credited)
  const caption = plain(builder.text()).slice(0, MAX_LABEL_CHARACTERS)
  const split = creditLine === '' ? splitParts(element, caption) : splitCaption(caption)
  const credit = (creditLine !== '' && splitCredit(creditLine)) || split.credit
  const text = split.caption && split.caption !== creditLine ? trimEnd(split.caption) : ''
  return { ...(text !== '' && { caption: text }), ...(credit || {}) }
}

/** The credit in a caption: its last element, if it names an agency or starts with a label such as "Photo". */
function splitParts(element: PageElement, whole: string) {
  const last = [...element.children].at(-1)
  const line = last ? labelIn(last) : ''
  const before = line !== '' && line !== whole && whole.endsWith(line) ? whole.slice(0, -line.length) : ''
  if (before.trim() !== '' && isCreditLine(line)) {
    return { caption: plain(before), credit: splitCredit(line) }
  }
  return splitCaption(whole)
}

function labelIn(element: PageElement): string {
  return labelTextOf(element, MAX_LABEL_CHARACTERS).slice(0, MAX_LABEL_CHARACTERS)
}

function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[\s|–—-]/u.test(text[end - 1]!)) end -= 1
  return plain(text.slice(0, end))
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
