import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { SetupError } from '../base/errors.ts'

/** What is between us and PostgreSQL. */
export interface Route {
  /** Nothing; a pooler that keeps a server connection for each client; or one that lends it for a transaction. */
  kind: 'direct' | 'session' | 'transaction'
  /** Whether a statement that was prepared under a name is there the next time. */
  keepsStatements: boolean
  /** What the role's settings must say, where a pooler leaves no other way; empty when they do. */
  missingSettings: readonly string[]
}

/** Looks of two connections at their backends until those of a pooler would have met, whatever its order. */
const MAX_PROBES = 16

/**
 * Finds out whether a pooler such as PgBouncer answers, and of which kind, by two connections:
 * - A pooler hands out process numbers of its own, which are not those of PostgreSQL's backends.
 * - Where it lends connections for a transaction, one client's backend changes, or two clients meet on one.
 * - Where it keeps prepared statements for its clients, it gives them names of its own.
 *
 * @throws SetupError when it lends connections for a single statement
 */
export async function findRoute(config: pg.ClientConfig): Promise<Route> {
  const first = await opened(config)
  try {
    const backend = await backendOf(first)
    if (backend === processOf(first)) return { kind: 'direct', keepsStatements: true, missingSettings: [] }
    const second = await opened(config)
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

async function opened(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  return client
}

function processOf(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

/** Twice each: a pooler that hands its connections out in turn gives one client two of them. */
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
    // In one transaction, and so on one connection to the server.
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
    throw new SetupError(
      'the pooler refuses transactions; set its pool_mode to transaction or session, not to statement',
      { cause: error },
    )
  }
}

/** Settings that a statement outside a transaction can have from the role or the database only. */
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
