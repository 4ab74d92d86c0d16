import { type Client, createClient } from 'graphql-ws'
import { resumable } from './resumable.ts'

/** Returns the current credentials, `{ authorization: 'Bearer …' }`, or `{}` for an anonymous reader. */
export type Credentials = () => Promise<Record<string, string>>

/** Opens one websocket for all subscriptions. If it is lost, it is opened again, without a limit on attempts. */
export function openSocket(url: string, credentials: Credentials): Client {
  const client = createClient({
    url,
    // A function, so that every connection gets a valid token.
    connectionParams: credentials,
    retryAttempts: Number.POSITIVE_INFINITY,
    // By default, it gives up if the gateway can't be reached at all, for example on a phone in a tunnel.
    shouldRetry: () => true,
    // Random, so that clients do not all reconnect at the same moment. At most 30 seconds.
    retryWait: (retries) => sleep(Math.random() * Math.min(30_000, 1_000 * 2 ** retries)),
  })
  return resumable(client)
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
