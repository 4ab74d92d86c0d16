import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type VariableValues,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LruCache } from '../../base/lru-cache.ts'
import { MAX_REQUEST_ERRORS, queryLimits } from '../../graphql/limits.ts'
import { aliasComplexity } from './alias-cost.ts'
import { refusalOfDocument } from './document-limits.ts'
import { fragmentsOf } from './fragments.ts'
import { repeatsIntrospection } from './introspection.ts'
import { withoutValue } from './request-errors.ts'
import { variableErrors } from './variable-errors.ts'
import { assertUseIsSmall } from './variables.ts'

/** The length of all keys of accepted operations, of one entry beside its key, and of the variables in a key. */
const MAX_ACCEPTED_LENGTH = 1_000_000
const ENTRY_LENGTH = 100
const MAX_INPUTS_LENGTH = 500

/** Refuses operations that are too large, including subscriptions, before they cost a statement. */
export function useQueryLimits(): Plugin {
  return { onExecute: refuseTooLarge, onSubscribe: refuseTooLarge }
}

interface Starting {
  args: ExecutionArgs
  setResultAndStopExecution(result: { errors: readonly GraphQLError[] }): void
}

function refuseTooLarge({ args, setResultAndStopExecution }: Starting): void {
  const errors = refusalsOf(args)
  if (errors) setResultAndStopExecution({ errors })
}

/**
 * Why an operation is not executed; null when it is. It may be too large, or its variables may be invalid. An
 * operation that can't be measured, for example because of invalid arguments, is refused with that error.
 */
export function refusalsOf(args: ExecutionArgs): readonly GraphQLError[] | null {
  const key = keyOf(args)
  if (key !== null && accepted.get(key)) return null
  try {
    const refusals = refusalsOfMeasured(args)
    if (refusals === null && key !== null) accepted.set(key, true)
    return refusals
  } catch (error) {
    if (error instanceof GraphQLError) return [withoutValue(error)]
    throw error
  }
}

/**
 * Operations that are known to be accepted, with their variables: nothing else decides. Parsed documents are cached,
 * and many clients send the same ones.
 */
const accepted = new LruCache<string, true>(MAX_ACCEPTED_LENGTH, (key) => key.length + ENTRY_LENGTH)

function keyOf({ document, operationName, variableValues }: ExecutionArgs): string | null {
  const operation = getOperationAST(document, operationName)
  if (!operation) return null
  let isExact = true
  const inputs = JSON.stringify(variableValues ?? {}, (_key, value) => {
    // JSON has no infinite numbers, but 1e999 is read as one, and written as null.
    isExact &&= typeof value !== 'number' || Number.isFinite(value)
    return value
  })
  return isExact && inputs.length <= MAX_INPUTS_LENGTH ? `${numberOf(operation)} ${inputs}` : null
}

/** A number for each operation, so that a key does not keep a document in memory. */
function numberOf(operation: OperationDefinitionNode): number {
  const known = numbers.get(operation)
  if (known !== undefined) return known
  operations += 1
  numbers.set(operation, operations)
  return operations
}

const numbers = new WeakMap<OperationDefinitionNode, number>()
let operations = 0

function refusalsOfMeasured(args: ExecutionArgs): readonly GraphQLError[] | null {
  const { schema, document, operationName, variableValues } = args
  const refusal = refusalOfDocument(document)
  if (refusal) return [refusal]
  const operation = getOperationAST(document, operationName)
  if (!operation) return [noSuchOperation()]
  const inputs = variableValues ?? {}
  const variableFailures = variableErrors(schema, operation, inputs)
  if (variableFailures.length > 0) return variableFailures
  assertUseIsSmall(document, inputs)
  const { variableValues: variables, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    inputs,
    { maxErrors: MAX_REQUEST_ERRORS, hideSuggestions: true },
  )
  if (errors) return errors.map(withoutValue)
  const error = excessOf(args, operation, variables)
  return error && [error]
}

function excessOf(
  { schema, document, variableValues, contextValue }: ExecutionArgs,
  operation: OperationDefinitionNode,
  variables: VariableValues,
): GraphQLError | null {
  const type = schema.getRootType(operation.operation)
  if (!type) return null
  const inputs = variableValues ?? {}
  const fragments = fragmentsOf(document)
  const single = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] } as const
  if (repeatsIntrospectionCached(schema, operation, single)) {
    return refusal('The query is too large: it selects the schema more than once.')
  }
  const context = contextValue as object
  const size = complexityFromQuery(single, { schema, ctx: context, variables: inputs })
  const error = excessError(size)
  if (error) return error
  const measured = { schema, fragments, variables, context }
  const aliases = aliasComplexity(operation.selectionSet, type, measured)
  return excessError({ ...size, complexity: size.complexity + aliases })
}

/** Results by operation: parsed documents are cached, and many clients send the same one. */
const repeatsIntrospectionCache = new WeakMap<OperationDefinitionNode, boolean>()

function repeatsIntrospectionCached(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): boolean {
  const known = repeatsIntrospectionCache.get(operation)
  if (known !== undefined) return known
  const found = repeatsIntrospection(schema, document)
  repeatsIntrospectionCache.set(operation, found)
  return found
}

const measures = ['depth', 'breadth', 'complexity'] as const

function excessError(size: Record<(typeof measures)[number], number>): GraphQLError | null {
  const measure = measures.find((each) => size[each] > queryLimits[each])
  if (!measure) return null
  return refusal(
    `The query is too large: its ${measure} is ${size[measure]}, and the limit is ${queryLimits[measure]}. ` +
      'Request less at once.',
  )
}

/** The error does not repeat the operation name. */
export function noSuchOperation(): GraphQLError {
  return new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  })
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_LARGE' } })
}
