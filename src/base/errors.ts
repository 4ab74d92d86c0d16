import type { AnyErrorCode } from './error-codes.ts'

/**
 * An error that the caller can understand and handle. Its message is shown to the caller and must not reveal
 * hidden data. All other errors are masked.
 */
export class DomainError<Code extends AnyErrorCode = AnyErrorCode> extends Error {
  readonly code: Code
  /** Additional fields of a JSON error response. */
  readonly details: Readonly<Record<string, unknown>> = {}

  constructor(code: Code, message: string) {
    super(message)
    this.name = new.target.name
    this.code = code
  }
}

/** The object does not exist, or the caller may not know that it exists. */
export class NotFound extends DomainError<'NOT_FOUND'> {
  /** @param message replaces the usual message about a missing object */
  constructor(
    what: string,
    message = `The ${what} does not exist, or you may not see it. Check the id or slug.`,
  ) {
    super('NOT_FOUND', message)
  }
}

/** The input is invalid; `field` names the invalid part. */
export class InvalidInput extends DomainError<'INVALID_INPUT'> {
  readonly field: string

  constructor(field: string, message: string) {
    super('INVALID_INPUT', message)
    this.field = field
  }
}

/** Authentication is required. */
export class NotSignedIn extends DomainError<'NOT_SIGNED_IN'> {
  /** Whether the token was valid before it expired. */
  readonly isExpired: boolean

  constructor(message = 'Sign in first: send a token as "Authorization: Bearer …".', isExpired = false) {
    super('NOT_SIGNED_IN', message)
    this.isExpired = isExpired
  }
}

/** The caller's role or status does not allow this. */
export class Forbidden extends DomainError<'FORBIDDEN'> {
  constructor(message: string) {
    super('FORBIDDEN', message)
  }
}

/** The request body has a content encoding, which the gateway does not support. */
export class UnsupportedEncoding extends DomainError {
  constructor() {
    super('UNSUPPORTED_MEDIA_TYPE', 'Send the body without a content-encoding.')
  }
}

/** A partner has used up its quota of this minute or day. */
export class QuotaExceeded extends DomainError {
  /** Seconds until the quota resets. */
  readonly retryAfter: number

  constructor(unit: 'minute' | 'day', retryAfter: number) {
    super('QUOTA_EXCEEDED', `The quota of this ${unit} is used up. Try again in ${retryAfter} s.`)
    this.retryAfter = retryAfter
  }
}

/** A client sends too many requests. */
export class RateLimited extends DomainError<'RATE_LIMITED'> {
  /** Seconds until it may retry. */
  readonly retryAfter: number

  constructor(message: string, retryAfter: number) {
    super('RATE_LIMITED', `${message} Try again in ${retryAfter} s.`)
    this.retryAfter = retryAfter
  }
}

/** A dependency, such as the database, is unavailable. The caller may retry the same request. */
export class TemporarilyUnavailable extends DomainError {
  constructor(message: string, options?: ErrorOptions) {
    super('TEMPORARILY_UNAVAILABLE', message)
    this.cause = options?.cause
  }
}

/**
 * A setting, folder or database prevents the start. The message is one line that names the cause and the
 * correction; it is printed as it is, with exit code 1, and must not contain passwords.
 */
export class SetupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SetupError'
  }
}
