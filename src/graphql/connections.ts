import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from './context.ts'
import type { Keyset, PageArguments } from './keyset.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './limits.ts'

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
  const query = nested(include ? { include } : true, NODES) as { include: Include }
  return { ...query, ...page, where: { AND: [...where, bounds] } }
}

/** Relations to load in addition to the client's selection. */
type Relations = Record<string, boolean>
