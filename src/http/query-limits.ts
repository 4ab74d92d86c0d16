import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type ExecutionArgs, GraphQLError, getOperationAST, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { queryLimits } from '../graphql/limits.ts'

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

/** Why an operation asks for too much at once, or null when it does not. */
export function tooLarge(args: ExecutionArgs): GraphQLError | null {
  const size = sizeOf(args)
  const measure = size && measures.find((each) => size[each] > queryLimits[each])
  if (!measure) return null
  const message =
    `The query is too large: its ${measure} is ${size[measure]}, the limit ${queryLimits[measure]}. ` +
    'Ask for less at once.'
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_LARGE' } })
}

const measures = ['depth', 'breadth', 'complexity'] as const

/** Null for what execution will complain about by itself: no such operation, variables that do not fit. */
function sizeOf({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs) {
  const operation = getOperationAST(document, operationName)
  if (!operation) return null
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  try {
    return complexityFromQuery(
      { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
      { schema, ctx: contextValue as object, variables: variableValues ?? {} },
    )
  } catch (error) {
    if (error instanceof GraphQLError) return null
    throw error
  }
}
