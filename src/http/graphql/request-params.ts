import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { DomainError, UnsupportedEncoding } from '../../base/errors.ts'
import { isEncoded } from '../../net/read-body.ts'
import { httpError } from '../errors.ts'
import { badRequest, isObject } from './bad-request.ts'
import { namesDocument } from './document-id.ts'
import { paramsOfUrl, readForm } from './url-params.ts'

/**
 * Refuses malformed requests without repeating their content. GraphQL Yoga would repeat the body and names,
 * and would report invalid JSON in the query as a server error.
 */
export function useRequestParams(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (isEncoded(request.headers.get('content-encoding'))) throw httpError(new UnsupportedEncoding())
      if (!requestParser) return
      const parse = request.method === 'GET' ? paramsOfUrl : isForm(request) ? readForm : requestParser
      setRequestParser(async (received) => {
        try {
          return await parse(received)
        } catch (error) {
          throw isRefusal(error) ? error : badRequest('The request contains invalid JSON or is incomplete.')
        }
      })
    },
    onParams({ params }) {
      const { query, variables, operationName, extensions, documentId, doc_id, ...others } = asObject(params)
      if (Object.values(others).some((value) => value != null)) {
        throw badRequest(
          'Send only the parameters query, variables, operationName, extensions and documentId or doc_id.',
        )
      }
      assertObject('variables', variables)
      assertObject('extensions', extensions)
      if (operationName != null && typeof operationName !== 'string') {
        throw badRequest('"operationName" must be a string.')
      }
      if (query == null && namesDocument({ documentId, doc_id, extensions })) return
      if (query == null) throw badRequest('Must provide query string.', true)
      if (typeof query !== 'string') throw badRequest('"query" must be a string.')
    },
  }
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

function isForm({ headers }: Request): boolean {
  return /^application\/x-www-form-urlencoded(?:;|,|$)/.test(headers.get('content-type') ?? '')
}
