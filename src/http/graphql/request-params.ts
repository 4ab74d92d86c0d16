import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { DomainError, UnsupportedEncoding } from '../../base/errors.ts'
import { isEncoded } from '../../net/read-body.ts'
import { httpError } from '../errors.ts'

/**
 * Refuses malformed requests without repeating their content. GraphQL Yoga would repeat the body and names,
 * and would report invalid JSON in the query as a server error.
 */
export function useRequestParams(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (isEncoded(request.headers.get('content-encoding'))) throw httpError(new UnsupportedEncoding())
      if (!requestParser) return
      setRequestParser(async (received) => {
        try {
          return await requestParser(received)
        } catch (error) {
          throw isRefusal(error) ? error : badRequest('The request contains invalid JSON or is incomplete.')
        }
      })
    },
    onParams({ params }) {
      const { query, variables, operationName, extensions, ...others } = asObject(params)
      if (Object.values(others).some((value) => value != null)) {
        throw badRequest('Send only the parameters query, variables, operationName and extensions.')
      }
      assertObject('variables', variables)
      assertObject('extensions', extensions)
      if (operationName != null && typeof operationName !== 'string') {
        throw badRequest('"operationName" must be a string.')
      }
      if (query == null && isPersistedQuery(extensions)) throw noPersistedQueries()
      if (query == null) throw badRequest('Must provide query string.', true)
      if (typeof query !== 'string') throw badRequest('"query" must be a string.')
    },
  }
}

/**
 * The response to Apollo's persisted queries, after which the client sends the whole query. The status is
 * always 200, as in Apollo Server: some clients read no other response.
 */
export function noPersistedQueries(): GraphQLError {
  const http = { status: 200, headers: { 'cache-control': 'no-store' } }
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http },
  })
}

/** Whether the extensions of a request contain the hash of a query. */
export function isPersistedQuery(extensions: unknown): boolean {
  return isObject(extensions) && isObject(extensions.persistedQuery)
}

/** Whether a parser refused a request deliberately, for example because it is too large. */
function isRefusal(error: unknown): boolean {
  if (error instanceof DomainError) return true
  return error instanceof GraphQLError && error.extensions.originalError === undefined
}

function asObject(params: unknown): Record<string, unknown> {
  if (isObject(params)) return params
  throw badRequest('The parameters must be a JSON object.')
}

function assertObject(name: string, value: unknown): void {
  if (value != null && !isObject(value)) throw badRequest(`"${name}" must be an object.`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param spec whether the status is 200 as application/json (GraphQL over HTTP, 6.4.1) */
function badRequest(message: string, spec = false): GraphQLError {
  const http = { status: 400, headers: { allow: 'GET, POST' }, spec }
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http } })
}
