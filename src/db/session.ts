import { connect } from 'node:net'
import pg from 'pg'

/** Timeouts of the server, in ms; 0 is never. */
export interface SessionLimits {
  /** How long a statement waits for a lock. */
  lockTimeoutMs: number
  /** How long a statement runs, including waiting. */
  statementTimeoutMs: number
  /** How long a transaction may be open without a statement. */
  idleInTransactionTimeoutMs: number
}

export const STANDARD_LIMITS: SessionLimits = {
  lockTimeoutMs: 10_000,
  statementTimeoutMs: 15_000,
  idleInTransactionTimeoutMs: 60_000,
}

/** For work that may take any time, whatever the role's own settings. */
export const NO_LIMITS: SessionLimits = {
  lockTimeoutMs: 0,
  statementTimeoutMs: 0,
  idleInTransactionTimeoutMs: 0,
}

/** How session settings are set: with the connection, by a statement after it, or in each transaction. */
export type SettingsScope = 'connection' | 'session' | 'transaction'

/**
 * A connection can become silent without being closed, behind a firewall or proxy: a statement without an
 * answer for this time after the server's own timeout has failed, and the connection is closed.
 */
const NO_ANSWER_TIMEOUT_MS = 5_000

/** Compiling our statements takes seconds, running them milliseconds. */
const JIT_OFF = 'jit = off'

export function settingsOf(limits: SessionLimits): string[] {
  return [
    `lock_timeout = ${limits.lockTimeoutMs}`,
    `statement_timeout = ${limits.statementTimeoutMs}`,
    `idle_in_transaction_session_timeout = ${limits.idleInTransactionTimeoutMs}`,
  ]
}

/** The settings of a database session, as statements. */
export function setSession(limits: SessionLimits): string {
  return [JIT_OFF, ...settingsOf(limits)].map((setting) => `SET ${setting}`).join('; ')
}

/** The BEGIN of a transaction with its own settings. */
export function beginWith(limits: SessionLimits): string {
  return ['BEGIN', ...[JIT_OFF, ...settingsOf(limits)].map((setting) => `SET LOCAL ${setting}`)].join('; ')
}

interface ClientInternals {
  processID: number | null
  secretKey: number | null
  host: string
  port: number
  connection: { stream: { destroy(): void } }
  getStartupConf(): Record<string, string>
}

/**
 * A pg client for one way to set up sessions. It closes a connection that does not answer, and cancels a
 * statement that a rollback would wait for, because its request has already ended.
 */
export function clientFor(by: SettingsScope, limits: SessionLimits): typeof pg.Client {
  const begin = beginWith(limits)
  const { statementTimeoutMs } = limits

  class SessionClient extends pg.Client {
    #unanswered = 0

    /** A pooler tracks the time zone of each client, and refuses most other parameters. */
    getStartupConf(): Record<string, string> {
      const own = (pg.Client.prototype as unknown as ClientInternals).getStartupConf.call(this)
      return by === 'connection' ? own : { ...own, TimeZone: 'UTC' }
    }

    // biome-ignore lint/suspicious/noExplicitAny: pg's own method has a dozen signatures
    override query(...args: any[]): any {
      const config = args[0] as string | { text?: string }
      const text = typeof config === 'string' ? config : config.text
      if (by === 'transaction' && text === 'BEGIN') {
        args[0] = typeof config === 'string' ? begin : { ...config, name: undefined, text: begin }
      }
      if (text === 'ROLLBACK' && this.#unanswered > 0) cancelStatement(this as unknown as ClientInternals)
      return this.#queryWithTimeout(args)
    }

    #destroyAfter(ms: number): NodeJS.Timeout {
      const internals = this as unknown as ClientInternals
      return setTimeout(() => {
        cancelStatement(internals)
        internals.connection.stream.destroy()
      }, ms)
    }

    #queryWithTimeout(args: unknown[]): unknown {
      this.#unanswered++
      const giveUp =
        statementTimeoutMs > 0 ? this.#destroyAfter(statementTimeoutMs + NO_ANSWER_TIMEOUT_MS) : undefined
      const answered = () => {
        clearTimeout(giveUp)
        this.#unanswered--
      }
      const place = args.findLastIndex((argument) => typeof argument === 'function')
      if (place >= 0) {
        const callback = args[place] as (...result: unknown[]) => void
        args[place] = (...result: unknown[]) => {
          answered()
          callback(...result)
        }
        return super.query(...(args as [string]))
      }
      const result: unknown = super.query(...(args as [string]))
      if (result instanceof Promise) result.then(answered, answered)
      else answered()
      return result
    }
  }

  return SessionClient
}

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
const CANCEL_REQUEST = 80_877_102

/**
 * Sends a cancel request for the client's running statement, over a separate connection. Failures are
 * ignored.
 */
function cancelStatement({ processID, secretKey, host, port }: ClientInternals): void {
  if (processID === null || typeof secretKey !== 'number') return
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(CANCEL_REQUEST, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.setTimeout(NO_ANSWER_TIMEOUT_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.end(message)
  socket.unref()
}
