import { type DomainError, type ErrorCode, QuotaExceeded, RateLimited } from '../base/errors.ts'
import { RETRY_AFTER_HEADER } from '../base/transient-errors.ts'

/** The HTTP status of each error code; 400 for all others. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  NOT_SIGNED_IN: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
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
