import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  label: string
  cell(row: Row): ReactNode
  /** Numbers and short values stay on one line. */
  isNarrow?: boolean
}

interface TableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
}

/** A table with a header for each column. The first column is the header of the row. On narrow screens, rows are cards. */
export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, label: name }) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, label: name, cell, isNarrow }, index) => {
              const className = isNarrow ? 'table-narrow' : undefined
              return index === 0 ? (
                <th key={key} scope="row" className={className}>
                  {cell(row)}
                </th>
              ) : (
                <td key={key} data-label={name} className={className}>
                  {cell(row)}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
