import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, visit } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { MAX_INPUT_LENGTH, MAX_VARIABLE_DEPTH, MAX_VARIABLE_VALUES } from '../../graphql/limits.ts'
import { fragmentsOf } from './fragments.ts'

/** Refuses variables that are too many or too deeply nested, before other code reads them. */
export function useVariableLimits(): Plugin {
  return {
    onParams({ params }) {
      assertVariablesAreSmall(params.variables)
    },
  }
}

/**
 * Counts keys and items without recursion, so that deep nesting can't exhaust the stack.
 * @throws GraphQLError
 */
export function assertVariablesAreSmall(variables: unknown): void {
  let count = 0
  let level: unknown[] = [variables]
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue
      if (depth > MAX_VARIABLE_DEPTH) {
        throw tooLarge(`The variables are nested more than ${MAX_VARIABLE_DEPTH} levels deep.`)
      }
      const inner = Array.isArray(value) ? value : Object.values(value)
      count += inner.length
      if (count > MAX_VARIABLE_VALUES) {
        throw tooLarge(`The variables contain more than ${MAX_VARIABLE_VALUES} keys and items.`)
      }
      next.push(...inner)
    }
    level = next
  }
}

/**
 * Refuses an operation that uses long variables in many fields: each field reads them.
 * @throws GraphQLError
 */
export function assertUseIsSmall(document: DocumentNode, inputs: Readonly<Record<string, unknown>>): void {
  const lengths = new Map(Object.entries(inputs).map(([name, value]) => [name, lengthOf(value)]))
  const total = [...lengths.values()].reduce((sum, length) => sum + length, 0)
  if (total <= SMALL_INPUT_LENGTH) return
  const used = new Map<string, number>()
  const fragments = fragmentsOf(document)
  const lengthIn = (root: OperationDefinitionNode['selectionSet']): number => {
    let length = 0
    visit(root, {
      Variable: ({ name }) => {
        length += lengths.get(name.value) ?? 0
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value)
        if (fragment && !used.has(name.value)) used.set(name.value, lengthIn(fragment.selectionSet))
        length += used.get(name.value) ?? 0
      },
    })
    return length
  }
  for (const each of document.definitions) {
    if (each.kind !== Kind.OPERATION_DEFINITION) continue
    if (lengthIn(each.selectionSet) > MAX_INPUT_LENGTH) {
      throw tooLarge('The query is too large: it uses long variables too often. Request less at once.')
    }
  }
}

/** Shorter variables may be used any number of times, in characters. */
const SMALL_INPUT_LENGTH = 2_000

/** Approximates the length as JSON. The depth was checked before. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + 8 + lengthOf(inner), 0)
}

function tooLarge(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'QUERY_TOO_LARGE', http: { status: 400, spec: true } },
  })
}
