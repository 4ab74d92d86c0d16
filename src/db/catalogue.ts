/** Reads the rows of one SELECT without parameters. */
export type ReadRows = (sql: string) => Promise<object[]>

/** The tables of a database and everything that belongs to them, as PostgreSQL's catalogue describes it. */
export interface Catalogue {
  extensions: string[]
  enums: { name: string; labels: string }[]
  tables: TableDescription[]
  functions: { definition: string }[]
}

export interface TableDescription {
  name: string
  unlogged: boolean
  /** Storage parameters: "fillfactor=80". */
  options: string | null
  columns: string[]
  constraints: Named[]
  indexes: (Named & { partial: boolean })[]
  triggers: Named[]
  /** The foreign keys that no index serves, so that a delete of the row that they reference reads the whole table. */
  unindexed: string[]
}

interface Named {
  name: string
  /** CHECK constraints only: "c". */
  kind: string
  definition: string
}

/** Tables of Prisma itself. The job queue has its own schema. */
const OURS = `c.relnamespace = current_schema()::text::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'`

/**
 * Describes the current schema of a database. All lists are sorted by name, and columns by position, so that two
 * databases with equal migrations have equal descriptions, on PGlite and on a server.
 *
 * @throws Error for a view, a sequence or another object that is not described
 */
export async function readCatalogue(read: ReadRows): Promise<Catalogue> {
  const rows = async <T>(sql: string) => (await read(sql)) as T[]
  const others = await rows<{ name: string }>(OTHERS)
  if (others[0]) {
    throw new Error(`The schema snapshot does not describe ${others[0].name}. Add it to src/db/catalogue.ts.`)
  }
  const tables = await rows<Omit<TableDescription, Parts>>(TABLES)
  const columns = byTable(await rows<{ table: string; definition: string }>(COLUMNS))
  const constraints = byTable(await rows<Named & { table: string }>(CONSTRAINTS))
  const indexes = byTable(await rows<Named & { table: string; partial: boolean }>(INDEXES))
  const triggers = byTable(await rows<Named & { table: string }>(TRIGGERS))
  const unindexed = byTable(await rows<{ table: string; name: string }>(UNINDEXED))
  const extensions = await rows<{ name: string }>(EXTENSIONS)
  return {
    extensions: extensions.map(({ name }) => name),
    enums: await rows(ENUMS),
    tables: tables.map((table) => ({
      ...table,
      columns: columns.of(table.name).map(({ definition }) => definition),
      constraints: constraints.of(table.name),
      indexes: indexes.of(table.name),
      triggers: triggers.of(table.name),
      unindexed: unindexed.of(table.name).map(({ name }) => name),
    })),
    functions: await rows(FUNCTIONS),
  }
}

type Parts = 'columns' | 'constraints' | 'indexes' | 'triggers' | 'unindexed'

function byTable<T extends { table: string }>(rows: readonly T[]): { of(table: string): T[] } {
  const groups = Map.groupBy(rows, ({ table }) => table)
  return { of: (table) => groups.get(table) ?? [] }
}

const OTHERS = `
  SELECT c.relname::text AS name FROM pg_class c
  WHERE c.relnamespace = current_schema()::text::regnamespace AND c.relkind NOT IN ('r', 'i', 't')
  UNION ALL
  SELECT p.polname::text FROM pg_policy p
  UNION ALL
  SELECT t.typname::text FROM pg_type t
  WHERE t.typnamespace = current_schema()::text::regnamespace AND t.typtype IN ('d', 'r')`

const EXTENSIONS = `SELECT extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname COLLATE "C"`

const ENUMS = `
  SELECT t.typname::text AS name, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) AS labels
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE t.typnamespace = current_schema()::text::regnamespace
  GROUP BY t.typname ORDER BY t.typname COLLATE "C"`

const TABLES = `
  SELECT c.relname::text AS name, c.relpersistence = 'u' AS unlogged,
    array_to_string(c.reloptions, ', ') AS options
  FROM pg_class c WHERE ${OURS} ORDER BY c.relname COLLATE "C"`

const COLUMNS = `
  SELECT c.relname::text AS table, quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    || CASE WHEN d.adbin IS NULL THEN ''
      WHEN a.attgenerated = '' THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
      ELSE ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED' END AS definition
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE ${OURS} ORDER BY c.relname COLLATE "C", a.attnum`

/** PostgreSQL 18 also has a constraint for each NOT NULL. */
const CONSTRAINTS = `
  SELECT c.relname::text AS table, k.conname::text AS name, k.contype::text AS kind,
    pg_get_constraintdef(k.oid, true) AS definition
  FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
  WHERE ${OURS} AND k.contype IN ('p', 'u', 'x', 'c', 'f')
  ORDER BY c.relname COLLATE "C", position(k.contype::text IN 'puxcf'), k.conname COLLATE "C"`

const INDEXES = `
  SELECT c.relname::text AS table, n.relname::text AS name, 'i' AS kind, i.indpred IS NOT NULL AS partial,
    pg_get_indexdef(i.indexrelid, 0, true) || CASE WHEN i.indisvalid THEN '' ELSE ' -- not valid' END AS definition
  FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class n ON n.oid = i.indexrelid
  WHERE ${OURS} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY c.relname COLLATE "C", n.relname COLLATE "C"`

const TRIGGERS = `
  SELECT c.relname::text AS table, t.tgname::text AS name, 't' AS kind,
    pg_get_triggerdef(t.oid, true) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' -- not enabled' END AS definition
  FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid
  WHERE ${OURS} AND NOT t.tgisinternal ORDER BY c.relname COLLATE "C", t.tgname COLLATE "C"`

/** The functions of extensions are left out. */
const FUNCTIONS = `
  SELECT replace(pg_get_functiondef(p.oid), 'FUNCTION ' || quote_ident(current_schema()::text) || '.', 'FUNCTION ') AS definition
  FROM pg_proc p
  WHERE p.pronamespace = current_schema()::text::regnamespace AND p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  ORDER BY p.proname COLLATE "C", p.oid`

/**
 * An index serves a foreign key if it begins with the columns of the key, in any order. If the first column of the
 * key alone identifies the row that it references, an index that begins with that column is enough.
 */
const UNINDEXED = `
  SELECT c.relname::text AS table, k.conname::text AS name
  FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
    CROSS JOIN LATERAL (
      SELECT CASE WHEN EXISTS (
        SELECT FROM pg_index u WHERE u.indrelid = k.confrelid AND u.indisunique AND u.indpred IS NULL
          AND u.indnkeyatts = 1 AND u.indkey[0] = k.confkey[1])
        THEN k.conkey[1:1] ELSE k.conkey END AS columns) AS needed
  WHERE ${OURS} AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_am m ON m.oid = n.relam
    WHERE i.indrelid = k.conrelid AND i.indpred IS NULL AND i.indisvalid AND m.amname = 'btree'
      AND (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(needed.columns)] @> needed.columns)
  ORDER BY c.relname COLLATE "C", k.conname COLLATE "C"`
