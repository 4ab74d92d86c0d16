import { type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { isUnavailable, RETRY_AFTER_HEADER } from '../../base/transient-errors.ts'

/**
 * Responds with 503 and Retry-After when nothing of an operation could be executed because a dependency is
 * unavailable. As application/json the status stays 200 (GraphQL over HTTP, 6.4.1).
 */
export function useUnavailableResults(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return
      const shown = withUnavailableStatus(result as ExecutionResult)
      if (shown !== result) setResult(shown)
    },
  }
}

/** Adds the status 503 to a refused result; returns all other results unchanged. */
export function withUnavailableStatus(result: ExecutionResult): ExecutionResult {
  // Reading `data` parses a result that is cached as text.
  if (!isRefused(result)) return result
  const { errors = [] } = result
  return { errors: errors.map((error) => (isUnavailable(error) ? withStatus(error) : error)) }
}

/**
 * Whether nothing of an operation could be executed because a dependency is unavailable, or a quota is used up.
 * The result is then sent without `data`, because `null` would mean that an object does not exist.
 */
export function isRefused({ data, errors }: ExecutionResult | FormattedExecutionResult): boolean {
  const codes = errors?.map(({ extensions }) => extensions?.code) ?? []
  return !hasData(data) && codes.some((code) => REFUSALS.has(code))
}

const REFUSALS: ReadonlySet<unknown> = new Set(['TEMPORARILY_UNAVAILABLE', 'QUOTA_EXCEEDED'])

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
