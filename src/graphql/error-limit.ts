import { GraphQLError } from 'graphql'
import { MAX_ERRORS_LENGTH } from './limits.ts'

/**
 * Limits the errors of a result to about `MAX_ERRORS_LENGTH` characters; the last error then says how many are
 * left out.
 */
export function limitResult<Result extends { errors?: readonly GraphQLError[] }>(result: Result): Result {
  const { errors } = result
  const limited = errors && limitErrors(errors)
  return limited === errors ? result : { ...result, errors: limited }
}

/** Returns the first errors, up to `MAX_ERRORS_LENGTH`, and at least one. The errors are masked. */
export function limitErrors(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  let length = 0
  let kept = 0
  for (const error of errors) {
    length += lengthOf(error)
    if (kept > 0 && length > MAX_ERRORS_LENGTH) break
    kept += 1
  }
  const [first, ...others] = errors.slice(kept)
  if (!first) return errors
  const message = `${others.length + 1} more errors are not shown. Request less at once.`
  return [
    ...errors.slice(0, kept),
    new GraphQLError(message, { extensions: { code: first.extensions.code } }),
  ]
}

/** Approximates the length as JSON, in characters. */
function lengthOf({ message, path = [] }: GraphQLError): number {
  return message.length + path.reduce<number>((sum, key) => sum + String(key).length + 3, BASE_LENGTH)
}

/** Locations, code and punctuation, in characters. */
const BASE_LENGTH = 130
