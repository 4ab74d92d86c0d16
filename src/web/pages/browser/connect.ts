import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type Client, createClient, type FormattedExecutionResult } from 'graphql-ws'

/** How often a quiet connection is checked, and how long its answer may take, in ms. */
const CHECK_INTERVAL_MS = 25_000
const CHECK_TIMEOUT_MS = 5_000

/** The longest wait before the next attempt to connect, in ms. */
const MAX_WAIT_MS = 30_000

/** Opens a connection that is opened again whenever it is lost: after sleep, and without a network. */
export function connect(address: URL): Client {
  const url = new URL(address)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  let timeout: ReturnType<typeof setTimeout>
  const client = createClient({
    url: url.href,
    keepAlive: CHECK_INTERVAL_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (attempts) => waitToRetry(waitAfter(attempts)),
    on: {
      ping(wasReceived) {
        if (!wasReceived) timeout = setTimeout(() => client.terminate(), CHECK_TIMEOUT_MS)
      },
      pong: () => clearTimeout(timeout),
    },
  })
  return client
}

/** The wait before the next attempt, in ms. */
export function waitAfter(attempts: number): number {
  return Math.min(MAX_WAIT_MS, 500 * 2 ** Math.min(attempts, 10))
}

/** Waits for about a time, at most until the network is back. */
function waitToRetry(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const onOnline = () => end()
    const timer = setTimeout(() => end(), ms / 2 + (Math.random() * ms) / 2)
    addEventListener('online', onOnline)
    function end() {
      clearTimeout(timer)
      removeEventListener('online', onOnline)
      resolve()
    }
  })
}

export interface Receiver<Data> {
  next(data: Data): void
  /** The operation has ended with an error. */
  error?(code: unknown): void
  /** The operation has ended. */
  end?(): void
}

/** Sends an operation by the id of its document. */
export function send<Data, Variables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { next, error, end }: Receiver<Data>,
): void {
  const { documentId } = document as unknown as { documentId: string }
  // The client requires a query; the gateway takes an empty one for none.
  const payload = { query: '', documentId, variables: variables as Record<string, unknown> }
  client.subscribe(payload, {
    // A subscription that can't begin has a result with errors.
    next({ data, errors }: FormattedExecutionResult) {
      if (errors) error?.(errors[0]?.extensions?.code)
      else if (data) next(data as Data)
    },
    error(reason) {
      error?.(Array.isArray(reason) ? reason[0]?.extensions?.code : undefined)
      end?.()
    },
    complete: () => end?.(),
  })
}

export interface Watcher<Data> {
  next(data: Data): void
  /** An attempt to subscribe begins. */
  start?(): void
  /** The subscription has ended; a new attempt follows unless it was refused. */
  end?(): void
  /** The gateway refused the subscription: another attempt would be refused too. */
  refused?(code: unknown): void
}

/** Errors that another attempt would end with too: the gateway does not know the document, or refuses it. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'DOCUMENT_NOT_PERSISTED',
  'FORBIDDEN',
  'GRAPHQL_VALIDATION_FAILED',
  'INVALID_INPUT',
  'NOT_FOUND',
  'NOT_SIGNED_IN',
  'PERSISTED_QUERY_NOT_FOUND',
])

export function isRefusal(code: unknown): boolean {
  return REFUSALS.has(code)
}

/** Subscribes, and subscribes again after a wait that grows when the subscription has ended. */
export async function watch<Data, Variables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  watcher: Watcher<Data>,
): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    const startedAt = Date.now()
    watcher.start?.()
    let refusal: unknown = null
    await new Promise<void>((resolve) =>
      send(client, document, variables, {
        next: watcher.next,
        error(code) {
          if (isRefusal(code)) refusal = code
        },
        end: resolve,
      }),
    )
    watcher.end?.()
    if (refusal !== null) return watcher.refused?.(refusal)
    if (Date.now() - startedAt > MAX_WAIT_MS) attempts = 1
    await waitToRetry(waitAfter(attempts))
  }
}
