import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import type { SharedSubscription } from '../graphql/subscribe.ts'
import { isRefused } from './graphql/unavailable-results.ts'
import type { SocketOperation } from './socket-operations.ts'
import { SocketSink, streamWritable } from './socket-sink.ts'
import { CLOSE } from './status.ts'
import type { UnsharedStream } from './unshared-subscription.ts'
import { type Connection, closeSlow, NOT_NOW } from './websocket-connection.ts'

/**
 * Lets a shared feed write to the socket directly. graphql-ws is given a stream without results, which ends
 * with the feed, and which it returns when the client completes the operation.
 */
export function deliverShared(
  feed: SharedSubscription,
  operation: SocketOperation,
  connection: Connection,
): Results {
  const { socket, stream } = connection
  const end = Promise.withResolvers<typeof DONE>()
  const leave = feed.deliver(
    new SocketSink(operation.id, socket, stream, {
      tooSlow: () => closeSlow(connection),
      cut: () => socket.close(CLOSE.TRY_AGAIN_LATER, NOT_NOW),
      end() {
        operation.complete()
        end.resolve(DONE)
      },
    }),
  )
  operation.startStreaming(leave)
  return {
    // A cancelled operation never settles here: see SocketOperation.respond.
    next: () => end.promise,
    async return() {
      operation.cancel()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** The results of an unshared subscription, read no faster than the socket takes them. */
export function pacedResults(
  results: UnsharedStream,
  operation: SocketOperation,
  { stream }: Connection,
): Results {
  operation.startStreaming(() => void results.return())
  return {
    async next() {
      await streamWritable(stream)
      const result = await results.next()
      if (result.done) operation.complete()
      return operation.respond(result) as Promise<IteratorResult<ExecutionResult, undefined>>
    },
    async return() {
      operation.cancel()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

type Results = AsyncIterableIterator<ExecutionResult, undefined>

const DONE = { done: true, value: undefined } as const

/**
 * A result without the HTTP status and headers that Yoga keeps in extensions, and without `data` if nothing could be
 * executed, as over HTTP; undefined if nothing changes.
 */
export function withoutHttp(
  result: ExecutionResult | FormattedExecutionResult,
): FormattedExecutionResult | undefined {
  // Reading `data` parses a result that is cached as text.
  if (!result.errors && !result.extensions) return undefined
  const { errors, extensions, data, ...others } = result
  const rest = withoutHttpIn(extensions)
  return {
    ...(data !== undefined && !isRefused(result) && { data }),
    ...others,
    ...(errors && { errors: errorsWithoutHttp(errors) }),
    ...(rest && { extensions: rest }),
  }
}

/** Errors as they are sent over a websocket: see withoutHttp. */
export function errorsWithoutHttp(
  errors: readonly (GraphQLError | GraphQLFormattedError)[],
): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { extensions, ...others } = 'toJSON' in error ? error.toJSON() : error
    const rest = withoutHttpIn(extensions)
    return rest ? { ...others, extensions: rest } : others
  })
}

function withoutHttpIn(extensions: Record<string, unknown> = {}): Record<string, unknown> | undefined {
  const { http, ...others } = extensions
  return Object.keys(others).length > 0 ? others : undefined
}
