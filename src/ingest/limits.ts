import { Parser } from 'htmlparser2'
import {
  MAX_ATTRIBUTE_CHARACTERS,
  MAX_ATTRIBUTES,
  MAX_ATTRIBUTES_PER_ELEMENT,
  MAX_DEPTH,
  MAX_DEPTHS,
  MAX_ELEMENTS,
  MAX_NODES,
  MAX_TEXT_CHARACTERS,
} from './page-limits.ts'

/** A page that exceeds a limit. The message is one line that names the limit. */
export class PageTooComplex extends Error {}

/**
 * Refuses a page before it is parsed to a document. Later steps may cost as much as the number of elements times
 * their depth, so both are limited here, in one pass that builds no document.
 * @throws PageTooComplex
 */
export function checkComplexity(html: string): void {
  let elements = 0
  let nodes = 0
  let depths = 0
  let depth = 0
  let attributes = 0
  let allAttributes = 0
  let characters = 0
  let raw = 0
  const countNode = () => {
    nodes += 1
    refuseAbove(nodes, MAX_NODES, 'more than', 'elements, comments and pieces of text')
  }
  const parser = new Parser(
    {
      onattribute(name, value) {
        if (name.toLowerCase() === 'class')
          refuseAbove(
            value.length,
            MAX_ATTRIBUTE_CHARACTERS,
            'a class attribute with more than',
            'characters',
          )
        attributes += 1
        allAttributes += 1
        refuseAbove(attributes, MAX_ATTRIBUTES_PER_ELEMENT, 'an element with more than', 'attributes')
        refuseAbove(allAttributes, MAX_ATTRIBUTES, 'more than', 'attributes')
      },
      onopentag(name) {
        elements += 1
        countNode()
        depth += 1
        depths += depth
        attributes = 0
        if (name === 'script' || name === 'style') raw += 1
        refuseAbove(elements, MAX_ELEMENTS, 'more than', 'elements')
        refuseAbove(depth, MAX_DEPTH, 'elements nested more than', 'levels deep')
        refuseAbove(depths, MAX_DEPTHS, 'elements whose depths add up to more than', 'levels')
      },
      onclosetag(name) {
        depth -= 1
        if (name === 'script' || name === 'style') raw -= 1
      },
      oncomment: countNode,
      ontext(text) {
        countNode()
        if (raw > 0) return
        characters += text.length
        refuseAbove(characters, MAX_TEXT_CHARACTERS, 'more than', 'characters of text')
      },
    },
    { lowerCaseAttributeNames: false, decodeEntities: true },
  )
  parser.write(html)
  parser.end()
}

function refuseAbove(count: number, max: number, before: string, after: string): void {
  if (count <= max) return
  throw new PageTooComplex(
    `The page has ${before} ${max.toLocaleString('en')} ${after}, more than an article needs. Save a page that contains only the article.`,
  )
}
