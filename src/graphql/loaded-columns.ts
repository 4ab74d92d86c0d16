import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      loadedColumns: LoadedColumns<Types>
    }
  }
}

/**
 * Resolves a field directly if its row has the columns that the field selects. The Prisma plugin would look up for
 * each field of each row whether its own query has loaded the columns, and read a row again that another query has
 * loaded: the payload of a mutation, or an event of a feed.
 */
class LoadedColumns<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { resolve, extensions, parentType } = field
    const select = extensions?.pothosPrismaSelect
    const model = this.buildCache.getTypeConfig(parentType).extensions?.pothosPrismaFieldMap
    const isLoaded = isSelection(select) && model ? loadedTest(select, model as Relations) : null
    if (!resolve || !isLoaded) return resolver
    return (row, args, context, info) =>
      isLoaded(row) ? resolve(row, args, context, info) : resolver(row, args, context, info)
  }
}

export const loadedColumns = 'loadedColumns'

SchemaBuilder.registerPlugin(loadedColumns, LoadedColumns)

/** The relations of a model, as the Prisma plugin lists them. */
export interface Relations {
  relations: ReadonlyMap<string, Relations>
  listRelations: ReadonlySet<string>
}

/** A selection of Prisma: columns, and relations with selections of their own. */
type Selection = Record<string, unknown>

type RowTest = (row: unknown) => boolean

/**
 * Returns a test whether a row has what is selected; null if a row can't show it. A column or a row of a to-one
 * relation has the same value in all queries, but the rows of a list depend on the arguments of the query.
 */
export function loadedTest(select: Selection, { relations, listRelations }: Relations): RowTest | null {
  const columns: string[] = []
  const nested: [string, RowTest][] = []
  for (const [name, selected] of Object.entries(select)) {
    const target = relations.get(name)
    if (!target && selected === true) {
      columns.push(name)
    } else {
      const isToOne = target && !listRelations.has(name) && isSelection(selected) && isOnlySelect(selected)
      const test = isToOne ? loadedTest(selected.select, target) : null
      if (!test) return null
      nested.push([name, test])
    }
  }
  const [first, ...others] = columns
  if (first !== undefined && others.length + nested.length === 0) {
    return (row) => isSelection(row) && row[first] !== undefined
  }
  return (row) =>
    isSelection(row) &&
    columns.every((column) => row[column] !== undefined) &&
    nested.every(([name, isLoaded]) => row[name] === null || isLoaded(row[name]))
}

function isSelection(value: unknown): value is Selection {
  return typeof value === 'object' && value !== null
}

function isOnlySelect(value: Selection): value is { select: Selection } {
  return Object.keys(value).length === 1 && isSelection(value.select)
}
