import type { ExecutionResult, GraphQLError } from 'graphql'
import { isServerError } from '../base/transient-errors.ts'
import { Payload, type Sink } from '../comment-feed/payload.ts'
import { limitErrors } from '../graphql/error-limit.ts'
import { SharedSubscription } from '../graphql/subscribe.ts'

/** The results of a subscription with one subscriber. */
export type UnsharedResults = AsyncGenerator<ExecutionResult, void, void>

/** Whether a subscription has resulted in an unshared stream. */
export function isUnshared(
  result: SharedSubscription | UnsharedResults | ExecutionResult,
): result is UnsharedResults {
  return Symbol.asyncIterator in result && !(result instanceof SharedSubscription)
}

/** Masks the errors of results; an error that ends the stream is the last result. */
export function maskErrors(results: UnsharedResults, mask: (error: unknown) => GraphQLError): UnsharedStream {
  let over = false
  const stream: UnsharedStream = {
    async next() {
      if (over) return { done: true, value: undefined }
      try {
        const { done, value } = await results.next()
        if (done) return { done: true, value: undefined }
        if (!value.errors) return { done: false, value }
        return { done: false, value: { ...value, errors: limitErrors(value.errors.map(mask)) } }
      } catch (error) {
        over = true
        return { done: false, value: { errors: [mask(error)] } }
      }
    },
    async return() {
      over = true
      await results.return()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

export interface UnsharedStream extends AsyncIterableIterator<ExecutionResult, void> {
  return(): Promise<IteratorResult<ExecutionResult, void>>
}

/**
 * Sends results to a sink as fast as it takes them. When they can't continue because of the gateway, the sink
 * is cut, so that the client reconnects with its last cursor.
 * @returns a function that stops it
 */
export function deliverUnshared(results: UnsharedStream, sink: Sink): () => void {
  let over = false
  void (async () => {
    for await (const result of results) {
      if (over) return
      if (isServerError(result)) return sink.cut()
      sink.send([new Payload(result, null)])
      await sink.whenWritable()
    }
    if (!over) sink.end()
  })()
  return () => {
    over = true
    void results.return()
  }
}
