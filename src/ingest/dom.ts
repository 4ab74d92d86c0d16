import { parseHTML } from 'linkedom'

/** As much of the DOM as reading a page takes. */
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
  getAttribute(name: string): string | null
  removeAttribute(name: string): void
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  closest(selector: string): PageElement | null
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

/** Reads HTML as a document; scripts in it are never run. */
export function parseDocument(html: string): PageDocument {
  // Comments before the head may hold an <html> for old browsers, and a page without <html> would be
  // parsed as loose nodes: in both cases the wrong node becomes the root.
  const head = html.search(/<(?:head|body|title|meta|link|script)[\s>]/i)
  const bare =
    html.slice(0, Math.max(head, 0)).replace(/<!--[\s\S]*?-->/g, '') + html.slice(Math.max(head, 0))
  const root = bare.search(/<html[\s>]/i)
  const whole = root >= 0 ? bare.slice(root) : `<html><body>${bare}</body></html>`
  // Our view of the DOM is narrower than the browser's, whose types linkedom borrows.
  return parseHTML(`<!doctype html>${whole}`).document as unknown as PageDocument
}

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === 1
}

export function isText(node: PageNode): boolean {
  return node.nodeType === 3
}

/** The first of these attributes that an element has, trimmed; undefined when it has none or only blanks. */
export function attribute(element: PageElement | null, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = element?.getAttribute(name)?.trim()
    if (value) return value
  }
  return undefined
}

/** The text of an element with a space where its child elements meet, so that a kicker does not run into a headline. */
export function spacedText(element: PageElement): string {
  let text = ''
  for (const child of element.childNodes) {
    text += isElement(child) ? ` ${spacedText(child)} ` : child.nodeType === 3 ? child.textContent : ''
  }
  return text
}
