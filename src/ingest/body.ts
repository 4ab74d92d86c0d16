import { Readability } from '@mozilla/readability'
import type { BlockDraft } from '../articles/draft.ts'
import { chooseBody, paragraphsOfArticleBody } from './article-body.ts'
import { blocksOf, placedBlocksOf } from './blocks.ts'
import { attribute, type PageDocument, type PageElement, parseDocument } from './dom.ts'
import { extractEmbeds } from './embeds.ts'
import { removeJunk } from './junk.ts'
import { MAX_ATTRIBUTE_CHARACTERS, MAX_READABLE_DEPTHS, MAX_READABLE_ELEMENTS } from './page-limits.ts'
import { completed } from './prose.ts'
import { withoutRepeatedRuns } from './repeats.ts'
import { isInlineAsBlock } from './text-of.ts'
import { type PrintedElsewhere, tidyBlocks } from './tidy-blocks.ts'

export interface BodyPage extends PrintedElsewhere {
  address: string | null
  articleBody: string | undefined
}

/**
 * The body of an article: the paragraphs that Readability finds, compared with the `articleBody` in the page's
 * JSON-LD, if there is one. Returns the more complete and better structured of the two.
 */
export function readBody(html: string, page: BodyPage): BlockDraft[] {
  const document = parseDocument(html)
  removeJunk(document)
  keepSources(document)
  keepLanguageOfQuotations(document)
  keepBlocksApart(document)
  const surroundings = { address: page.address, embeds: extractEmbeds(document) }
  // Readability changes the document, so the whole page is read before it.
  const whole = document.body ? placedBlocksOf(document.body, surroundings) : []
  const content = readable(document)
  const found = tidyBlocks(completed(content ? blocksOf(content, surroundings) : [], whole), page)
  const given = paragraphsOfArticleBody(page.articleBody)
  if (given.length === 0) return withoutRepeatedRuns(found)
  const everything = tidyBlocks(
    whole.map(({ block }) => block),
    page,
  )
  return withoutRepeatedRuns(chooseBody(found, given, everything))
}

/** Readability drops every `<footer>`, also one that names the source of a quotation. */
function keepSources(document: PageDocument): void {
  for (const footer of [...document.querySelectorAll('blockquote footer')]) {
    const source = document.createElement('cite')
    source.append(...footer.childNodes)
    footer.replaceWith(source)
  }
}

/** Readability takes the article out of the page, whose language decides which quotation marks a `<q>` has. */
function keepLanguageOfQuotations(document: PageDocument): void {
  for (const quotation of document.querySelectorAll('q')) {
    const language = attribute(quotation.closest('[lang]'), 'lang')
    if (language) quotation.setAttribute('lang', language)
  }
}

/** Readability drops the styles that make an inline element a block. */
function keepBlocksApart(document: PageDocument): void {
  for (const element of [...document.querySelectorAll('[style]')]) {
    if (!isInlineAsBlock(element)) continue
    element.before(' ')
    element.after(' ')
  }
}

/** The article that Readability finds; undefined if it finds none, or if the page is too large or deep for it. */
function readable(document: PageDocument): PageElement | undefined {
  if (!isReadable(document)) return undefined
  // The declarations require the browser's Document; linkedom's is compatible.
  const reader = new Readability<PageElement>(document as PageDocument & Document, {
    serializer: (node) => node as Node & PageElement,
    disableJSONLD: true,
    charThreshold: 350,
  })
  return reader.parse()?.content ?? undefined
}

function dropLongAttributes(element: PageElement): void {
  for (const name of element.getAttributeNames()) {
    if ((element.getAttribute(name)?.length ?? 0) > MAX_ATTRIBUTE_CHARACTERS) element.removeAttribute(name)
  }
}

function isReadable({ documentElement }: PageDocument): boolean {
  let elements = 0
  let depths = 0
  const count = (element: PageElement, depth: number): void => {
    elements += 1
    depths += depth
    dropLongAttributes(element)
    for (const child of element.children) count(child, depth + 1)
  }
  count(documentElement, 1)
  return elements <= MAX_READABLE_ELEMENTS && depths <= MAX_READABLE_DEPTHS
}
