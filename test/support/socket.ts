import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { type Client, createClient, type ExecutionResult } from 'graphql-ws'
import WebSocket from 'ws'
import type { Json } from './json.ts'

/** A stream of results that a test takes one by one. */
export interface Results<Data> extends AsyncDisposable {
  /** The next result; waits for it. Fails when the stream is over. */
  next(): Promise<ExecutionResult<Data>>
  /** The next `count` results' data. */
  take(count: number): Promise<Data[]>
  /** Settles when the stream is over: with nothing when completed, else with why it failed. */
  over: Promise<unknown>
  stop(): void
}

/** A graphql-ws client of its own socket, which never reconnects by itself. */
export function connect(wsUrl: string, token?: string): Client {
  return createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    connectionParams: token ? { authorization: `Bearer ${token}` } : undefined,
  })
}

/** Subscribes and queues what comes. */
export function listen<Data = Json, Variables extends Record<string, unknown> = Record<string, unknown>>(
  client: Client,
  document: string | TypedDocumentNode<Data, Variables>,
  variables?: Variables,
): Results<Data> {
  const query = typeof document === 'string' ? document : print(document)
  const queue: ExecutionResult<Data>[] = []
  const end = Promise.withResolvers<unknown>()
  let arrived = Promise.withResolvers<void>()
  let ended = false
  const finish = (reason: unknown) => {
    ended = true
    end.resolve(reason)
    arrived.resolve()
  }
  const stop = client.subscribe<Data>(
    { query, variables },
    {
      next: (result) => {
        queue.push(result as ExecutionResult<Data>)
        arrived.resolve()
        arrived = Promise.withResolvers()
      },
      error: (error) => finish(error),
      complete: () => finish(undefined),
    },
  )
  const next = async () => {
    while (queue.length === 0) {
      if (ended) throw new Error('the stream is over', { cause: await end.promise })
      await arrived.promise
    }
    return queue.shift() as ExecutionResult<Data>
  }
  return {
    next,
    async take(count) {
      const data: Data[] = []
      while (data.length < count) {
        const result = await next()
        if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('; '))
        data.push(result.data as Data)
      }
      return data
    },
    over: end.promise,
    stop,
    async [Symbol.asyncDispose]() {
      stop()
      await client.dispose()
    },
  }
}
