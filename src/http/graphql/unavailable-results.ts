import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { isUnavailable, RETRY_AFTER_HEADER } from '../../base/transient-errors.ts'

/**
 * Responds with 503 and Retry-After when nothing of an operation could be executed because a dependency is
 * unavailable. The result then has no `data`, because `null` would mean that an object does not exist. As
 * application/json the status stays 200 (GraphQL over HTTP, 6.4.1).
 */
export function useUnavailableResults(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return
      // Reading `data` parses a result that is cached as text.
      const { errors } = result as ExecutionResult
      if (!errors?.some(isUnavailable) || hasData((result as ExecutionResult).data)) return
      setResult({ errors: errors.map((error) => (isUnavailable(error) ? withStatus(error) : error)) })
    },
  }
}

function hasData(data: ExecutionResult['data']): boolean {
  return data != null && Object.values(data).some((value) => value !== null)
}

/** An error may have its own status, for example for too many connections. */
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
