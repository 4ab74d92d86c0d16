import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { MAX_ERRORS_LENGTH } from '../../graphql/limits.ts'

/**
 * Limits the errors of one result: every field that fails adds one, and each repeats the aliases of its path.
 * The last error then says how many are left out.
 */
export function useErrorLimit(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ result, setResult }) {
        if (Array.isArray(result) || Symbol.asyncIterator in result) return
        const { errors } = result as ExecutionResult
        if (errors) setResult({ ...(result as ExecutionResult), errors: limitErrors(errors) })
      },
    }),
  }
}

/** Returns the first errors, up to `MAX_ERRORS_LENGTH`, and at least one. */
export function limitErrors(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  let length = 0
  let kept = 0
  for (const error of errors) {
    length += lengthOf(error)
    if (kept > 0 && length > MAX_ERRORS_LENGTH) break
    kept += 1
  }
  const omitted = errors.slice(kept)
  if (!omitted[0]) return errors
  const { extensions } = omitted[0]
  const message = `${omitted.length} more errors are not shown. Request less at once.`
  return [...errors.slice(0, kept), new GraphQLError(message, { extensions: { code: extensions.code } })]
}

/** Approximates the length as JSON, in characters. */
function lengthOf({ message, path = [] }: GraphQLError): number {
  return message.length + path.reduce<number>((sum, key) => sum + String(key).length + 3, BASE_LENGTH)
}

/** Locations, code and punctuation, in characters. */
const BASE_LENGTH = 130
