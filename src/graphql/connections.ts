import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from './context.ts'
import type { Keyset, PageArguments } from './keyset.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, TOTAL_COUNT_COMPLEXITY } from './limits.ts'
import type { Selected } from './selected-fields.ts'

/** The path to a connection's nodes in a query. */
export const NODES = ['edges', 'node']

/**
 * The complexity of a connection: the page size times the cost of a node. Too large pages are rejected later.
 */
export function pageComplexity({ first, last }: PageArguments) {
  return { field: 1, multiplier: Math.min(Math.max(1, first ?? last ?? DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE) }
}

/**
 * The Prisma query for one page of a root connection: the client's selection and the columns of the order.
 * @param columns more columns to select
 */
export function rootPage<Row, Where extends object, Columns extends object = Record<never, never>>(
  order: Keyset<Row>,
  args: PageArguments,
  where: Where[],
  context: Context,
  info: GraphQLResolveInfo,
  columns?: Columns,
) {
  const { where: bounds, ...page } = order.query(args)
  const select = { ...columnsOf<Row>(page.orderBy), ...(columns ?? ({} as Columns)) }
  const query = queryFromInfo({ context, info, path: NODES, select })
  return { ...query, ...page, where: { AND: [...where, bounds] } }
}

/**
 * The same for a connection inside another type: its rows come with the parent's own query.
 * @param nested the function that Pothos hands to a field's `select`
 */
export function nestedPage<Row, Where extends object>(
  order: Keyset<Row>,
  args: PageArguments,
  where: Where[],
  nested: Nested,
) {
  const { where: bounds, ...page } = order.query(args)
  const query = selecting(nested, columnsOf<Row>(page.orderBy), NODES)
  return { ...query, ...page, where: { AND: [...where, bounds] } }
}

/** The function that Pothos passes to the `select` of a field. */
export type Nested = (selection: { select: object }, path?: string[]) => unknown

/** The columns that a resolver reads, and the client's selection at a path below the field. */
export function selecting<Select extends object>(nested: Nested, select: Select, path: string[] = []) {
  return nested({ select }, path) as { select: Select }
}

/** The selection of the columns of an order, for the cursors. */
export function columnsOf<Row>(orderBy: readonly object[]): Record<keyof Row, true> {
  const columns = orderBy.flatMap(Object.keys).map((column) => [column, true])
  return Object.fromEntries(columns) as Record<keyof Row, true>
}

/** Counts the items of a connection. It is called only when the client selects `totalCount`. */
export type TotalCount = () => number | Promise<number>

/** The options of the field `totalCount` of a connection type. */
export const totalCountOptions = {
  description: 'The total number of items in the connection.',
  complexity: TOTAL_COUNT_COMPLEXITY,
  resolve: ({ totalCount }: { totalCount?: TotalCount }) => {
    if (!totalCount) throw new Error('the resolver of this connection does not return "totalCount"')
    return totalCount()
  },
}

/**
 * The selection that counts the rows of a relation in the parent's own statement. It is empty unless the client
 * selects `totalCount`, so read `_count` only in the connection's `totalCount`.
 * @param where the same conditions as for the pages
 * @param selected the fourth argument of the field's `select`
 */
export function totalOf<Relation extends string, Where extends object>(
  relation: Relation,
  where: Where,
  selected: Selected | undefined,
) {
  const counted = { [relation]: { where } } as Record<Relation, { where: Where }>
  const selection = { _count: { select: counted } }
  return selected?.().has('totalCount') ? selection : ({} as typeof selection)
}
