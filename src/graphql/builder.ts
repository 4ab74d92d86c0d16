import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { notAllowed } from '../auth/refusal.ts'
import { hasRole, type Role } from '../auth/viewer.ts'
import { type ErrorCode, errorCodes } from '../base/error-codes.ts'
import type { DomainError } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type PrismaTypes from '../db/client/pothos.ts'
import { getDatamodel } from '../db/client/pothos.ts'
import { validTextPlugin } from '../text/valid-text.ts'
import type { TotalCount } from './connections.ts'
import type { Context } from './context.ts'
import { loadedColumns } from './loaded-columns.ts'
import { partnerAccess } from './partner-access.ts'
import { recordReads } from './record-reads.ts'
import { relayOptions } from './relay.ts'
import { rowIds } from './row-ids.ts'
import { dateScalar, dateTimeScalar, jsonScalar } from './scalars.ts'
import { selectedFields } from './selected-fields.ts'
import { OF_ONE_ARTICLE } from './selection.ts'

/** The schema builder. Defines what is shared by all types: root types, scalars, errors, limits. */
export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  AuthScopes: { role: Role; syndication: boolean }
  Scalars: {
    Date: { Input: Date; Output: Date }
    DateTime: { Input: Date; Output: Date }
    ID: { Input: string; Output: string }
    JSON: { Input: never; Output: object }
  }
  DefaultFieldNullability: false
  DefaultInputFieldRequiredness: false
  DefaultEdgesNullability: false
  DefaultNodeNullability: false
  Connection: { totalCount?: TotalCount }
}>({
  // The errors plugin is first, so that errors of the plugins after it are typed result members too.
  plugins: [
    // The outermost wrapper of the resolvers.
    recordReads,
    ErrorsPlugin,
    partnerAccess,
    // Before the Prisma plugin, whose configuration of fields it completes: Pothos runs the plugins from the last one on.
    selectedFields,
    ScopeAuthPlugin,
    validTextPlugin,
    ComplexityPlugin,
    rowIds,
    RelayPlugin,
    // Next to the Prisma plugin, whose lookup it avoids.
    loadedColumns,
    PrismaPlugin,
  ],
  defaultFieldNullability: false,
  errors: {
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${pascal(fieldName)}Result`,
      description: 'The result: the payload, or one of the expected errors.',
    },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({
      role: (role) => hasRole(viewer, role),
      // Partners, and newsroom staff.
      syndication: viewer.role === 'partner' || hasRole(viewer, 'editor'),
    }),
    unauthorizedError: (_parent, { viewer }) => notAllowed(viewer),
  },
  // The cost of fields; src/http/graphql/query-limits.ts rejects operations that are too expensive.
  complexity: { defaultListMultiplier: 5 },
  relay: relayOptions,
  prisma: {
    // Pothos reads through the models only; a transaction has no $connect.
    client: (context) => context.db as typeof context.db & Pick<PrismaClient, '$connect'>,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    onUnusedQuery: 'error',
  },
})

type SchemaTypes = typeof builder.$inferSchemaTypes

/** The builder of input fields that several input types share. */
export type InputFields = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>

/** The builder of fields that several object types share. */
export type ObjectFields<Shape> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Shape>

builder.queryType({ description: 'Reads data.' })
builder.mutationType({
  description: 'Changes data. The result is the payload of the mutation, or an expected error.',
})
builder.subscriptionType({ description: 'Sends events as they happen.', extensions: OF_ONE_ARTICLE })

builder.scalarType('DateTime', dateTimeScalar)
builder.scalarType('Date', dateScalar)
builder.scalarType('JSON', jsonScalar)

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'The code of an expected error. Later versions may add codes.',
  values: errorCodes,
})

/** The interface of all expected errors. */
export const ErrorInterface = builder.interfaceRef<DomainError<ErrorCode>>('Error').implement({
  description: 'An expected error.',
  resolveType: (error) => error.name,
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'A message for people: what is wrong and what to do.',
    }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'A stable error code for programs.' }),
  }),
})

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
