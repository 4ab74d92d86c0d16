import { GraphQLError } from 'graphql'
import { DomainError, QuotaExceeded, RateLimited, TemporarilyUnavailable } from '../base/errors.ts'
import { isRetryable } from '../db/retryable.ts'
import { statusOf } from '../net/status.ts'
import { withoutValue } from './graphql/request-errors.ts'

/** Where faults of ours are written down. */
export interface ErrorLog {
  error(details: object, message: string): void
}

/**
 * What a client is shown of an error: a DomainError's own words and code, GraphQL's own complaints about what
 * was asked, and of anything else only that it happened; the log has the rest.
 */
export function errorMask(log: ErrorLog) {
  return (error: unknown, message: string): Error => {
    const cause = causeOf(error)
    if (cause instanceof DomainError) return domainError(cause, error)
    if (error instanceof GraphQLError && (cause === undefined || cause instanceof GraphQLError)) {
      if (error.extensions.code !== undefined) return error
      if (isAboutTheRequest(error)) return coded(error)
    }
    if (isRetryable(cause ?? error)) return domainError(databaseAway(cause ?? error, log), error)
    log.error({ err: cause ?? error }, 'unexpected error')
    return new GraphQLError(message, {
      ...placeOf(error),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    })
  }
}

/** What a client is told while the database is away. The log has the reason, at most once in a few seconds. */
export function databaseAway(cause: unknown, log: ErrorLog): TemporarilyUnavailable {
  if (performance.now() > (silentUntil.get(log) ?? 0)) {
    silentUntil.set(log, performance.now() + OUTAGE_LOG_MS)
    log.error({ err: cause }, 'the database does not answer; requests are answered TEMPORARILY_UNAVAILABLE')
  }
  return new TemporarilyUnavailable('The gateway can not answer just now. Try again shortly.', { cause })
}

/** During an outage every request fails: one line says as much as a thousand. In ms. */
const OUTAGE_LOG_MS = 5_000

const silentUntil = new WeakMap<ErrorLog, number>()

/**
 * Whether an error of graphql-js's own is about what was asked. Once a field is executed that can only be its
 * arguments; else what a resolver returned does not fit the schema, which is our fault.
 */
function isAboutTheRequest({ path, message }: GraphQLError): boolean {
  return path === undefined || /^(?:Argument|Variable) "/.test(message)
}

/** GraphQL's own complaints about variables and arguments come without a code. */
function coded(error: GraphQLError): GraphQLError {
  const shown = withoutValue(error)
  Object.assign(shown.extensions, { code: 'INVALID_INPUT' })
  return shown
}

/**
 * A failure of the whole request, with the status that HTTP has for it. GraphQL over HTTP wants 200 for all that
 * is answered as application/json; that there were too many requests, programs must see all the same.
 */
export function httpError(error: DomainError): GraphQLError {
  const { status, headers } = statusOf(error)
  return new GraphQLError(error.message, {
    extensions: { code: error.code, ...detailOf(error), http: { status, headers, spec: status !== 429 } },
  })
}

function domainError(error: DomainError, wrapper: unknown): GraphQLError {
  return new GraphQLError(error.message, {
    ...placeOf(wrapper),
    extensions: { code: error.code, ...detailOf(error) },
  })
}

function detailOf(error: DomainError): object {
  if (error instanceof QuotaExceeded || error instanceof RateLimited) return { retryAfter: error.retryAfter }
  return 'field' in error ? { field: error.field } : {}
}

/** The innermost error: execution wraps what a resolver threw. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error
  const inner = error.originalError ?? error.cause
  return inner === undefined || inner === error ? undefined : (causeOf(inner) ?? inner)
}

function placeOf(error: unknown) {
  return error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {}
}
