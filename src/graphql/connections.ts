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

/** The Prisma query for one page of a root connection, including the client's selection. */
export function rootPage<Row, Where extends object, Include extends Relations | undefined = undefined>(
  order: Keyset<Row>,
  args: PageArguments,
  where: Where[],
  context: Context,
  info: GraphQLResolveInfo,
  include?: Include,
) {
  const { where: bounds, ...page } = order.query(args)
  const query = queryFromInfo<undefined, Include>({ context, info, path: NODES, include })
  return { ...query, ...page, where: { AND: [...where, bounds] } }
}

/**
 * The same for a connection inside another type: its rows come with the parent's own query.
 * @param nested the function that Pothos hands to a field's `select`
 */
export function nestedPage<Row, Where extends object, Include extends Relations = Record<never, never>>(
  order: Keyset<Row>,
  args: PageArguments,
  where: Where[],
  nested: (selection: { include: Include } | true, path: string[]) => unknown,
  include?: Include,
) {
  const { where: bounds, ...page } = order.query(args)
  const selection = nested(include ? { include } : true, NODES) as { include: Include }
  const query = withOrderColumns(selection, page.orderBy)
  return { ...query, ...page, where: { AND: [...where, bounds] } }
}

/**
 * Adds the columns of the order to a selection of columns. Without them, a page without nodes would select no column,
 * which Prisma refuses.
 */
export function withOrderColumns<Query>(query: Query, orderBy: readonly object[]): Query {
  if (typeof query !== 'object' || query === null || !('select' in query)) return query
  const columns = Object.fromEntries(orderBy.flatMap(Object.keys).map((column) => [column, true]))
  return { ...query, select: { ...columns, ...(query.select as object) } }
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

/** Relations to load in addition to the client's selection. */
type Relations = Record<string, boolean>
