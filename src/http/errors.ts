import { GraphQLError } from 'graphql'
import type { AnyErrorCode } from '../base/error-codes.ts'
import { DomainError, QuotaExceeded, RateLimited, TemporarilyUnavailable } from '../base/errors.ts'
import { isRetryable } from '../db/retryable.ts'
import { withoutValue } from './graphql/request-errors.ts'
import { statusOf } from './status.ts'

declare module 'graphql/error/GraphQLError.js' {
  interface GraphQLErrorExtensions {
    /** Only codes that clients can look up: a GraphQLError with another code does not compile. */
    code?: AnyErrorCode
  }
}

/** Where unexpected errors are logged. */
export interface ErrorLog {
  error(details: object, message: string): void
}

/**
 * Masks errors for clients: shows a DomainError's message and code, and GraphQL's own errors about the
 * request. Any other error is logged, and the client learns only that it happened.
 */
export function errorMask(log: ErrorLog) {
  return (error: unknown, message: string): GraphQLError => {
    const cause = causeOf(error)
    if (cause instanceof DomainError) return domainError(cause, error)
    if (error instanceof GraphQLError && (cause === undefined || cause instanceof GraphQLError)) {
      if (error.extensions.code !== undefined) return error
      if (isAboutTheRequest(error)) return coded(error)
    }
    if (isRetryable(cause ?? error)) return domainError(databaseUnavailable(cause ?? error, log), error)
    log.error({ err: cause ?? error }, 'unexpected error')
    return new GraphQLError(message, {
      ...locationOf(error),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
  }
}

/**
 * The error for clients while the database is unavailable. The reason is logged, at most once per
 * `OUTAGE_LOG_MS`.
 */
export function databaseUnavailable(cause: unknown, log: ErrorLog): TemporarilyUnavailable {
  if (performance.now() > (muteUntil.get(log) ?? 0)) {
    muteUntil.set(log, performance.now() + OUTAGE_LOG_MS)
    log.error(
      { err: cause },
      'the database does not respond; clients receive the error TEMPORARILY_UNAVAILABLE',
    )
  }
  return new TemporarilyUnavailable("The gateway can't answer at the moment. Try again in a few seconds.", {
    cause,
  })
}

/** The shortest time between two log lines about an outage, in which every request fails, in ms. */
const OUTAGE_LOG_MS = 5_000

const muteUntil = new WeakMap<ErrorLog, number>()

/**
 * Whether an error of graphql-js is about the request. Within a field only its arguments can be wrong; else a
 * resolver returned a value that does not fit the schema.
 */
function isAboutTheRequest({ path, message }: GraphQLError): boolean {
  return path === undefined || /^(?:Argument|Variable) "/.test(message)
}

/** Adds a code to GraphQL's own errors about variables and arguments. */
function coded(error: GraphQLError): GraphQLError {
  const shown = withoutValue(error)
  Object.assign(shown.extensions, { code: 'INVALID_INPUT' })
  return shown
}

/**
 * An error of the whole request, with its HTTP status. GraphQL over HTTP prescribes 200 for application/json,
 * except for a request that can't be read, and here for 429, which clients must be able to see.
 */
export function httpError(error: DomainError): GraphQLError {
  return new GraphQLError(error.message, {
    extensions: { code: error.code, ...detailOf(error), http: httpOf(error) },
  })
}

function httpOf(error: DomainError) {
  const { status, headers } = statusOf(error)
  return { status, headers, spec: !FIXED.has(status) }
}

/** The statuses that do not depend on the media type of the response. */
const FIXED: ReadonlySet<number> = new Set([415, 429])

function domainError(error: DomainError, wrapper: unknown): GraphQLError {
  return new GraphQLError(error.message, {
    ...locationOf(wrapper),
    extensions: {
      code: error.code,
      ...detailOf(error),
      // A field is refused like a whole request when it alone decides whether the quota counts.
      ...(error instanceof QuotaExceeded && { http: httpOf(error) }),
    },
  })
}

function detailOf(error: DomainError): object {
  if (error instanceof QuotaExceeded || error instanceof RateLimited) return { retryAfter: error.retryAfter }
  return 'field' in error ? { field: error.field } : {}
}

/** The innermost error: execution wraps the errors of resolvers. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error
  const inner = error.originalError ?? error.cause
  return inner === undefined || inner === error ? undefined : (causeOf(inner) ?? inner)
}

function locationOf(error: unknown) {
  return error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}
}
