import type { ExecutionResult } from 'graphql'
import { SERVER_ERROR_CODES } from './errors.ts'

/** Seconds after which a client may ask again, as a header. */
export const RETRY_AFTER_HEADER = { 'retry-after': '5' }

/**
 * Whether an operation could not begin, or its results can't go on, because of us: the same request may well
 * do later. What was executed and failed in a part has `data`, if only null, and is an answer.
 */
export function isServerError(result: object): result is ExecutionResult {
  if ('data' in result || !('errors' in result)) return false
  return (
    (result as ExecutionResult).errors?.some(({ extensions }) => SERVER_ERROR_CODES.has(extensions.code)) ??
    false
  )
}
