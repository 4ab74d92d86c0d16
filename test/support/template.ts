import { randomInt } from 'node:crypto'
import pg from 'pg'
import { openMigrated } from '../../src/db/open.ts'

export interface Template {
  /** The server, as given in DATABASE_URL. */
  readonly url: string
  /** What the names of all databases of this run start with. */
  readonly prefix: string
  /** The migrated database that tests copy. */
  readonly name: string
}

/** First half of the advisory lock by which a run shows that it is alive; the second is the run's number. */
const aliveLock = 1_147_233_364

/** Makes the database that the tests of this run copy, and drops what killed runs left behind. */
export async function makeTemplate(url: string): Promise<{ template: Template; drop(): Promise<void> }> {
  const run = randomInt(2 ** 31)
  const prefix = `dateline_test_${run}`
  const name = `${prefix}_template`
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1, $2)', [aliveLock, run])
    await dropDeadRuns(client)
    await client.query(`CREATE DATABASE ${name}`)
    const database = await openMigrated({ url: databaseUrl(url, name), dataDir: '' })
    await database.close()
  } catch (error) {
    await client.end()
    throw error
  }
  return {
    template: { url, prefix, name },
    async drop() {
      await dropAll(client, prefix)
      await client.end()
    },
  }
}

/** The address of another database on the same server. */
export function databaseUrl(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

async function dropDeadRuns(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ run: number }>(
    String.raw`SELECT DISTINCT split_part(datname, '_', 3)::int AS run
      FROM pg_database WHERE datname ~ '^dateline_test_\d+_'`,
  )
  for (const { run } of rows) {
    const { rows: answers } = await client.query<{ dead: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS dead',
      [aliveLock, run],
    )
    if (answers[0]?.dead) await dropAll(client, `dateline_test_${run}`)
  }
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [`${prefix}_`],
  )
  for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}
