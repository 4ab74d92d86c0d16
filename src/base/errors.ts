/** What kinds of failure a caller can cause; each has one code that clients may rely on. */
export type ErrorCode =
  | 'NOT_FOUND'
  | 'INVALID_INPUT'
  | 'NOT_SIGNED_IN'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'PARENT_NOT_APPROVED'
  | 'DISPLAY_NAME_REFUSED'
  | 'COMMENTS_CLOSED'
  | 'REPEATED_COMMENT'
  | 'TOKEN_EXPIRED'
  | 'QUOTA_EXCEEDED'
  | 'RATE_LIMITED'
  | 'TEMPORARILY_UNAVAILABLE'
  | 'UNKNOWN_CURSOR'
  | 'STORY_REMOVED'
  | 'UNSUPPORTED_MEDIA_TYPE'

/** Codes of failures that have nothing to do with what was asked; the first is of what was not foreseen. */
export const SERVER_ERROR_CODES: ReadonlySet<unknown> = new Set([
  'INTERNAL_SERVER_ERROR',
  'TEMPORARILY_UNAVAILABLE',
])

/**
 * A failure that the caller can understand and act on. Its message is shown to the caller, so it says
 * what to do and never what is hidden. Everything that is not a DomainError is a fault of ours and is masked.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  /** What is told beside the message where the answer is JSON. */
  readonly details: Readonly<Record<string, unknown>> = {}

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.name = new.target.name
    this.code = code
  }
}

/** There is no such thing, or the caller has no right to know that there is. */
export class NotFound extends DomainError {
  constructor(what: string) {
    super('NOT_FOUND', `There is no ${what} here.`)
  }
}

/** The input breaks a rule; `field` names which part of it. */
export class InvalidInput extends DomainError {
  readonly field: string

  constructor(field: string, message: string) {
    super('INVALID_INPUT', message)
    this.field = field
  }
}

/** The caller must present a token. */
export class NotSignedIn extends DomainError {
  /** Whether the token was good once. */
  readonly isExpired: boolean

  constructor(message = 'Sign in first: send a token as "Authorization: Bearer …".', isExpired = false) {
    super('NOT_SIGNED_IN', message)
    this.isExpired = isExpired
  }
}

/** The caller's role or standing does not allow this. */
export class Forbidden extends DomainError {
  constructor(message: string) {
    super('FORBIDDEN', message)
  }
}

/** The body of an HTTP request is compressed or otherwise encoded, which no part of the gateway reads. */
export class UnsupportedEncoding extends DomainError {
  constructor() {
    super('UNSUPPORTED_MEDIA_TYPE', 'Send the body without a content-encoding.')
  }
}

/** A partner has asked for as much as it may in this minute or day. */
export class QuotaExceeded extends DomainError {
  /** Seconds until it may ask again. */
  readonly retryAfter: number

  constructor(unit: 'minute' | 'day', retryAfter: number) {
    super('QUOTA_EXCEEDED', `The quota of this ${unit} is used up. Ask again in ${retryAfter} s.`)
    this.retryAfter = retryAfter
  }
}

/** A client does something too often. */
export class RateLimited extends DomainError {
  /** Seconds until it may try again. */
  readonly retryAfter: number

  constructor(message: string, retryAfter: number) {
    super('RATE_LIMITED', `${message} Try again in ${retryAfter} s.`)
    this.retryAfter = retryAfter
  }
}

/** Something that we depend on does not answer: the caller did nothing wrong and may try again. */
export class TemporarilyUnavailable extends DomainError {
  constructor(message: string, options?: ErrorOptions) {
    super('TEMPORARILY_UNAVAILABLE', message)
    this.cause = options?.cause
  }
}

/**
 * A setting, folder or database keeps the program from starting. The message is one line that says which
 * and how to mend it; it is printed as it is, with exit code 1, and so never holds a password.
 */
export class SetupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SetupError'
  }
}
