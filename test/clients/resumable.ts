/** The part of the client interface that graphql-ws and graphql-sse share. */
interface Subscriber {
  subscribe(request: Request, sink: Sink): () => void
  /** Closes the connection so that the client opens a new one (graphql-ws only). */
  terminate?(): void
}

interface Request {
  query: string
  variables?: Record<string, unknown> | null | undefined
  operationName?: string | null | undefined
}

interface Sink {
  next(result: Result): void
  error(error: unknown): void
  complete(): void
}

/** The part of a result that is read here. */
interface Result {
  data?: object | null | undefined
  errors?: readonly { extensions?: { code?: unknown } | undefined }[] | undefined
}

/**
 * Makes the retries of a client continue after the last cursor. On a retry, these clients send the same
 * request object again, so it is enough to keep the last received cursor in its variable `after`. Subscriptions that start with
 * `iterate` do not resume: use `subscribe`.
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
            // A subscription has one root field, such as commentFeed or changes. Its value is the event.
            const [event] = Object.values(result.data ?? {}) as ({ cursor?: string } | null)[]
            if (event?.cursor) variables.after = event.cursor
            sink.next(result)
          },
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        },
      )
    },
  }
}

function isExpired({ errors }: Result): boolean {
  return errors?.some(({ extensions }) => extensions?.code === 'TOKEN_EXPIRED') ?? false
}
