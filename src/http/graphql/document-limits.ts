import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type ParseOptions,
  parse,
  type SelectionSetNode,
  type Source,
  validate,
  visit,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LruCache } from '../../base/lru-cache.ts'
import {
  MAX_DOCUMENT_SELECTIONS,
  MAX_LOCATED_LINES,
  MAX_NAME_LENGTH,
  MAX_REQUEST_ERRORS,
  MAX_TOKENS,
  queryLimits,
} from '../../graphql/limits.ts'
import { fragmentsOf } from './fragments.ts'
import { withoutValue } from './request-errors.ts'

/** Refuses documents that are expensive to parse, validate or answer, before that work is done. */
export function useDocumentLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn(parseBounded)
    },
    onValidate({ setValidationFn }) {
      setValidationFn(validateBounded)
    },
  }
}

/** Stops after a few errors and makes no suggestions: each compares a name with all names of the schema. */
export function validateBounded(
  ...[schema, document, rules]: Parameters<typeof validate>
): readonly GraphQLError[] {
  if (refusalOfDocument(document)) return []
  const options = { maxErrors: MAX_REQUEST_ERRORS, hideSuggestions: true }
  return validate(schema, document, rules, options).slice(0, MAX_REQUEST_ERRORS).map(withoutValue)
}

/** Documents that are too expensive to validate, with the reason. They are not executed. */
const tooLargeDocuments = new WeakMap<DocumentNode, GraphQLError>()

/** Why a document is not executed, whatever its variables; null when it may be. */
export function refusalOfDocument(document: DocumentNode): GraphQLError | null {
  return tooLargeDocuments.get(document) ?? null
}

/** Caches of parsed documents by text, limited by the total length of the texts. */
export const documentCaches = () => ({
  documentCache: new LruCache<string, DocumentNode>(MAX_CACHED_LENGTH, ({ length }) => length + ENTRY_LENGTH),
  errorCache: new LruCache<string, unknown>(MAX_CACHED_LENGTH, ({ length }) => length + ENTRY_LENGTH),
})

/** In characters. A parsed document takes up to fifty bytes per character. */
const MAX_CACHED_LENGTH = 2_000_000

/** What each entry counts in addition to its text, to limit the number of short ones. */
const ENTRY_LENGTH = 500

/** @throws GraphQLError that repeats only names of the document */
export function parseBounded(source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    const document = parse(source, {
      ...options,
      maxTokens: MAX_TOKENS,
      // Locating an error counts the lines before it, which is slow in long documents.
      noLocation: hasMoreLines(typeof source === 'string' ? source : source.body, MAX_LOCATED_LINES),
    })
    assertNamesAreShort(document)
    const excess = excessOf(document)
    if (excess) tooLargeDocuments.set(document, excess)
    return document
  } catch (error) {
    // The parser recurses for each bracket, and exhausts the stack before the token limit.
    if (error instanceof RangeError) throw failure('The document is nested too deeply.')
    throw error instanceof GraphQLError ? withoutValue(error) : error
  }
}

function hasMoreLines(text: string, lines: number): boolean {
  let at = -1
  for (let count = 1; count <= lines; count++) {
    at = indexOfLineEnd(text, at + 1)
    if (at < 0) return false
  }
  return true
}

function indexOfLineEnd(text: string, from: number): number {
  const end = /[\n\r]/g
  end.lastIndex = from
  return end.test(text) ? end.lastIndex - 1 : -1
}

/** A response repeats an alias for every row. */
function assertNamesAreShort(document: DocumentNode): void {
  visit(document, {
    Name({ value }) {
      if (value.length > MAX_NAME_LENGTH) {
        throw failure(`A name in the document is longer than ${MAX_NAME_LENGTH} characters.`)
      }
    },
  })
}

/**
 * Some validation rules compare all fields and fragments with each other. Cyclic fragments are counted once;
 * validation rejects them.
 */
function excessOf(document: DocumentNode): GraphQLError | null {
  const executable = document.definitions.filter(
    (each) => each.kind === Kind.OPERATION_DEFINITION || each.kind === Kind.FRAGMENT_DEFINITION,
  )
  const fragments = fragmentsOf(document)
  const known = new Map<string, number>()
  let total = 0
  for (const { selectionSet } of executable) {
    const breadth = breadthOf(selectionSet, fragments, known)
    if (breadth > queryLimits.breadth)
      return tooLarge('an operation or fragment in it has', breadth, queryLimits.breadth)
    total += breadth
  }
  return total > MAX_DOCUMENT_SELECTIONS
    ? tooLarge('all operations and fragments in it together have', total, MAX_DOCUMENT_SELECTIONS)
    : null
}

/** The number of fields, with fragments expanded. */
function breadthOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, number>,
): number {
  let breadth = 0
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value
      const fragment = fragments.get(name)
      if (fragment && !known.has(name)) {
        known.set(name, 0)
        known.set(name, breadthOf(fragment.selectionSet, fragments, known))
      }
      breadth += known.get(name) ?? 0
    } else {
      if (selection.kind === Kind.FIELD) breadth += 1
      if (selection.selectionSet) breadth += breadthOf(selection.selectionSet, fragments, known)
    }
  }
  return breadth
}

function tooLarge(parts: string, fields: number, limit: number): GraphQLError {
  return new GraphQLError(
    `The document is too large: ${parts} ${fields} fields with fragments expanded, and the limit is ${limit}. ` +
      'Request less at once.',
    { extensions: { code: 'QUERY_TOO_LARGE' } },
  )
}

function failure(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400, spec: true } },
  })
}
