import type { ExecutionResult } from 'graphql'

/** What graphql-ws and graphql-sse have in common. */
interface Subscriber {
  subscribe(request: Request, sink: Sink): () => void
  /** Ends the connection for a new one, which graphql-ws can. */
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
 * Makes a client's own retries go on where the feed was cut. On a retry these clients send the very same
 * request object again, so it is enough to keep its `after` at the last cursor that arrived.
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
            // The token ran out. The next connection asks for a new one, and the feed goes on there.
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
