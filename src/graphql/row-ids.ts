import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import { encodeGlobalID } from '@pothos/plugin-relay'
import type { GraphQLFieldResolver } from 'graphql'
import { isNodeType } from './ids.ts'

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      rowIds: RowIds<Types>
    }
  }
}

/**
 * Resolves the field `id` of types with a table without a promise. The resolver of the Relay plugin is async, so that
 * an object with an id, its list and all objects around it would become promises: 30 to 40 % of the time to execute a
 * page of articles.
 */
class RowIds<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { name, kind, parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { extensions } = this.buildCache.getTypeConfig(parentType)
    if (kind !== 'Object' || name !== 'id' || !isNodeType(parentType) || !extensions?.pothosPrismaModel)
      return resolver
    return (row, args, context, info) => {
      const { id } = row as { id?: unknown }
      return typeof id === 'string' ? encodeGlobalID(parentType, id) : resolver(row, args, context, info)
    }
  }
}

export const rowIds = 'rowIds'

SchemaBuilder.registerPlugin(rowIds, RowIds)
