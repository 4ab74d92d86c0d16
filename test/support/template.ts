import { randomInt } from 'node:crypto'
import pg from 'pg'
import { openMigrated } from '../../src/db/open.ts'
import { installQueue } from './queue.ts'

export interface Template {
  /** The server, as given in DATABASE_URL. */
  readonly url: string
  /** What the names of all databases of this run start with. */
  readonly prefix: string
  /** The migrated database that tests copy. */
  readonly name: string
}

/**
 * Makes the database that the tests of this run copy, and drops what killed runs left behind. A run is alive
 * as long as a connection bears its name: that is seen from every database of the server, as an advisory lock
 * is not.
 */
export async function makeTemplate(url: string): Promise<{ template: Template; drop(): Promise<void> }> {
  const run = randomInt(2 ** 31)
  const prefix = `dateline_test_${run}`
  const name = `${prefix}_template`
  const client = new pg.Client({ connectionString: url, application_name: prefix })
  await client.connect()
  try {
    await dropDeadRuns(client)
    await client.query(`CREATE DATABASE ${name}`)
    const database = await openMigrated({ url: databaseUrl(url, name), dataDir: '' })
    await installQueue(database)
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
  const { rows } = await client.query<{ prefix: string }>(
    String.raw`SELECT DISTINCT substring(datname FROM '^dateline_test_\d+') AS prefix
      FROM pg_database WHERE datname ~ '^dateline_test_\d+_'
      AND substring(datname FROM '^dateline_test_\d+')
        NOT IN (SELECT application_name FROM pg_stat_activity WHERE application_name IS NOT NULL)`,
  )
  for (const { prefix } of rows) await dropAll(client, prefix)
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [`${prefix}_`],
  )
  for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}
