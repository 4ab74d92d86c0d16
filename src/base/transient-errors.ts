import type { ExecutionResult, GraphQLError } from 'graphql'
import { SERVER_ERROR_CODES } from './error-codes.ts'

/** A Retry-After header, in seconds. */
export const RETRY_AFTER_HEADER = { 'retry-after': '5' }

/**
 * Whether an operation failed as a whole because of the gateway or its dependencies, so that a retry may
 * succeed. A partial result has `data`, even if null, and is not such a failure.
 */
export function isServerError(result: object): result is ExecutionResult {
  if ('data' in result || !('errors' in result)) return false
  return (
    (result as ExecutionResult).errors?.some(({ extensions }) => SERVER_ERROR_CODES.has(extensions.code)) ??
    false
  )
}

/** Whether an error says that a dependency is unavailable. */
export function isUnavailable({ extensions }: GraphQLError): boolean {
  return extensions.code === 'TEMPORARILY_UNAVAILABLE'
}
