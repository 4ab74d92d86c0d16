import { DomainError, TemporarilyUnavailable } from '../base/errors.ts'

/**
 * Conditions of PostgreSQL that pass by themselves (https://www.postgresql.org/docs/current/errcodes-appendix.html):
 * lost connections, a server that starts, stops or is full, timeouts, deadlocks, a standby that can't write.
 */
const SQL_STATES = /^(?:08...|53...|57P0[1235]|57014|58030|55P03|25P0[34]|25006|40001|40P01)$/

/** Node's names for failures of a connection. */
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

/** Prisma's codes for the same: unreachable, timed out, closed, no free connection, expired transaction, conflict. */
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

/** Kinds by which Prisma's driver adapters name the same. */
const ADAPTER_KINDS: ReadonlySet<string> = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
])

/** The pg package throws these without a code. */
const MESSAGES =
  /^(?:Query read timeout|timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|Cannot use a pool after|server conn crashed|query_wait_timeout|PGlite is closed)/

/**
 * Whether a statement failed because of the database's condition and not because of what was asked: it is away,
 * overloaded, or did not get a lock in time. The same request may succeed later; a write must be asked for again.
 */
export function isRetryable(error: unknown): boolean {
  for (let depth = 0, at = error; depth < 8 && typeof at === 'object' && at !== null; depth++) {
    if (isPassing(at)) return true
    at = inner(at)
  }
  return false
}

/**
 * Runs work on the database; a failure that passes by itself becomes a TemporarilyUnavailable.
 *
 * @param message what the caller is told: what did not happen, and that trying again helps
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
