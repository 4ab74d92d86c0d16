import pg from 'pg'
import { type Database, openMigrated } from '../../../src/db/open.ts'
import { killGateways } from './gateway.ts'

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
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

/** The databases to remove when the benchmark is interrupted. */
const inUse = new Set<Promise<ThrowawayDatabase>>()
let interrupted = false

/** Gives a new, migrated database to `work`. It is removed afterwards, also when the benchmark is interrupted. */
export async function withThrowawayDatabase<T>(
  work: (database: ThrowawayDatabase) => Promise<T>,
): Promise<T> {
  if (inUse.size === 0) process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt)
  const making = throwawayDatabase()
  inUse.add(making)
  try {
    return await work(await making)
  } catch (error) {
    // The servers are gone; the process ends when all databases are removed.
    if (interrupted) await new Promise(() => {})
    throw error
  } finally {
    await making.then((database) => database.drop())
    inUse.delete(making)
    if (inUse.size === 0) process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt)
  }
}

async function onInterrupt(): Promise<void> {
  if (interrupted) return
  interrupted = true
  killGateways()
  await Promise.allSettled([...inUse].map((making) => making.then((database) => database.drop())))
  process.exit(130)
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(sql)
  await client.end()
}
