import type { ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { limitResult } from '../../graphql/error-limit.ts'

/**
 * Limits the errors of results over HTTP: every field that fails adds one, and each repeats the aliases of its
 * path. Results are limited after masking, so that every unexpected error is logged.
 */
export function useErrorLimit(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return
      const limited = limitResult(result as ExecutionResult)
      if (limited !== result) setResult(limited)
    },
  }
}
