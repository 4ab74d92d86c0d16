import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { SetupError } from '../base/errors.ts'

/** What is between the gateway and PostgreSQL. */
export interface Route {
  /** Nothing; a pooler in session mode; or a pooler in transaction mode. */
  kind: 'direct' | 'session' | 'transaction'
  /** Whether prepared statements persist across transactions. */
  keepsStatements: boolean
  /** Settings that the role must have because the pooler allows no other way; empty when it has them. */
  missingSettings: readonly string[]
}

/** Checks of two connections' backends until a pooler's would have coincided, whatever its order. */
const MAX_PROBES = 16

/**
 * Detects a pooler such as PgBouncer, and its mode, with two connections:
 * - A pooler reports process ids that are not those of PostgreSQL's backends.
 * - In transaction mode the backend of a client changes, or two clients share one.
 * - If it supports prepared statements, it renames them.
 *
 * @throws SetupError for a pooler in statement mode
 */
export async function findRoute(config: pg.ClientConfig): Promise<Route> {
  const first = await connect(config)
  try {
    const backend = await backendOf(first)
    if (backend === reportedProcessId(first))
      return { kind: 'direct', keepsStatements: true, missingSettings: [] }
    const second = await connect(config)
    try {
      if (!(await sharesBackends([first, second]))) {
        return { kind: 'session', keepsStatements: true, missingSettings: [] }
      }
    } finally {
      await second.end()
    }
    return {
      kind: 'transaction',
      keepsStatements: await keepsStatements(first),
      missingSettings: await missingSettings(first),
    }
  } finally {
    await first.end()
  }
}

async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  return client
}

function reportedProcessId(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

/** Twice each: a pooler that hands out connections in turn gives one client two of them. */
async function sharesBackends(clients: readonly pg.Client[]): Promise<boolean> {
  const seen = clients.map(() => new Set<number>())
  for (let look = 0; look < MAX_PROBES; look++) {
    const place = (look >> 1) % clients.length
    seen[place]?.add(await backendOf(clients[place] as pg.Client))
    const all = seen.flatMap((backends) => [...backends])
    if (seen.some((backends) => backends.size > 1) || new Set(all).size < all.length) return true
  }
  return false
}

async function keepsStatements(client: pg.Client): Promise<boolean> {
  const name = `dateline_${randomBytes(8).toString('hex')}`
  try {
    // In one transaction, and so on one server connection.
    await client.query('BEGIN')
    await client.query({ name, text: `SELECT '${name}' AS probe` })
    const { rows } = await client.query<{ name: string }>({
      text: `SELECT name FROM pg_prepared_statements WHERE position($1 IN statement) > 0 AND name <> ''`,
      values: [name],
    })
    const isOurs = rows.some((row) => row.name === name)
    if (isOurs) await client.query(`DEALLOCATE ${name}`)
    await client.query('ROLLBACK')
    return rows.length > 0 && !isOurs
  } catch (error) {
    throw new SetupError('the pooler refuses transactions; set its pool_mode to transaction or session', {
      cause: error,
    })
  }
}

/** Settings that a statement outside a transaction can only get from the role or the database. */
async function missingSettings(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT current_setting('jit') AS jit, current_setting('lock_timeout') AS lock_timeout,
      current_setting('statement_timeout') AS statement_timeout`,
  )
  const [row] = rows
  return [
    row?.jit === 'off' ? '' : 'jit = off',
    row?.lock_timeout === '0' ? `lock_timeout = '10s'` : '',
    row?.statement_timeout === '0' ? `statement_timeout = '15s'` : '',
  ].filter(Boolean)
}
