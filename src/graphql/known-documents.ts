import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DocumentNode, Kind, parse, print, visit } from 'graphql'
import { operationText } from './operations.ts'

const FOLDER = join(import.meta.dirname, '../../schema/operations')

let ids: ReadonlySet<string> | null = null

/**
 * Whether a document is one of the subscriptions in schema/operations: as written, or as Apollo Client, urql
 * and Relay send it, with `__typename` in every selection and definitions in another order. There is a fixed
 * number of such texts.
 */
export function isKnownDocument(id: string, idOf: (document: DocumentNode) => string): boolean {
  ids ??= new Set(feedDocuments().flatMap(textsOf).map(idOf))
  return ids.has(id)
}

/** The same for all operations in schema/operations. */
export function isOwnDocument(document: DocumentNode): boolean {
  ownTexts ??= new Set(
    documentsWith(/^(query|mutation|subscription)\b/m)
      .flatMap(textsOf)
      .map(print),
  )
  return ownTexts.has(print(document))
}

let ownTexts: ReadonlySet<string> | null = null

function feedDocuments(): DocumentNode[] {
  return documentsWith(/^subscription\b/m)
}

function documentsWith(operation: RegExp): DocumentNode[] {
  return readdirSync(FOLDER)
    .filter((file) => operation.test(readFileSync(join(FOLDER, file), 'utf8')))
    .map((file) => parse(operationText(file.replace(/\.graphql$/, ''))))
}

function textsOf(document: DocumentNode): DocumentNode[] {
  return [document, withTypenames(document, 'last'), withTypenames(document, 'first')].flatMap((each) => [
    each,
    { ...each, definitions: each.definitions.toReversed() },
  ])
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
