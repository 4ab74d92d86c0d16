import pg from 'pg'
import { type Database, openMigrated } from '../../../src/db/open.ts'

export interface ThrowawayDatabase extends Database {
  url: string
  /** Closes and removes it. */
  drop(): Promise<void>
}

/** A new, migrated database on the server of DATABASE_URL, or on the one of this machine. */
export async function throwawayDatabase(): Promise<ThrowawayDatabase> {
  const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const name = `dateline_bench_${process.pid}_${Date.now()}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const database = await openMigrated({ url, dataDir: '' })
  return {
    ...database,
    url,
    async drop() {
      await database.close()
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(sql)
  await client.end()
}
