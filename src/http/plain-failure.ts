import type { ServerResponse } from 'node:http'
import { DomainError } from '../errors.ts'
import type { ErrorLog } from './errors.ts'
import { statusOf } from './status.ts'

/**
 * Answers a plain HTTP request (REST, feeds) with a failure: as JSON, in its own words when the client can act
 * on it. Anything else is written down and masked.
 */
export function answerFailure(response: ServerResponse, error: unknown, log: ErrorLog): void {
  if (response.headersSent) return void response.destroy()
  if (!(error instanceof DomainError)) log.error({ err: error }, 'unexpected error')
  const { status, headers } = error instanceof DomainError ? statusOf(error) : { status: 500, headers: {} }
  const { code, message } =
    error instanceof DomainError ? error : { code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error.' }
  response
    .writeHead(status, {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    .end(`${JSON.stringify({ error: { code, message } })}\n`)
}
