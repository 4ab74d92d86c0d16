import { type DateLabel, lastLabel } from './date-labels.ts'
import { attribute, isElement, type PageDocument, type PageElement } from './dom.ts'
import { standsApart } from './junk.ts'
import { labelTextOf } from './text-of.ts'

/** Reads a date as the page writes it. */
export type ReadDate = (written: string | null | undefined) => Date | undefined

/** The date of publication or of the last change in microdata and `<time>`. */
export function timeOf(
  document: PageDocument,
  which: 'published' | 'modified',
  read: ReadDate,
): Date | undefined {
  const property = which === 'published' ? 'datePublished' : 'dateModified'
  for (const element of document.querySelectorAll(`[itemprop~="${property}"]`)) {
    const date = isOfArticle(element)
      ? read(attribute(element, 'datetime', 'content') ?? labelTextOf(element, 100))
      : undefined
    if (date) return date
  }
  if (which === 'modified') return undefined
  for (const selector of ['time[pubdate]', 'article time', 'main time', 'header time', 'time']) {
    const date = publishedTime([...document.querySelectorAll(selector)], read)
    if (date) return date
  }
  return undefined
}

/** The first `<time>`; if its label says "Updated", a following one with the label "Published", if there is one. */
function publishedTime(times: PageElement[], read: ReadDate): Date | undefined {
  let updated: Date | undefined
  let compared = 0
  for (const element of times) {
    if (standsApart(element)) continue
    // Finding a label takes time in proportion to the text before the element.
    if (updated) compared += 1
    if (compared > MAX_COMPARED_TIMES) break
    const date = read(attribute(element, 'datetime', 'content') ?? labelTextOf(element, 100))
    if (!date) continue
    const label = labelOf(element)
    if (label === 'published' || (!updated && label === undefined)) return date
    updated ??= date
  }
  return updated
}

const MAX_COMPARED_TIMES = 20

/** The label of a `<time>`: in its own text, in its microdata or classes, or in the text before it. */
function labelOf(element: PageElement): DateLabel {
  const own = `${attribute(element, 'itemprop') ?? ''} ${attribute(element, 'class') ?? ''}`
  if (/\bpublished\b/i.test(own)) return 'published'
  return lastLabel(labelTextOf(element, 100)) ?? lastLabel(own) ?? lastLabel(textBefore(element))
}

/** The last words before an element in its parent or grandparent, back to the previous `<time>`. */
function textBefore(element: PageElement): string {
  let text = ''
  let inner = element
  for (let up = 0; text.trim() === '' && inner.parentElement && up < 2; up += 1) {
    text = ''
    for (const child of inner.parentElement.childNodes) {
      if (child === inner) break
      const isTime = isElement(child) && child.tagName === 'TIME'
      text = isTime ? '' : `${text} ${child.textContent ?? ''}`.slice(-40)
    }
    inner = inner.parentElement
  }
  return text
}

/** Whether an element belongs to the article, not to another item such as a comment. */
export function isOfArticle(element: {
  closest(selector: string): { getAttribute(name: string): string | null } | null
}): boolean {
  const item = element.closest('[itemtype]')
  return item === null || /(?:Article|Report|BlogPosting|WebPage)$/.test(item.getAttribute('itemtype') ?? '')
}
