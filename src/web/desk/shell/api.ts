import { createClient as createLiveClient, type Client as LiveClient } from 'graphql-ws'
import { Client, cacheExchange, fetchExchange } from 'urql'
import { connection } from './connection.ts'
import { noteError } from './outdated.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'

/** The API as one signed-in user reaches it. */
export interface Api {
  client: Client
  /** Subscriptions, over one websocket that is opened when it is needed. */
  live: LiveClient
  close(): void
}

const address = new URL(`${settings.base}/graphql`, location.href)

export function createApi(): Api {
  const client = new Client({
    url: address.href,
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    requestPolicy: 'cache-and-network',
    fetch: signedFetch,
  })
  const live = createLive()
  return { client, live, close: () => void live.dispose() }
}

/** Sends the token, and ends the session if the API refuses it. */
export async function signedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const token = await session.token()
  const headers = new Headers(init?.headers)
  if (token) headers.set('authorization', `Bearer ${token}`)
  const response = await fetch(input, { ...init, headers, credentials: 'omit' })
  const codes = await codesIn(response)
  for (const code of codes) noteError(code)
  if (response.status === 401 || codes.includes('NOT_SIGNED_IN')) await renewOrExpire(token)
  return response
}

/** The codes of the errors in an answer. */
async function codesIn(response: Response): Promise<string[]> {
  if (!response.headers.get('content-type')?.includes('json')) return []
  const { errors = [] } = (await response.clone().json()) as { errors?: { extensions?: { code?: string } }[] }
  return errors.map(({ extensions }) => extensions?.code ?? '')
}

/** Does nothing if the session has another token already. */
async function renewOrExpire(refused: string | null): Promise<void> {
  if (session.state().signIn?.token !== refused) return
  await session.renew()
}

/** How often the websocket is checked, and how long an answer may take, in ms. */
const PING_EVERY_MS = 10_000
const PONG_WITHIN_MS = 5_000
const MAX_RETRY_WAIT_MS = 8_000

function createLive(): LiveClient {
  const url = new URL(address)
  url.protocol = url.protocol.replace('http', 'ws')
  let socket: WebSocket | null = null
  let pongDue: ReturnType<typeof setTimeout> | undefined
  const live = createLiveClient({
    url: url.href,
    connectionParams: async () => {
      const token = await session.token()
      return token ? { authorization: `Bearer ${token}` } : {}
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => connection.waitToRetry(Math.min(500 * 2 ** retries, MAX_RETRY_WAIT_MS)),
    keepAlive: PING_EVERY_MS,
    on: {
      opened: (opened) => {
        socket = opened as WebSocket
      },
      connected: () => connection.setConnected(true),
      ping: (received) => {
        // A lost network closes no socket: a missing answer does.
        if (!received) pongDue = setTimeout(() => socket?.close(4408, 'No answer'), PONG_WITHIN_MS)
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue)
      },
      closed: (event) => {
        clearTimeout(pongDue)
        const { code, wasClean } = event as CloseEvent
        if (code !== 1000 || !wasClean) connection.setConnected(false)
        if (code === 4401 || code === 4403) void renewOrExpire(session.state().signIn?.token ?? null)
      },
    },
  })
  return { ...live, subscribe: counted(live.subscribe) }
}

/** When no subscription is left, no connection is wanted: the banner must not wait for one. */
function counted(subscribe: LiveClient['subscribe']): LiveClient['subscribe'] {
  let running = 0
  return (payload, sink) => {
    running += 1
    let hasEnded = false
    const end = () => {
      if (hasEnded) return
      hasEnded = true
      running -= 1
      if (running === 0) connection.setConnected(true)
    }
    const unsubscribe = subscribe(payload, {
      next: (value) => sink.next(value as never),
      error: (reason) => {
        end()
        sink.error(reason)
      },
      complete: () => {
        end()
        sink.complete()
      },
    })
    return () => {
      unsubscribe()
      end()
    }
  }
}
