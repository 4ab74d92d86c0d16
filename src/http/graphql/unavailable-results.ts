import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { RETRY_AFTER_HEADER } from '../../base/transient-errors.ts'

/**
 * Answers 503 with Retry-After where nothing of an operation could be executed because something that the
 * gateway depends on is away. The result has no `data` then: as a part of a result, `null` would say that there
 * is no such thing. As application/json the status stays 200 (GraphQL over HTTP, 6.4.1).
 */
export function useUnavailableResults(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return
      // Reading `data` parses a result that is kept as text.
      const { errors } = result as ExecutionResult
      if (!errors?.some(isUnavailable) || hasData((result as ExecutionResult).data)) return
      setResult({ errors: errors.map((error) => (isUnavailable(error) ? withStatus(error) : error)) })
    },
  }
}

function isUnavailable({ extensions }: GraphQLError): boolean {
  return extensions.code === 'TEMPORARILY_UNAVAILABLE'
}

function hasData(data: ExecutionResult['data']): boolean {
  return data != null && Object.values(data).some((value) => value !== null)
}

/** A refusal may have a status of its own, such as one for too many connections. */
function withStatus(error: GraphQLError): GraphQLError {
  if (error.extensions.http) return error
  const { message, nodes, source, positions, path, extensions } = error
  const http = { status: 503, headers: RETRY_AFTER_HEADER, spec: true }
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    path,
    extensions: { ...extensions, http },
  })
}
