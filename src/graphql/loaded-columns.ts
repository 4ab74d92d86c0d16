import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  getNamedType,
  isAbstractType,
  Kind,
} from 'graphql'

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
  /** The fields that need a lookup, as "Type.field". */
  readonly #indirect = new Set<string>()
  /** Whether a selection has only fields that need no lookup, by its field. */
  readonly #onlyDirect = new WeakMap<FieldNode, boolean>()

  override wrapResolve(resolver: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const { resolve, extensions, parentType, name } = field
    const select = extensions?.pothosPrismaSelect
    if (!select || !resolve) return resolver
    const relation = extensions.pothosPrismaRelationField as RelationField | undefined
    if (relation) {
      this.#indirect.add(`${parentType}.${name}`)
      return relation.isList ? resolver : this.#resolveRelation(relation.name, resolve, resolver)
    }
    const model = this.buildCache.getTypeConfig(parentType).extensions?.pothosPrismaFieldMap as
      | Relations
      | undefined
    if (typeof select === 'function' && model?.relations.has(name) && !model.listRelations.has(name)) {
      this.#indirect.add(`${parentType}.${name}`)
      // There is no row in any query.
      return (row, args, context, info) =>
        isSelection(row) && row[name] === null
          ? resolve(row, args, context, info)
          : resolver(row, args, context, info)
    }
    const isLoaded = isSelection(select) && model ? loadedTest(select, model) : null
    if (!isLoaded) {
      this.#indirect.add(`${parentType}.${name}`)
      return resolver
    }
    return (row, args, context, info) =>
      isLoaded(row) ? resolve(row, args, context, info) : resolver(row, args, context, info)
  }

  /** A lookup is needed only for what is selected below the row of the relation. */
  #resolveRelation(relation: string, resolve: Resolver<Types>, resolver: Resolver<Types>): Resolver<Types> {
    return (row, args, context, info) =>
      isSelection(row) && row[relation] !== undefined && this.#selectsOnlyDirect(info)
        ? resolve(row, args, context, info)
        : resolver(row, args, context, info)
  }

  #selectsOnlyDirect({ fieldNodes, returnType, schema }: GraphQLResolveInfo): boolean {
    const [field, ...others] = fieldNodes
    if (!field || others.length > 0) return false
    const known = this.#onlyDirect.get(field)
    if (known !== undefined) return known
    const type = getNamedType(returnType)
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
    const selections = field.selectionSet?.selections ?? []
    const onlyDirect = selections.every(
      (selection) =>
        selection.kind === Kind.FIELD &&
        types.every((each) => !this.#indirect.has(`${each.name}.${selection.name.value}`)),
    )
    this.#onlyDirect.set(field, onlyDirect)
    return onlyDirect
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>

/** What the Prisma plugin says about the field of a relation. */
interface RelationField {
  name: string
  isList: boolean
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
