import { parseHTML } from 'linkedom'

/** The part of the DOM that ingest uses. */
export interface PageNode {
  readonly nodeType: number
  textContent: string | null
  readonly childNodes: Iterable<PageNode>
  readonly parentElement: PageElement | null
}

export interface PageElement extends PageNode {
  readonly tagName: string
  readonly children: Iterable<PageElement>
  readonly className: string
  getAttributeNames(): string[]
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  closest(selector: string): PageElement | null
  append(...nodes: PageNode[]): void
  before(...nodes: (PageNode | string)[]): void
  after(...nodes: (PageNode | string)[]): void
  replaceWith(node: PageNode): void
  remove(): void
}

export interface PageDocument {
  readonly documentElement: PageElement
  readonly body: PageElement | null
  createElement(name: string): PageElement
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
}

/** Parses HTML. Scripts are never executed. */
export function parseDocument(html: string): PageDocument {
  const whole = wholeDocument(html)
  // linkedom declares the types of browsers; PageDocument has only the part that ingest uses.
  return parseHTML(whole).document as unknown as PageDocument
}

/** The HTML with exactly one root element and nothing before it. */
export function wholeDocument(html: string): string {
  // Comments before the head may contain an <html> for old browsers, and a page without <html> would be parsed
  // as separate nodes: in both cases the wrong node would become the root.
  const head = html.search(/<(?:head|body|title|meta|link|script)[\s>]/i)
  const bare = withoutComments(html.slice(0, Math.max(head, 0))) + html.slice(Math.max(head, 0))
  const root = bare.search(/<html[\s>]/i)
  return `<!doctype html>${root >= 0 ? bare.slice(root) : `<html><body>${bare}</body></html>`}`
}

/** Removes comments. A regular expression would take quadratic time for comments without an end. */
function withoutComments(html: string): string {
  let text = ''
  let at = 0
  for (;;) {
    const start = html.indexOf('<!--', at)
    const end = start < 0 ? -1 : html.indexOf('-->', start + 4)
    if (end < 0) return text + html.slice(at)
    text += html.slice(at, start)
    at = end + 3
  }
}

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === 1
}

export function isText(node: PageNode): boolean {
  return node.nodeType === 3
}

/** The first of these attributes that is not blank, trimmed; undefined if there is none. */
export function attribute(element: PageElement | null, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = element?.getAttribute(name)?.trim()
    if (value) return value
  }
  return undefined
}
