/**
 * The columns that a compiled read returns (src/db/compiled-reads), by table, as one text. Its statements have this form:
 * each row is a JSON list of columns, and of the rows of relations.
 */
export function columnsRead(sql: string): Record<string, string> {
  const tables = new Map<string, string>()
  for (const [, table = '', alias = ''] of sql.matchAll(/"public"\."(\w+)" AS (t\d+)/g))
    tables.set(alias, table)
  const columns = new Map<string, Set<string>>()
  for (const { index } of sql.matchAll(/json_build_array\(/g)) {
    for (const value of listFrom(sql, index + 'json_build_array('.length)) {
      const [, alias = '', column = ''] = /^(t\d+)\."(\w+)"$/.exec(value) ?? []
      const table = tables.get(alias)
      if (table) columns.set(table, (columns.get(table) ?? new Set()).add(column))
    }
  }
  return Object.fromEntries([...columns].map(([table, names]) => [table, [...names].sort().join(' ')]))
}

/** The arguments of a function, whose text begins at `start`. */
function listFrom(sql: string, start: number): string[] {
  const values: string[] = []
  let depth = 0
  let from = start
  for (let at = start; at < sql.length && depth >= 0; at++) {
    const character = sql[at]
    if (character === '(') depth++
    if (character === ')') depth--
    if (depth < 0 || (depth === 0 && character === ',')) {
      values.push(sql.slice(from, at).trim())
      from = at + 1
    }
  }
  return values
}
