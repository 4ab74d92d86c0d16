import { GraphQLError } from 'graphql'

/**
 * The error of a request that can't be read.
 * @param spec whether the status is 200 as application/json (GraphQL over HTTP, 6.4.1)
 */
export function badRequest(message: string, spec = false): GraphQLError {
  const http = { status: 400, headers: { allow: 'GET, POST' }, spec }
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http } })
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
