import { type Client, createClient } from 'graphql-ws'
import { resumable } from './resumable.ts'

// #region socket
/**
 * One websocket for everything that is live. A lost one is opened again, for as long as it takes.
 * @param authorization the reader's `Bearer …`, renewed where it ran out; nothing for the anonymous
 */
export function openSocket(url: string, authorization: () => Promise<string | undefined>): Client {
  const client = createClient({
    url,
    // A function, so that every connection has a token that is good now.
    connectionParams: async () => ({ authorization: await authorization() }),
    retryAttempts: Number.POSITIVE_INFINITY,
    // By itself it gives up when the gateway can't be reached at all, as on a phone in a tunnel.
    shouldRetry: () => true,
    // By chance, so that a crowd does not come back in one instant; and never more than 30 seconds.
    retryWait: (retries) => sleep(Math.random() * Math.min(30_000, 1_000 * 2 ** retries)),
  })
  return resumable(client)
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
// #endregion
