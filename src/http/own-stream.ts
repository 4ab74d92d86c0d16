import type { IncomingMessage } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Viewer } from '../auth/viewer.ts'
import { Forbidden } from '../errors.ts'
import { SharedFeed } from '../feed/share.ts'
import type { Admission } from './event-stream.ts'

/** The results of one subscriber's own subscription. */
export type OwnResults = AsyncGenerator<ExecutionResult, void, void>

/** Whether a subscription came to a stream that nobody else gets. */
export function isOwn(result: SharedFeed | OwnResults | ExecutionResult): result is OwnResults {
  return Symbol.asyncIterator in result && !(result instanceof SharedFeed)
}

/** The same results with their failures masked; a failure that ends them is the last result. */
export function masked(results: OwnResults, mask: (error: unknown) => GraphQLError): OwnStream {
  let over = false
  const stream: OwnStream = {
    async next() {
      if (over) return { done: true, value: undefined }
      try {
        const { done, value } = await results.next()
        if (done) return { done: true, value: undefined }
        return { done: false, value: value.errors ? { ...value, errors: value.errors.map(mask) } : value }
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

export interface OwnStream extends AsyncIterableIterator<ExecutionResult, void> {
  return(): Promise<IteratorResult<ExecutionResult, void>>
}

/**
 * Holds an event stream to what comment feeds are held to: it is counted as a connection while it lasts, is
 * cut when the gateway goes away, and ends when its viewer is barred.
 */
export function admitted(
  results: OwnStream,
  { message, viewer }: { message: IncomingMessage; viewer: Viewer },
  { doorman, standing, streams }: Admission,
): OwnStream {
  const leave = doorman.enters(message)
  const barred = Promise.withResolvers<IteratorResult<ExecutionResult, void>>()
  const unwatch = standing.watch(viewer, (words) => {
    const { message, code } = new Forbidden(words)
    barred.resolve({ done: false, value: { errors: [new GraphQLError(message, { extensions: { code } })] } })
    end()
  })
  streams.add(message)
  let over = false
  const end = () => {
    if (over) return
    over = true
    unwatch()
    leave()
    streams.delete(message)
    void results.return()
  }
  message.socket.once('close', end)
  const stream: OwnStream = {
    async next() {
      if (over) return { done: true, value: undefined }
      const result = await Promise.race([results.next(), barred.promise])
      if (result.done) end()
      return result
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
