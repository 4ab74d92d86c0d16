import type { PageElement } from './dom.ts'
import { plain } from './text.ts'
import { TextBuilder, textOf } from './text-of.ts'

/** The words of a `<blockquote>` without quotation marks, and the text of its source; both may be empty. */
export function readQuotation(quotation: PageElement): { words: string; source: string } {
  const source = sourceOf(quotation)
  const builder = new TextBuilder()
  builder.addChildren(quotation, source)
  return {
    words: withoutQuotes(plain(builder.text())),
    source: source ? textOf(source).replace(/^[\s–—-]+/u, '') : '',
  }
}

/** The element that ends a quotation and names its source: a `<cite>` or a `<footer>`. */
function sourceOf(quotation: PageElement): PageElement | undefined {
  const whole = textOf(quotation)
  return [...quotation.querySelectorAll('cite, footer')].slice(-3).find((source) => {
    const ending = textOf(source)
    return ending !== '' && ending !== whole && whole.endsWith(ending)
  })
}

function withoutQuotes(text: string): string {
  const start = text.search(/[^"“”„«»'‘\s]/u)
  let end = text.length
  while (end > start && /["“”«»'’\s]/u.test(text[end - 1]!)) end -= 1
  return start < 0 ? '' : text.slice(start, end)
}
