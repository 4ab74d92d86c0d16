// Messages of PostgreSQL's frontend/backend protocol 3.0 ("Message Formats"), as a server sends them.

export function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export const text = (value: string) => Buffer.from(`${value}\0`)

export type Row = Record<string, number | string>

/** The types int4 and text by their numbers in pg_type. */
const INT4 = 23
const TEXT = 25

/** The columns of rows, by their first one. */
export function columnsOf(rows: readonly Row[]): Buffer {
  const columns = Object.entries(rows[0] ?? {})
  // No table; of any length; in text.
  const described = columns.map(([name, value]) =>
    Buffer.concat([
      ...[text(name), int32(0), int16(0), int32(typeof value === 'number' ? INT4 : TEXT)],
      ...[int16(-1), int32(-1), int16(0)],
    ]),
  )
  return message('T', int16(columns.length), ...described)
}

export function dataOf(rows: readonly Row[]): Buffer {
  const values = (row: Row) =>
    Object.values(row).map((value) =>
      Buffer.concat([int32(Buffer.byteLength(`${value}`)), Buffer.from(`${value}`)]),
    )
  const data = rows.map((row) => message('D', int16(Object.keys(row).length), ...values(row)))
  return Buffer.concat([...data, message('C', text(`SELECT ${rows.length}`))])
}

export function failure(code: string, reason: string): Buffer {
  return message('E', text('SERROR'), text(`C${code}`), text(`M${reason}`), Buffer.alloc(1))
}

export const READY = message('Z', Buffer.from('I'))

export function loggedIn(processId: number): Buffer {
  return Buffer.concat([message('R', int32(0)), message('K', int32(processId), int32(1)), READY])
}
