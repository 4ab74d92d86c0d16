import { attribute, type PageDocument, type PageElement } from './dom.ts'
import { standsApart } from './junk.ts'
import { labelTextOf } from './text-of.ts'

/** The byline near the headline of a page, such as "By Ida Holm and Jon Berg"; undefined if there is none. */
export function printedByline(document: PageDocument): string | undefined {
  for (const selector of selectors) {
    let looked = 0
    for (const element of document.querySelectorAll(selector)) {
      looked += 1
      if (looked > MAX_LOOKED_AT) break
      const line = lineOf(element)
      if (line && !standsApart(element)) return line
    }
  }
  return undefined
}

/** The maximum number of elements that are checked for each selector. */
const MAX_LOOKED_AT = 20

const selectors = [
  '[itemprop="author"]',
  '[class~="byline"], [class*="byline"], [class*="Byline"], [class~="article-author"], [class~="author"], [class~="authors"]',
  'a[rel~="author"]',
]

/** For a link, the line of the element around it, which may name two authors. */
function lineOf(element: PageElement): string | undefined {
  if (attribute(element, 'rel') !== undefined && element.parentElement) {
    const around = shortLine(element.parentElement)
    if (around && startsAsByline.test(around)) return around
  }
  return shortLine(element)
}

function shortLine(element: PageElement): string | undefined {
  const line = labelTextOf(element, 200)
  return line.length >= 5 && line.length <= 120 && /\p{L}{2}/u.test(line) ? line : undefined
}

const startsAsByline = /^(?:by|von|par|por|di|door|af|av|od|بقلم|كتب|yazan|автор)[:\s]/iu
