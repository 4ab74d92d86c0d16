/**
 * The columns that a statement of Prisma returns, by table, as one text. Its statements have this form: the columns of
 * the first table in the list of SELECT, those of joined tables in JSONB_BUILD_OBJECT.
 */
export function columnsRead(sql: string): Record<string, string> {
  const tables = new Map<string, string>()
  for (const [, table, alias] of sql.matchAll(/"public"\."(\w+)" AS "(t\d+)"/g)) {
    if (table && alias) tables.set(alias, table)
  }
  for (const [, inner, outer] of sql.matchAll(
    /SELECT "(t\d+)"\.\* FROM (?:(?!SELECT).)*? root select \*\/\) AS "(t\d+)"/g,
  )) {
    if (inner && outer) tables.set(outer, tables.get(inner) ?? '')
  }
  const list = sql.slice(0, sql.indexOf(' FROM '))
  const objects = [...sql.matchAll(/'\w+', ("t\d+"\."\w+")/g)].map(([, column]) => column)
  const read = [...list.matchAll(/"(t\d+)"\."(\w+)"/g), ...objects.join(' ').matchAll(/"(t\d+)"\."(\w+)"/g)]
  const columns = new Map<string, Set<string>>()
  for (const [, alias = '', column = ''] of read) {
    const table = tables.get(alias)
    // Others are counts of rows.
    if (table) columns.set(table, (columns.get(table) ?? new Set()).add(column))
  }
  return Object.fromEntries([...columns].map(([table, names]) => [table, [...names].sort().join(' ')]))
}
