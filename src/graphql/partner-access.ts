import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { Forbidden } from '../base/errors.ts'
import { SUSPENDED_MESSAGE } from '../licensing/partner-audience.ts'
import type { Context } from './context.ts'

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      partnerAccess: PartnerAccess<Types>
    }
  }
}

/** Marks a root field that partners may use: `extensions: FOR_PARTNERS`. */
export const FOR_PARTNERS = { forPartners: true } as const

/** Marks a root field that suspended partners may use too: `extensions: FOR_SUSPENDED_PARTNERS`. */
export const FOR_SUSPENDED_PARTNERS = { forPartners: true, forSuspendedPartners: true } as const

/**
 * Allows partners only the root fields made for them. All other fields return articles as readers see them,
 * with every image; a partner sees them within its licence only.
 */
class PartnerAccess<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const isRoot = field.kind === 'Query' || field.kind === 'Mutation'
    return isRoot ? restricted(resolve, field) : resolve
  }

  override wrapSubscribe(
    subscribe: Resolver<Types> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    return subscribe && restricted(subscribe, field)
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>

function restricted<Types extends SchemaTypes>(
  resolve: Resolver<Types>,
  { name, extensions }: PothosOutputFieldConfig<Types>,
): Resolver<Types> {
  const { forPartners, forSuspendedPartners } = (extensions ?? {}) as Readonly<Record<string, unknown>>
  if (forPartners === true && forSuspendedPartners === true) return resolve
  return (parent, args, context, info) => {
    const { role, isSuspended } = (context as Context).viewer
    if (role !== 'partner') return resolve(parent, args, context, info)
    if (forPartners !== true) {
      throw new Forbidden(
        `"${name}" is not available to partners. Use "changes" or "licensedArticle" instead.`,
      )
    }
    if (isSuspended) throw new Forbidden(SUSPENDED_MESSAGE)
    return resolve(parent, args, context, info)
  }
}

export const partnerAccess = 'partnerAccess'

SchemaBuilder.registerPlugin(partnerAccess, PartnerAccess)
