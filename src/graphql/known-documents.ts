import { hash } from 'node:crypto'
import {
  type DocumentNode,
  getOperationAST,
  Kind,
  type OperationTypeNode,
  parse,
  print,
  visit,
} from 'graphql'
import { operationNames, operationText } from './operations.ts'

/** A text of one of the documents in schema/operations. */
export interface KnownText {
  text: string
  operation: OperationTypeNode
}

/**
 * The documents in schema/operations by the SHA-256 of their text: as written, and as Apollo Client and urql send them,
 * with `__typename` in every selection and definitions in another order. There is a fixed number of such texts.
 */
export function knownTexts(): ReadonlyMap<string, KnownText> {
  known ??= new Map(operationNames().flatMap(textsOf))
  return known
}

let known: ReadonlyMap<string, KnownText> | null = null

/** Whether a document with this `printedId` is one of the subscriptions in schema/operations. */
export function isKnownSubscription(id: string): boolean {
  return knownTexts().get(id)?.operation === 'subscription'
}

/** Equal for all documents that differ only in white space, commas and comments. */
export function printedId(document: DocumentNode): string {
  return textId(print(document))
}

/** The SHA-256 of a text, in lower-case hexadecimal digits. */
export function textId(text: string): string {
  return hash('sha256', text, 'hex')
}

/** The document in which clients with a normalised cache need an operation: with `__typename` in every selection. */
export function documentWithTypenames(name: string): DocumentNode {
  return withTypenames(parse(operationText(name), { noLocation: true }), 'last')
}

function textsOf(name: string): [string, KnownText][] {
  const source = operationText(name)
  const document = parse(source, { noLocation: true })
  const operation = getOperationAST(document)?.operation as OperationTypeNode
  const printed = [document, withTypenames(document, 'last'), withTypenames(document, 'first')]
    .flatMap(ordersOf)
    .map(print)
  // urql sends no empty lines.
  const texts = [source, ...printed, ...printed.map((text) => text.replace(/\n+/g, '\n'))]
  return texts.map((text) => [textId(text), { text, operation }])
}

/** The orders of definitions: as written, reversed, and as the tools of Apollo sort them. */
function ordersOf(document: DocumentNode): DocumentNode[] {
  const { definitions } = document
  const sorted = definitions.toSorted((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1))
  return [
    document,
    { ...document, definitions: definitions.toReversed() },
    { ...document, definitions: sorted },
  ]
}

function sortKeyOf(definition: DocumentNode['definitions'][number]): string {
  const name = 'name' in definition ? definition.name : undefined
  return `${definition.kind} ${name && 'value' in name ? name.value : ''}`
}

/** Adds `__typename` to every selection below the root that lacks it. */
function withTypenames(document: DocumentNode, place: 'first' | 'last'): DocumentNode {
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const
  return visit(document, {
    SelectionSet(set, _key, parent) {
      if (parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION) return
      const has = set.selections.some((each) => each.kind === Kind.FIELD && each.name.value === '__typename')
      if (has) return
      const selections = place === 'last' ? [...set.selections, typename] : [typename, ...set.selections]
      return { ...set, selections }
    },
  })
}
