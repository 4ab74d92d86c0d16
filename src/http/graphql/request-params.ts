import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { DomainError, UnsupportedEncoding } from '../../base/errors.ts'
import { isEncoded } from '../../net/read-body.ts'
import { httpError } from '../errors.ts'

/**
 * Refuses requests that can't be read, in words that repeat nothing of them. GraphQL Yoga's own would repeat
 * the body and names in it, and takes a parameter that is no JSON for a fault of the server.
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
          throw isRefusal(error) ? error : badRequest('The request holds invalid JSON or broke off.')
        }
      })
    },
    onParams({ params }) {
      const { query, variables, operationName, extensions, ...others } = asObject(params)
      if (Object.values(others).some((value) => value != null)) {
        throw badRequest('Send no parameters but query, variables, operationName and extensions.')
      }
      assertObject('variables', variables)
      assertObject('extensions', extensions)
      if (operationName != null && typeof operationName !== 'string') {
        throw badRequest('"operationName" must be a string.')
      }
      if (query == null && isObject(extensions?.persistedQuery)) throw noPersistedQueries()
      if (query == null) throw badRequest('Must provide query string.', true)
      if (typeof query !== 'string') throw badRequest('"query" must be a string.')
    },
  }
}

/**
 * Apollo's handshake for persisted queries: the client sends the query itself then, and only a hash no more.
 * The status is 200 whatever is accepted, as Apollo Server has it: some clients read no other answer.
 */
function noPersistedQueries(): GraphQLError {
  const http = { status: 200, headers: { 'cache-control': 'no-store' } }
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', http },
  })
}

/** Whether a parser refused a request itself, such as one that is too large. */
function isRefusal(error: unknown): boolean {
  if (error instanceof DomainError) return true
  return error instanceof GraphQLError && error.extensions.originalError === undefined
}

function asObject(params: unknown): Record<string, any> {
  if (isObject(params)) return params
  throw badRequest('The parameters must be a JSON object.')
}

function assertObject(name: string, value: unknown): void {
  if (value != null && !isObject(value)) throw badRequest(`"${name}" must be an object.`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param spec whether the answer as application/json has status 200 all the same (GraphQL over HTTP, 6.4.1) */
function badRequest(message: string, spec = false): GraphQLError {
  const http = { status: 400, headers: { allow: 'GET, POST' }, spec }
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http } })
}
