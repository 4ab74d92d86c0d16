import { InvalidInput } from '../base/errors.ts'
import { isValidValue } from '../text/valid-text.ts'
import { isUuid } from './ids.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './limits.ts'

/** One column of an order. Together, the columns of an order must be unique for each row. */
export interface KeyColumn<Row> {
  field: keyof Row & string
  /** The column in the query, if it has another name there than in the row and its cursor. */
  column?: string
  direction: 'asc' | 'desc'
  kind: 'date' | 'text' | 'uuid' | 'integer' | 'number'
}

export interface PageArguments {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}

/** The argument that contains a cursor. */
export type CursorArgument = 'after' | 'before'

type Direction = 'asc' | 'desc'

/**
 * Keyset pagination: a page starts after the column values in its cursor. Unlike with offsets, a cursor stays
 * valid when its row is deleted, and every page costs the same. Cursors follow the Relay connection
 * specification.
 */
export interface Keyset<Row> {
  /** The Prisma query for one page and one more row. Throws InvalidInput for an invalid cursor. */
  query(args: PageArguments): { where: object; orderBy: Record<string, Direction>[]; take: number }
  /** The values in a cursor. Throws InvalidInput for an invalid one. */
  read(cursor: string, argument?: CursorArgument): Row
  /** The cursor of a row. */
  cursorOf(row: Row): string
  /** The connection for the rows returned by `query`. */
  page<R extends Row>(rows: readonly R[], args: PageArguments): Connection<R>
}

export interface Connection<Row> {
  edges: { cursor: string; node: Row }[]
  pageInfo: {
    startCursor: string | null
    endCursor: string | null
    hasNextPage: boolean
    hasPreviousPage: boolean
  }
}

export function keyset<Row extends object>(...columns: KeyColumn<Row>[]): Keyset<Row> {
  return {
    query(args) {
      const { size, backwards } = pageSizeOf(args)
      const bounds = [
        args.after != null && afterCursor(columns, readCursor(columns, 'after', args.after), false),
        args.before != null && afterCursor(columns, readCursor(columns, 'before', args.before), true),
      ].filter((bound) => bound !== false)
      return {
        where: bounds.length > 0 ? { AND: bounds } : {},
        orderBy: columns.map(({ field, column = field, direction }) => ({
          [column]: directed(direction, backwards),
        })),
        take: size + 1,
      }
    },
    read(cursor, argument = 'after') {
      const values = readCursor(columns, argument, cursor)
      return Object.fromEntries(columns.map(({ field }, i) => [field, values[i]])) as Row
    },
    cursorOf: (row) => writeCursor(columns, row),
    page(rows, args) {
      const { size, backwards } = pageSizeOf(args)
      const more = rows.length > size
      const shown = backwards ? rows.slice(0, size).reverse() : rows.slice(0, size)
      const edges = shown.map((node) => new Edge(columns, node))
      return {
        edges,
        pageInfo: {
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
          hasNextPage: backwards ? args.before != null : more,
          hasPreviousPage: backwards ? more : args.after != null,
        },
      }
    },
  }
}

/** An edge of a page. Its cursor is written when it is read: most clients read only those of the page. */
class Edge<Row> {
  readonly node: Row
  readonly #columns: KeyColumn<Row>[]

  constructor(columns: KeyColumn<Row>[], node: Row) {
    this.node = node
    this.#columns = columns
  }

  get cursor(): string {
    return writeCursor(this.#columns, this.node)
  }
}

/** The number of rows of a page. Throws InvalidInput for invalid arguments. */
export function pageSizeOf({ first, last }: PageArguments): { size: number; backwards: boolean } {
  if (first != null && last != null) {
    throw new InvalidInput('last', 'Give either "first" or "last", not both.')
  }
  const size = first ?? last ?? DEFAULT_PAGE_SIZE
  const field = first != null ? 'first' : 'last'
  if (size < 0) throw new InvalidInput(field, `"${field}" must not be negative.`)
  if (size > MAX_PAGE_SIZE) throw new InvalidInput(field, `"${field}" may be at most ${MAX_PAGE_SIZE}.`)
  return { size, backwards: last != null }
}

/**
 * The rows after a cursor: (a, b) > (x, y), written as a >= x AND (a > x OR b > y) so that the first column
 * alone bounds the index scan.
 */
function afterCursor<Row>(columns: KeyColumn<Row>[], values: unknown[], backwards: boolean): object {
  const [{ field, column = field, direction }, ...rest] = columns as [KeyColumn<Row>, ...KeyColumn<Row>[]]
  const comparison = directed(direction, backwards) === 'asc' ? 'gt' : 'lt'
  const strictly = { [column]: { [comparison]: values[0] } }
  if (rest.length === 0) return strictly
  return {
    [column]: { [`${comparison}e`]: values[0] },
    OR: [strictly, afterCursor(rest, values.slice(1), backwards)],
  }
}

function directed(direction: Direction, backwards: boolean): Direction {
  if (!backwards) return direction
  return direction === 'asc' ? 'desc' : 'asc'
}

function writeCursor<Row>(columns: KeyColumn<Row>[], row: Row): string {
  const values = Object.fromEntries(columns.map(({ field }) => [field, row[field]]))
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

function readCursor<Row>(columns: KeyColumn<Row>[], argument: CursorArgument, cursor: string): unknown[] {
  try {
    const values = new Map<string, unknown>(
      Object.entries(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))),
    )
    if (values.size !== columns.length) throw new Error('another list')
    return columns.map(({ field, kind }) => readValue(kind, values.get(field)))
  } catch {
    throw new InvalidInput(argument, `"${argument}" is not a cursor of this list.`)
  }
}

/** The value, when the database can compare it with a column of that kind: clients can send any cursor. */
function readValue(kind: KeyColumn<unknown>['kind'], value: unknown): unknown {
  if (kind === 'number' || kind === 'integer') {
    const fits = kind === 'integer' ? Number.isInteger(value) : Number.isFinite(value)
    if (fits && Math.abs(value as number) <= MAX_INTEGER) return value
  } else if (typeof value === 'string') {
    if (kind === 'text' && isValidValue(value)) return value
    if (kind === 'uuid' && isUuid(value)) return value
    if (kind === 'date' && isValidValue(new Date(value))) return new Date(value)
  }
  throw new Error('wrong type')
}

/** The largest INTEGER of PostgreSQL. */
const MAX_INTEGER = 2 ** 31 - 1
