import type { ServerResponse } from 'node:http'
import { DomainError, type ErrorCode, QuotaExceeded } from '../errors.ts'
import type { ErrorLog } from './errors.ts'

/** What HTTP calls each kind of failure, where an answer is about one thing and not a GraphQL result. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  NOT_SIGNED_IN: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNKNOWN_CURSOR: 410,
  QUOTA_EXCEEDED: 429,
  TEMPORARILY_UNAVAILABLE: 503,
}

/** The status and headers that a failure has over plain HTTP (RFC 9110). */
export function statusOf(error: DomainError): { status: number; headers: Record<string, string> } {
  const status = STATUS[error.code] ?? 400
  const headers: Record<string, string> = {}
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (error instanceof QuotaExceeded) headers['retry-after'] = String(error.retryAfter)
  return { status, headers }
}

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
