import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { InvalidInput } from '../base/errors.ts'

/**
 * Whether PostgreSQL can store the value: text without U+0000 and unpaired surrogates, or a time in the years
 * 1 to 9999.
 */
export function isValidValue(value: string | Date): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  const year = value.getUTCFullYear()
  return year >= 1 && year <= 9999
}

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      validText: ValidTextPlugin<Types>
    }
  }
}

/** Refuses text that PostgreSQL can't store, before any root resolver. */
class ValidTextPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: Resolver<Types>, { kind }: PothosOutputFieldConfig<Types>): Resolver<Types> {
    return kind === 'Query' || kind === 'Mutation' ? checked(resolve) : resolve
  }

  override wrapSubscribe(subscribe: Resolver<Types> | undefined): Resolver<Types> | undefined {
    return subscribe && checked(subscribe)
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>

function checked<Types extends SchemaTypes>(resolve: Resolver<Types>): Resolver<Types> {
  return (parent, args, context, info) => {
    for (const [name, value] of Object.entries(args)) check(name, value)
    return resolve(parent, args, context, info)
  }
}

function check(field: string, value: unknown): void {
  if (typeof value === 'string' && !isValidValue(value)) {
    throw new InvalidInput(
      field,
      `"${field}" contains an invalid character (NUL or an unpaired surrogate). Remove it.`,
    )
  }
  if (Array.isArray(value)) for (const item of value) check(field, item)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) check(name, inner)
  }
}

export const validTextPlugin = 'validText'

SchemaBuilder.registerPlugin(validTextPlugin, ValidTextPlugin)
