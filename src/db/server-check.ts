import pg from 'pg'
import { SetupError } from '../base/errors.ts'
import { findRoute, type Route } from './pooler.ts'
import { poolConfig } from './server-pool.ts'
import { NO_LIMITS } from './session.ts'

// What is checked once, before a PostgreSQL server is used.

/** The timeout of a statement while the connection is checked at the start, in ms. */
const PROBE_TIMEOUT_MS = 20_000

/** Checks the server and detects a pooler. */
export async function findUsable(url: string, setting = 'DATABASE_URL'): Promise<Route> {
  const config = poolConfig(url, 'session', NO_LIMITS)
  const plain = { ...config, onConnect: undefined, query_timeout: PROBE_TIMEOUT_MS }
  const pool = new pg.Pool({ ...plain, max: 1 })
  pool.on('error', () => {})
  try {
    await assertUsable(pool)
    return await findRoute(plain)
  } catch (error) {
    throw refusal(setting, url, error)
  } finally {
    await pool.end()
  }
}

/** Warnings about a pooler, for the log at the start. */
export function poolerWarnings({ kind, keepsStatements, missingSettings }: Route, url: string): string[] {
  if (kind === 'direct') return []
  const role = `"${decodeURIComponent(new URL(url).username) || 'your role'}"`
  const warnings = [
    kind === 'session'
      ? 'DATABASE_URL names a connection pooler in session mode.'
      : `DATABASE_URL names a connection pooler in transaction mode: statements are ${keepsStatements ? 'prepared once' : 'not prepared, because the pooler does not support it'}.`,
  ]
  if (new URL(url).searchParams.has('options')) {
    warnings.push(
      'The "options" of DATABASE_URL are ignored because the pooler refuses them. Use ALTER ROLE … SET.',
    )
  }
  if (missingSettings.length > 0) {
    warnings.push(
      `The gateway cannot configure sessions through the connection pooler. Run: ${missingSettings
        .map((setting) => `ALTER ROLE ${role} SET ${setting};`)
        .join(' ')}`,
    )
  }
  return warnings
}

async function assertUsable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
  )
  const { version = 0, encoding = 'unknown' } = rows[0] ?? {}
  if (version < 150_000) throw new SetupError('its version is older than PostgreSQL 15; use a newer server')
  if (encoding !== 'UTF8') throw new SetupError(`its encoding is ${encoding} and must be UTF8`)
}

function refusal(setting: string, url: string, error: unknown): SetupError {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  const server = `${host}:${port || searchParams.get('port') || '5432'}`
  const database = decodeURIComponent(pathname.slice(1))
  return new SetupError(
    `${setting} names a database that cannot be used: ${reason(error)} (server ${server}, database "${database}").`,
    { cause: error },
  )
}

/** The reason, without a password. */
function reason(error: unknown): string {
  if (error instanceof SetupError) return error.message
  const { code, message } = error as { code?: unknown; message?: unknown }
  switch (code) {
    case 'ECONNREFUSED':
      return 'no PostgreSQL server listens there; start it, or correct the address'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name does not exist; correct the address'
    case '28P01':
    case '28000':
      return 'the server rejects the user or password; correct them'
    case '3D000':
      return 'the server has no database with this name; create it first'
    default:
      return typeof message === 'string' && message ? message : String(code ?? 'the connection failed')
  }
}
