import type { ServerResponse } from 'node:http'
import { DomainError } from '../base/errors.ts'
import { isRetryable } from '../db/retryable.ts'
import { databaseUnavailable, type ErrorLog } from './errors.ts'
import { respondJson } from './respond.ts'
import { statusOf } from './status.ts'

/**
 * Responds to a plain HTTP request (REST, feeds) with a JSON error. Unexpected errors are logged and masked.
 */
export function respondWithError(response: ServerResponse, error: unknown, log: ErrorLog): void {
  const known = knownFailure(error, log)
  if (response.headersSent) return void response.destroy()
  const { status, headers } = known ? statusOf(known) : { status: 500, headers: {} }
  const { code, message, details } = known ?? UNFORESEEN
  respondJson(response, status, { error: { code, message, ...details } }, headers)
}

const UNFORESEEN = { code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error.', details: {} }

/** An error that can be shown; null for an unexpected one, which is logged. */
function knownFailure(error: unknown, log: ErrorLog): DomainError | null {
  if (error instanceof DomainError) return error
  if (isRetryable(error)) return databaseUnavailable(error, log)
  log.error({ err: error }, 'unexpected error')
  return null
}
