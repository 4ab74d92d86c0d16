import type { Json } from './json.ts'

/** A way to run SQL in a database, of one statement or of several. */
export interface Session {
  run(sql: string): Promise<Result[]>
}

export interface Result {
  rows: Record<string, Json>[]
  /** Rows that the statement has changed. */
  changed: number
}

/** What a database is like before a test has used it. */
export interface Original {
  /** SQL that leaves in each table what was in it. */
  restore: string
  catalogue: string
}

/** Rows taken out of a database that is used again; with more its files would be those of another one. */
const MOST_ROWS = 2_000

export async function originalOf(session: Session): Promise<Original> {
  return { restore: await restoring(session), catalogue: await catalogueOf(session) }
}

/**
 * Takes everything out of a database that a test has put in.
 * @returns whether it is as it was: not when the schema has changed, or when it was filled with very much
 */
export async function empty(session: Session, original: Original): Promise<boolean> {
  if ((await catalogueOf(session)) !== original.catalogue) return false
  const results = await session.run(original.restore)
  return results.reduce((sum, { changed }) => sum + changed, 0) < MOST_ROWS
}

/** Tells whether tables, columns, constraints, triggers or functions have come or gone. */
async function catalogueOf(session: Session): Promise<string> {
  const [counts] = await session.run(`
    SELECT (SELECT count(*) FROM pg_class WHERE relkind <> 't') AS classes,
      (SELECT count(*) FROM pg_attribute) AS attributes, (SELECT count(*) FROM pg_constraint) AS constraints,
      (SELECT count(*) FROM pg_trigger) AS triggers, (SELECT count(*) FROM pg_proc) AS functions,
      (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_') AS schemas`)
  return JSON.stringify(counts?.rows)
}

/** Neither triggers nor foreign keys have a say in what this SQL does. */
async function restoring(session: Session): Promise<string> {
  const [tables] = await session.run(`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relnamespace::regnamespace::text IN ('public', 'pgboss') AND relkind IN ('r', 'p')
      AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1`)
  const statements: string[] = []
  for (const { name } of tables?.rows ?? []) {
    statements.push(`DELETE FROM ${name}`)
    const [found] = await session.run(`
      SELECT quote_literal(json_agg(t)) AS sql FROM ${name} t HAVING count(*) > 0`)
    const kept = found?.rows[0]?.sql
    if (kept)
      statements.push(`INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, ${kept})`)
  }
  return ['SET session_replication_role = replica', ...statements, 'RESET ALL', `SET TIME ZONE 'UTC'`].join(
    ';\n',
  )
}
