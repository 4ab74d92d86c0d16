import { attribute, type PageElement } from './dom.ts'
import { textOf } from './text-of.ts'

/** Whether an element contains no text of the article: scripts, forms, menus, and hidden elements. */
export function isSkipped(element: PageElement): boolean {
  return skipped.has(element.tagName.toUpperCase()) || isHidden(element)
}

function isHidden(element: PageElement): boolean {
  return (
    element.getAttribute('hidden') !== null ||
    attribute(element, 'aria-hidden') === 'true' ||
    /display:\s*none/i.test(attribute(element, 'style') ?? '')
  )
}

/** Whether an element is a table row with data: two or more cells of short text. Layout tables have long cells. */
export function isDataRow(element: PageElement): boolean {
  if (element.tagName.toUpperCase() !== 'TR') return false
  const cells = [...element.children].filter(({ tagName }) => /^T[DH]$/i.test(tagName))
  if (cells.length < 2 || element.querySelector('table, h1, h2, h3, h4, h5, h6, blockquote, figure, img'))
    return false
  return cells.every((cell) => textOf(cell, MAX_CELL_CHARACTERS).length <= MAX_CELL_CHARACTERS)
}

const MAX_CELL_CHARACTERS = 300

const skipped = new Set(
  'SCRIPT STYLE NOSCRIPT TEMPLATE BUTTON INPUT SELECT TEXTAREA NAV SVG IFRAME OBJECT VIDEO AUDIO FIGCAPTION FOOTER RT RP RTC CANVAS META LINK HEAD'.split(
    ' ',
  ),
)
