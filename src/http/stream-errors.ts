import type { ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import { type ErrorLog, errorMask } from './errors.ts'

/**
 * Makes an error that a stream throws its last result. Left alone, it would break the connection of
 * server-sent events, and be shown unmasked over websockets.
 */
export function useStreamErrors(log: ErrorLog): Plugin {
  const mask = errorMask(log)
  return {
    onSubscribe: () => ({
      onSubscribeResult({ result, setResult }) {
        if (isAsyncIterable(result)) setResult(withLastWord(result, mask))
      },
    }),
  }
}

function withLastWord(
  results: AsyncIterable<ExecutionResult>,
  mask: ReturnType<typeof errorMask>,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = results[Symbol.asyncIterator]()
  let over = false
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      if (over) return { done: true, value: undefined }
      try {
        return await iterator.next()
      } catch (error) {
        over = true
        return { done: false, value: { errors: [mask(error, 'Unexpected error.') as GraphQLError] } }
      }
    },
    async return() {
      over = true
      await iterator.return?.()
      return { done: true, value: undefined }
    },
  }
}
