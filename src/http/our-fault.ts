import type { ExecutionResult } from 'graphql'

/** Seconds after which a client may ask again, as a header. */
export const COME_AGAIN = { 'retry-after': '5' }

/** Codes of failures that have nothing to do with what was asked. */
const CODES: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'TEMPORARILY_UNAVAILABLE'])

/**
 * Whether an operation could not begin, or its results can't go on, because of us: the same request may well
 * do later. What was executed and failed in a part has `data`, if only null, and is an answer.
 */
export function isOurFault(result: object): result is ExecutionResult {
  if ('data' in result || !('errors' in result)) return false
  return (result as ExecutionResult).errors?.some(({ extensions }) => CODES.has(extensions.code)) ?? false
}
