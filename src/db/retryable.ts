import { DomainError, TemporarilyUnavailable } from '../base/errors.ts'

/**
 * Transient error conditions of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html):
 * lost connections, a server that starts, stops or is full, timeouts, deadlocks, a standby that can't write.
 */
const SQL_STATES = /^(?:08...|53...|57P0[1235]|57014|58030|55P03|25P0[34]|25006|40001|40P01)$/

/** Node's codes of connection failures. */
const SOCKET_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * Prisma's codes of the same conditions: unreachable, timed out, closed, no free connection, expired
 * transaction, conflict.
 */
const PRISMA_CODES: ReadonlySet<string> = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'P2034',
  'P2037',
])

/** Kinds of errors of Prisma's driver adapters for the same conditions. */
const ADAPTER_KINDS: ReadonlySet<string> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
])

/** Errors that the pg package throws without a code. */
const MESSAGES =
  /^(?:Query read timeout|timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|Cannot use a pool after|server conn crashed|query_wait_timeout|PGlite is closed)/

/**
 * Whether a statement failed because of the state of the database and not because of the request: it is
 * unavailable, overloaded, or did not get a lock in time. The same request may succeed later; writes must be
 * sent again.
 */
export function isRetryable(error: unknown): boolean {
  for (let depth = 0, at = error; depth < 8 && typeof at === 'object' && at !== null; depth++) {
    if (isPassing(at)) return true
    at = inner(at)
  }
  return false
}

/**
 * Runs work on the database; a transient error becomes a TemporarilyUnavailable.
 *
 * @param message what did not happen, and when to try again
 */
export async function orUnavailable<T>(work: () => Promise<T>, message: string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError || !isRetryable(error)) throw error
    throw new TemporarilyUnavailable(message, { cause: error })
  }
}

interface Failure {
  code?: unknown
  originalCode?: unknown
  errorCode?: unknown
  kind?: unknown
  message?: unknown
  cause?: unknown
  meta?: { driverAdapterError?: unknown }
}

function isPassing(failure: object): boolean {
  if (failure instanceof TemporarilyUnavailable) return true
  if (failure instanceof AggregateError && failure.errors.some((error) => isRetryable(error))) return true
  const { code, originalCode, errorCode, kind, message } = failure as Failure
  return (
    [code, originalCode, errorCode].some(
      (name) =>
        typeof name === 'string' &&
        (SQL_STATES.test(name) || SOCKET_CODES.has(name) || PRISMA_CODES.has(name)),
    ) ||
    (typeof kind === 'string' && ADAPTER_KINDS.has(kind)) ||
    (typeof message === 'string' && MESSAGES.test(message))
  )
}

function inner(failure: object): unknown {
  const { meta, cause } = failure as Failure
  return meta?.driverAdapterError ?? cause
}
