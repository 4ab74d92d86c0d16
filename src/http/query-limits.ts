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
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { queryLimits } from '../graphql/limits.ts'
import { aliasComplexity } from './alias-cost.ts'
import { repeatsIntrospection } from './introspection.ts'

/** Refuses an operation that asks for too much at once, subscriptions too, before it costs a statement. */
export function useQueryLimits(): Plugin {
  return { onExecute: refuseTooLarge, onSubscribe: refuseTooLarge }
}

interface Starting {
  args: ExecutionArgs
  setResultAndStopExecution(result: { errors: GraphQLError[] }): void
}

function refuseTooLarge({ args, setResultAndStopExecution }: Starting): void {
  const error = tooLarge(args)
  if (error) setResultAndStopExecution({ errors: [error] })
}

/**
 * Why an operation asks for too much at once, or null when it does not. What can't be measured, such as a
 * list whose arguments don't fit, is refused with the reason: it is not known to be small.
 */
export function tooLarge(args: ExecutionArgs): GraphQLError | null {
  try {
    return refusalOf(args)
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

/** Null also for what runs nothing because execution refuses it: no such operation, variables that don't fit. */
function refusalOf(args: ExecutionArgs): GraphQLError | null {
  const { schema, document, operationName, variableValues, contextValue } = args
  const operation = getOperationAST(document, operationName)
  const type = operation && schema.getRootType(operation.operation)
  if (!operation || !type) return null
  const inputs = variableValues ?? {}
  const { variableValues: variables } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs)
  if (!variables) return null

  const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
  const single = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] } as const
  if (asksTwice(schema, operation, single)) {
    return refusal('The query is too large: it asks for the schema more than once.')
  }
  const context = contextValue as object
  const size = complexityFromQuery(single, { schema, ctx: context, variables: inputs })
  const tooMuch = excess(size)
  if (tooMuch) return tooMuch
  const byName = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  const measured = { schema, fragments: byName, variables, context }
  const aliases = aliasComplexity(operation.selectionSet, type, measured)
  return excess({ ...size, complexity: size.complexity + aliases })
}

/** What is known of operations: parsed documents are cached, and a crowd that returns all sends the same one. */
const askingTwice = new WeakMap<OperationDefinitionNode, boolean>()

function asksTwice(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): boolean {
  const known = askingTwice.get(operation)
  if (known !== undefined) return known
  const found = repeatsIntrospection(schema, document)
  askingTwice.set(operation, found)
  return found
}

const measures = ['depth', 'breadth', 'complexity'] as const

function excess(size: Record<(typeof measures)[number], number>): GraphQLError | null {
  const measure = measures.find((each) => size[each] > queryLimits[each])
  if (!measure) return null
  return refusal(
    `The query is too large: its ${measure} is ${size[measure]}, the limit ${queryLimits[measure]}. ` +
      'Ask for less at once.',
  )
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_LARGE' } })
}
