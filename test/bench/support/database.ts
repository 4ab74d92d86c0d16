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

/** Gives a new, migrated database to `work`. It is removed afterwards, also when the benchmark is interrupted. */
export async function withThrowawayDatabase<T>(
  work: (database: ThrowawayDatabase) => Promise<T>,
): Promise<T> {
  const making = throwawayDatabase()
  let interrupted = false
  const onSignal = async () => {
    if (interrupted) return
    interrupted = true
    await making.then((database) => database.drop())
    process.exit(130)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const database = await making
  try {
    return await work(database)
  } catch (error) {
    // The servers have lost their database: their errors are no news.
    if (interrupted) await new Promise(() => {})
    throw error
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await database.drop()
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(sql)
  await client.end()
}
