import { STATUS_CODES } from 'node:http'
import { CloseCode } from 'graphql-ws'
import type { AnyErrorCode } from '../base/error-codes.ts'
import { type DomainError, QuotaExceeded, RateLimited } from '../base/errors.ts'
import { RETRY_AFTER_HEADER } from '../base/transient-errors.ts'

// What an error means to a client of each transport: the HTTP status, and the close code of a websocket.

/** The HTTP status of each error code; 400 for all others. */
const STATUS: Readonly<Partial<Record<AnyErrorCode, number>>> = {
  NOT_SIGNED_IN: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  DOCUMENT_NOT_PERSISTED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UNKNOWN_CURSOR: 410,
  ARTICLE_GONE: 410,
  UNSUPPORTED_MEDIA_TYPE: 415,
  QUOTA_EXCEEDED: 429,
  RATE_LIMITED: 429,
  TEMPORARILY_UNAVAILABLE: 503,
}

/** The status and headers of an error that concerns the whole request (RFC 9110). */
export function statusOf(error: DomainError): { status: number; headers: Record<string, string> } {
  const status = STATUS[error.code] ?? 400
  const headers: Record<string, string> = {}
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (status === 415) headers['accept-encoding'] = 'identity'
  if (status === 503) Object.assign(headers, RETRY_AFTER_HEADER)
  if (error instanceof QuotaExceeded || error instanceof RateLimited) {
    headers['retry-after'] = String(error.retryAfter)
  }
  return { status, headers }
}

/** A status for a raw response, before HTTP has begun or after it has ended: `404 Not Found`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status]}`
}

/**
 * The gateway's close codes, in addition to those of graphql-transport-ws (`CloseCode` of graphql-ws). Clients
 * reconnect after all but 1008.
 */
export const CLOSE = {
  /** The gateway is shutting down (RFC 6455). */
  GOING_AWAY: 1001,
  /** The client starts too many operations (RFC 6455). */
  POLICY_VIOLATION: 1008,
  /** The gateway can't serve at the moment (IANA registry). */
  TRY_AGAIN_LATER: 1013,
  /** The reader is too slow: it reconnects with its last cursor. */
  TOO_SLOW: 4410,
} as const

/** The close code of an error that ends a websocket. */
export function closeCodeOf({ code }: DomainError): number {
  return code === 'TEMPORARILY_UNAVAILABLE' || code === 'RATE_LIMITED'
    ? CLOSE.TRY_AGAIN_LATER
    : CloseCode.Forbidden
}
