import { type Client, createClient } from 'graphql-ws'
import { resumable } from './resumable.ts'

/** What to sign in with now, as `{ authorization: 'Bearer …' }`; nothing, `{}`, for the anonymous. */
export type Credentials = () => Promise<Record<string, string>>

/** One websocket for everything that is live. A lost one is opened again, for as long as it takes. */
export function openSocket(url: string, credentials: Credentials): Client {
  const client = createClient({
    url,
    // A function, so that every connection gets a token that is good now.
    connectionParams: credentials,
    retryAttempts: Number.POSITIVE_INFINITY,
    // By itself it gives up when the gateway can't be reached at all, as on a phone in a tunnel.
    shouldRetry: () => true,
    // By chance, so that a crowd does not come back in one instant; and never more than 30 seconds.
    retryWait: (retries) => sleep(Math.random() * Math.min(30_000, 1_000 * 2 ** retries)),
  })
  return resumable(client)
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
