import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { Forbidden } from '../errors.ts'
import type { Context } from './context.ts'

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      partnerGate: PartnerGate<Types>
    }
  }
}

/** Marks a root field that partners may use: `extensions: FOR_PARTNERS`. */
export const FOR_PARTNERS = { forPartners: true } as const

/**
 * Keeps partners to the root fields that are made for them. All others show stories as readers see them, with
 * every picture; a partner sees them as its licence has them, or not at all.
 */
class PartnerGate<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolve: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const isRoot = field.kind === 'Query' || field.kind === 'Mutation'
    return isRoot && !isForPartners(field) ? gated(resolve, field.name) : resolve
  }

  override wrapSubscribe(
    subscribe: Resolver<Types> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    return subscribe && !isForPartners(field) ? gated(subscribe, field.name) : subscribe
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>

function isForPartners({ extensions }: { extensions?: Readonly<Record<string, unknown>> | null }): boolean {
  return extensions?.forPartners === true
}

function gated<Types extends SchemaTypes>(resolve: Resolver<Types>, name: string): Resolver<Types> {
  return (parent, args, context, info) => {
    if ((context as Context).viewer.role !== 'partner') return resolve(parent, args, context, info)
    throw new Forbidden(`"${name}" is not for partners: read "changes" and "licensedStory".`)
  }
}

export const partnerGate = 'partnerGate'

SchemaBuilder.registerPlugin(partnerGate, PartnerGate)
