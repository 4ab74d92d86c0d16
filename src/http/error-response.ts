import type { ServerResponse } from 'node:http'
import { DomainError } from '../base/errors.ts'
import { isRetryable } from '../db/retryable.ts'
import { statusOf } from '../net/status.ts'
import { databaseAway, type ErrorLog } from './errors.ts'

/**
 * Answers a plain HTTP request (REST, feeds) with a failure: as JSON, in its own words when the client can act
 * on it. Anything else is written down and masked.
 */
export function answerFailure(response: ServerResponse, error: unknown, log: ErrorLog): void {
  const known = knownFailure(error, log)
  if (response.headersSent) return void response.destroy()
  const { status, headers } = known ? statusOf(known) : { status: 500, headers: {} }
  const { code, message, details } = known ?? UNFORESEEN
  response
    .writeHead(status, {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    .end(`${JSON.stringify({ error: { code, message, ...details } })}\n`)
}

const UNFORESEEN = { code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error.', details: {} }

/** A failure that can be told as it is; null for a fault, which is written down. */
function knownFailure(error: unknown, log: ErrorLog): DomainError | null {
  if (error instanceof DomainError) return error
  if (isRetryable(error)) return databaseAway(error, log)
  log.error({ err: error }, 'unexpected error')
  return null
}
