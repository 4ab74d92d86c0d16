import { openAsBlob } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import { startPGlite } from '../../src/db/embedded.ts'

export interface Lent {
  /** Good until it is given back: then nothing more can be begun on it. */
  pglite: PGlite
  giveBack(): Promise<void>
}

/** Rows taken out of a database that is lent again; with more its files would be those of another one. */
const MOST_ROWS = 2_000

/** For what a test left under way in its database, in ms. */
const PATIENCE = 5_000

/** Those that tests of this process have given back. */
const idle: PGlite[] = []

/** What makes a database of the image what it was: SQL, and what its catalogue is like. */
let original: { restore: string; catalogue: string } | undefined

/**
 * Lends a database in memory that is as the image has it. To start one takes half a second of work, so it is one
 * that an earlier test has given back, emptied, where there is one; not when that test has changed the schema.
 *
 * @param image the path of an image of a migrated database; the same for the whole process
 */
export async function lendPGlite(image: string): Promise<Lent> {
  const pglite = idle.pop() ?? (await startPGlite('memory://', await openAsBlob(image)))
  original ??= { restore: await restoring(pglite), catalogue: await catalogueOf(pglite) }
  const { lease, end } = leaseOf(pglite)
  return {
    pglite: lease,
    async giveBack() {
      const emptying = end().then(() => emptied(pglite))
      const isEmptied = await Promise.race([emptying, after(PATIENCE, false, { ref: false })])
      if (isEmptied) idle.push(pglite)
      else await pglite.close()
    },
  }
}

/** The database until somebody gives it back; listeners do not outlive that. */
function leaseOf(pglite: PGlite): { lease: PGlite; end(): Promise<void> } {
  let isOver = false
  const stops: (() => Promise<void>)[] = []
  const lease = new Proxy(pglite, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (isOver) return Promise.reject(new Error('PGlite is closed'))
        const result = value.apply(target, args)
        if (name === 'listen') void result.then((stop: () => Promise<void>) => stops.push(stop))
        return result
      }
    },
  })
  return {
    lease,
    async end() {
      isOver = true
      for (const stop of stops) await stop()
    },
  }
}

/** Takes everything out that a test has put in. @returns whether it is as it was */
async function emptied(pglite: PGlite): Promise<boolean> {
  try {
    const { restore, catalogue } = original as NonNullable<typeof original>
    if ((await catalogueOf(pglite)) !== catalogue) return false
    const results = await pglite.exec(restore)
    return results.reduce((sum, { affectedRows = 0 }) => sum + affectedRows, 0) < MOST_ROWS
  } catch {
    return false
  }
}

/** Tells whether tables, columns, constraints, triggers or functions have come or gone. */
async function catalogueOf(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query(`
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),
      (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_namespace)`)
  return JSON.stringify(rows)
}

/** SQL that leaves in each table what is in it now. Neither triggers nor foreign keys have a say in it. */
async function restoring(pglite: PGlite): Promise<string> {
  const { rows: tables } = await pglite.query<{ name: string }>(`
    SELECT quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`)
  const statements: string[] = []
  for (const { name } of tables) {
    statements.push(`DELETE FROM ${name}`)
    const { rows } = await pglite.query<{ sql: string | null }>(`
      SELECT quote_literal(json_agg(t)) AS sql FROM ${name} t HAVING count(*) > 0`)
    const kept = rows[0]?.sql
    if (kept)
      statements.push(`INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, ${kept})`)
  }
  return ['SET session_replication_role = replica', ...statements, 'RESET ALL', `SET TIME ZONE 'UTC'`].join(
    ';\n',
  )
}
