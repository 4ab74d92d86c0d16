import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import { GraphQLError } from 'graphql'
import { notAllowed } from '../auth/refusal.ts'
import { hasRole, type Role } from '../auth/viewer.ts'
import type { DomainError } from '../base/errors.ts'
import type PrismaTypes from '../db/client/pothos.ts'
import { getDatamodel } from '../db/client/pothos.ts'
import { isValidValue, validTextPlugin } from '../text/valid-text.ts'
import type { Context } from './context.ts'
import { partnerAccess } from './partner-access.ts'
import { relayOptions } from './relay.ts'

/** The schema's builder. It defines what belongs to no noun: root types, scalars, failures, limits. */
export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  AuthScopes: { role: Role; syndication: boolean }
  Scalars: {
    DateTime: { Input: Date; Output: Date }
    ID: { Input: string; Output: string }
    JSON: { Input: never; Output: object }
  }
  DefaultFieldNullability: false
  DefaultInputFieldRequiredness: false
  DefaultEdgesNullability: false
  DefaultNodeNullability: false
}>({
  // The errors plugin stands first, so that refusals by those behind it are typed members too.
  plugins: [
    ErrorsPlugin,
    partnerAccess,
    ScopeAuthPlugin,
    validTextPlugin,
    ComplexityPlugin,
    RelayPlugin,
    PrismaPlugin,
  ],
  defaultFieldNullability: false,
  errors: {
    directResult: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${pascal(fieldName)}Result`,
      description: 'What came of it: the success, or one of the failures to expect.',
    },
    defaultResultOptions: { name: ({ fieldName }) => `${pascal(fieldName)}Success` },
  },
  scopeAuth: {
    authScopes: ({ viewer }) => ({
      role: (role) => hasRole(viewer, role),
      // Partners, and the newsroom itself.
      syndication: viewer.role === 'partner' || hasRole(viewer, 'editor'),
    }),
    unauthorizedError: (_parent, { viewer }) => notAllowed(viewer),
  },
  // Each field's cost; who asks for too much is refused in src/http/graphql/query-limits.ts.
  complexity: { defaultListMultiplier: 5 },
  relay: relayOptions,
  prisma: {
    client: (context) => context.db as never,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    onUnusedQuery: 'error',
  },
})

builder.queryType({ description: 'What can be read.' })
builder.mutationType({ description: 'What can be done. Expected failures are members of each result.' })
builder.subscriptionType({ description: 'What can be watched.' })

builder.scalarType('DateTime', {
  description: 'A moment in ISO 8601 with a zone, such as 2019-10-15T09:30:00Z.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => parseMoment(value),
})

builder.scalarType('JSON', {
  description: 'Any value of JSON. Only answers have it.',
  parseValue: () => {
    throw new GraphQLError('JSON is not for input.')
  },
})

/** The interface that every expected failure implements. */
export const ErrorInterface = builder.interfaceRef<DomainError>('Error').implement({
  description: 'An expected failure: the message says what to do, the code is for programs.',
  resolveType: (error) => error.name,
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What went wrong and what to do, for people to read.',
    }),
    code: t.string({ description: 'A stable word for the failure.', resolve: (error) => error.code }),
  }),
})

const ISO_MOMENT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/** In the form of ISO 8601, and a day that its month has: JavaScript takes the 30th of February for March. */
function isWritten(text: string): boolean {
  const [, year, month, day] = ISO_MOMENT.exec(text) ?? []
  return (
    day !== undefined &&
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  )
}

function parseMoment(value: unknown): Date {
  const moment = typeof value === 'string' && isWritten(value) ? new Date(value) : null
  if (!moment || !isValidValue(moment)) {
    throw new GraphQLError('A DateTime is written like "2019-10-15T09:30:00Z".')
  }
  return moment
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
