import type { ExecutionResult } from 'graphql'

/** The part of the client interface that graphql-ws and graphql-sse share. */
interface Subscriber {
  subscribe(request: Request, sink: Sink): () => void
  /** Closes the connection so that the client opens a new one (graphql-ws only). */
  terminate?(): void
}

interface Request {
  query: string
  variables?: Record<string, unknown> | null
  operationName?: string | null
}

interface Sink {
  next(result: ExecutionResult): void
  error(error: unknown): void
  complete(): void
}

/**
 * Makes the retries of a client continue after the last cursor. On a retry, these clients send the same
 * request object again, so it is enough to keep the last received cursor in its variable `after`.
 */
export function resumable<Client extends object>(client: Client & Subscriber): Client {
  return {
    ...client,
    subscribe(request: Request, sink: Sink) {
      const variables = { ...request.variables }
      return client.subscribe(
        { ...request, variables },
        {
          next(result) {
            // The token has expired. The next connection gets a new one and continues the feed.
            if (client.terminate && isExpired(result)) return client.terminate()
            const feed = result.data?.commentFeed as { cursor?: string } | undefined
            if (feed?.cursor) variables.after = feed.cursor
            sink.next(result)
          },
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        },
      )
    },
  }
}

function isExpired({ errors }: ExecutionResult): boolean {
  return errors?.some(({ extensions }) => extensions?.code === 'TOKEN_EXPIRED') ?? false
}
