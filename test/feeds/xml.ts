import { SaxesParser } from 'saxes'

/** An element of a parsed document. */
export interface Element {
  /** Name with the prefix that the document gives it. */
  name: string
  /** The namespace it is in. */
  uri: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

/** Parses a document strictly, by XML 1.0 with namespaces. Throws for one that is not well-formed. */
export function parseXml(xml: string): Element {
  const parser = new SaxesParser({ xmlns: true })
  const root: Element = { name: '', uri: '', attributes: {}, children: [], text: '' }
  const open = [root]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, uri, attributes }) => {
    const element = {
      name,
      uri,
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value])),
      children: [],
      text: '',
    }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    open.at(-1)!.text += text
  })
  parser.on('cdata', (text) => {
    open.at(-1)!.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(xml).close()
  return root.children[0]!
}

/** All elements of a name below an element, in the order of the document. */
export function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)])
}

/** The text of the first element of a name below an element. */
export function textOf(element: Element, name: string): string | undefined {
  return all(element, name)[0]?.text
}
