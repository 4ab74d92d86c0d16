import type { ScalarField } from './data-model.ts'

/** Turns a value of JSON into what Prisma returns. */
export type Convert = (value: never) => unknown

/** One property of a row. */
export interface Property {
  name: string
  /** The value in SQL. */
  sql: string
  /** Null if the value of JSON is what Prisma returns. */
  convert: Convert | null
}

/** PostgreSQL's functions have at most 100 arguments. */
export const MAX_PROPERTIES = 100

/**
 * A function that makes the object of a row from the list of its values. It is generated, so that it writes an object
 * with constant properties: to write them by name takes twice as long as parsing the JSON. The code contains only names
 * of the Prisma schema.
 */
export function rowReader(properties: readonly Property[]): Convert {
  const written = properties.map(({ name, convert }, i) => {
    const value = `row[${i}]`
    return `${JSON.stringify(name)}: ${convert ? `convert[${i}](${value})` : value}`
  })
  const make = new Function('convert', `return (row) => ({ ${written.join(', ')} })`)
  return make(properties.map(({ convert }) => convert))
}

/** A row of a to-one relation. */
export function orNull(read: Convert): Convert {
  return (value: unknown) => (value === null ? null : read(value as never))
}

/** The rows of a list. */
export function eachOf(read: Convert): Convert {
  return (values: never[]) => {
    for (let i = 0; i < values.length; i++) values[i] = read(values[i] as never) as never
    return values
  }
}

/** The types whose values JSON has as they are. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(['String', 'Int', 'Boolean', 'Json'])

/** The property of a column; null if its type is not covered. */
export function columnProperty(field: ScalarField, column: string): Property | null {
  const { name, type, values, isList } = field
  const isPlain = values !== null || PLAIN_TYPES.has(type)
  if (isPlain) return { name, sql: column, convert: isList ? orEmpty : null }
  if (isList) return null
  if (type === 'DateTime') return { name, sql: column, convert: dateOf }
  // The text of a BYTEA depends on a setting.
  if (type === 'Bytes') return { name, sql: `encode(${column}, 'hex')`, convert: bytesOf }
  return null
}

/** Prisma has no list that is null. */
function orEmpty(value: unknown[] | null): unknown[] {
  return value ?? []
}

function dateOf(value: string | null): Date | null {
  return value === null ? null : new Date(value)
}

function bytesOf(value: string | null): Uint8Array | null {
  return value === null ? null : new Uint8Array(Buffer.from(value, 'hex'))
}
