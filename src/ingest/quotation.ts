import { attribute, type PageElement } from './dom.ts'
import { plain } from './text.ts'
import { labelTextOf, TextBuilder, textOf } from './text-of.ts'

/** The words of a `<blockquote>` without quotation marks, and the text of its source; both may be empty. */
export function readQuotation(quotation: PageElement): { words: string; source: string } {
  const source = sourceOf(quotation)
  const builder = new TextBuilder()
  builder.addChildren(quotation, source)
  const words = plain(builder.text())
  return {
    words: withoutQuotes(source ? withoutDashAtEnd(words) : words),
    source: source ? withoutDashAtStart(textOf(source)) : '',
  }
}

/** Whether an element is marked up as schema.org Quotation: its source is data, and no text of the article. */
export function isQuotationItem(element: PageElement): boolean {
  return /schema\.org\/Quotation$/.test(attribute(element, 'itemtype') ?? '')
}

/** The caption of a `<figure>` with a quotation or a table, and whether it is printed before the content. */
export function readFigureCaption(figure: PageElement): { text: string; isBefore: boolean } | undefined {
  const caption = figure.querySelector('figcaption')
  if (!caption || !figure.querySelector('blockquote, table')) return undefined
  const text = withoutDashAtStart(labelTextOf(caption))
  const [first] = figure.children
  return text === ''
    ? undefined
    : { text, isBefore: first === caption && !figure.querySelector('blockquote') }
}

/** The element that ends a quotation and names its source: a `<cite>`, a `<footer>`, or the paragraph around it. */
function sourceOf(quotation: PageElement): PageElement | undefined {
  const whole = textOf(quotation)
  const named = [...quotation.querySelectorAll('cite, footer')]
    .slice(-3)
    .map((source) => lineOf(source, quotation))
    .find((source) => {
      const ending = textOf(source)
      return ending !== '' && ending !== whole && whole.endsWith(ending)
    })
  return named ?? lastLineWithDash(quotation)
}

/** A short last paragraph that starts with a dash, `<p>— Jane Roe</p>`, unless all paragraphs do, as in a dialogue. */
function lastLineWithDash(quotation: PageElement): PageElement | undefined {
  const paragraphs = [...quotation.querySelectorAll('p')]
  const last = paragraphs.at(-1)
  if (!last || paragraphs.length < 2 || /^[–—―-]/u.test(textOf(paragraphs[0]!))) return undefined
  const text = textOf(last)
  return /^[–—―].{2,100}(?<![.!?…"”»])$/u.test(text) ? last : undefined
}

/** The paragraph of a source that starts with a dash: `<p>— <cite>Jane Roe</cite>, mayor</p>`. */
function lineOf(source: PageElement, quotation: PageElement): PageElement {
  const paragraph = paragraphAround(source, quotation)
  if (!paragraph) return source
  const isSourceLine =
    /^[–—―-]/u.test(textOf(paragraph)) && withoutDashAtStart(textOf(paragraph)).startsWith(textOf(source))
  return isSourceLine ? paragraph : source
}

/** Walks up by hand: `closest` parses its selector each time, and a page may have thousands of quotations. */
function paragraphAround(source: PageElement, quotation: PageElement): PageElement | undefined {
  for (let at = source.parentElement; at && at !== quotation; at = at.parentElement) {
    if (at.tagName === 'P') return at
  }
  return undefined
}

function withoutDashAtStart(text: string): string {
  return text.replace(/^[\s–—―-]+/u, '')
}

/** Not a regular expression, which would take quadratic time. */
function withoutDashAtEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[\s–—―-]/u.test(text[end - 1]!)) end -= 1
  return text.slice(0, end)
}

function withoutQuotes(text: string): string {
  const start = text.search(/[^"“”„«»'‘\s]/u)
  let end = text.length
  while (end > start && /["“”«»'’\s]/u.test(text[end - 1]!)) end -= 1
  return start < 0 ? '' : text.slice(start, end)
}
