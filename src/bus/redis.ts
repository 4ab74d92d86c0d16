import { createClient, ErrorReply } from 'redis'
import { SetupError } from '../base/errors.ts'
import { within } from '../base/within.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Log } from '../db/database.ts'
import type { Bus, Message } from './bus.ts'

/** The shortest and longest delay between attempts to reconnect, in ms. */
const MIN_RECONNECT_DELAY_MS = 100
const MAX_RECONNECT_DELAY_MS = 2_000

/** A connection without any data, pings included, for the timeout is considered lost, in ms. */
const PING_INTERVAL_MS = 5_000
const SOCKET_TIMEOUT_MS = 12_000

/** How long a start waits for Redis, in ms. After that the gateway starts without, and connects later. */
const START_TIMEOUT_MS = 2_000

/** Messages in flight, and messages queued while disconnected. Lost hints are found by polling. */
const MAX_QUEUED_MESSAGES = 10_000

/**
 * A bus over Redis publish/subscribe, for outlets behind a transaction pooler or with many gateways. Messages
 * are published after the commit. While Redis is unavailable they are queued and sent later, because other
 * gateways may have reconnected and polled before.
 *
 * @param url `redis://…`, or `rediss://…` over TLS; Redis 6 or newer
 * @throws SetupError when Redis is reachable and rejects the connection
 */
export async function redisBus(url: string, prisma: PrismaClient, log: Log): Promise<Bus> {
  const client = createClient({
    url,
    name: 'dateline',
    commandsQueueMaxLength: MAX_QUEUED_MESSAGES,
    pingInterval: PING_INTERVAL_MS,
    socket: { connectTimeout: 5_000, socketTimeout: SOCKET_TIMEOUT_MS, reconnectStrategy: reconnectDelayMs },
  })
  const reconnectListeners = new Set<() => void>()
  const unsent: Message[] = []
  const start = Promise.withResolvers<void>()
  let state: 'new' | 'disconnected' | 'connected' = 'new'
  const enqueue = (message: Message) => {
    unsent.push(message)
    if (unsent.length > MAX_QUEUED_MESSAGES) unsent.shift()
  }
  const publish = (message: Message) => {
    if (!client.isReady) return enqueue(message)
    client.publish(message.channel, message.payload).catch((error: unknown) => {
      if (client.isReady)
        log.warn({ err: error }, 'other gateways could not be notified of a change; they find it by polling')
      else enqueue(message)
    })
  }
  client.on('ready', () => {
    start.resolve()
    const wasDisconnected = state === 'disconnected'
    state = 'connected'
    for (const message of unsent.splice(0)) publish(message)
    // The client has subscribed to every channel again by now.
    if (wasDisconnected) for (const onReconnect of [...reconnectListeners]) onReconnect()
  })
  client.on('error', (error: Error) => {
    if (state === 'new' && error instanceof ErrorReply) start.reject(refusal(error))
    if (state === 'disconnected') return
    state = 'disconnected'
    log.warn({ err: error }, 'Redis is unavailable; feeds are polled until it is available again')
  })
  // Settles when the client is closed, and not before, however long Redis is unavailable.
  client.connect().catch(() => {})
  try {
    await within(START_TIMEOUT_MS, start.promise, undefined)
  } catch (error) {
    client.destroy()
    throw error
  }

  return {
    async transaction(work, options) {
      const messages: Message[] = []
      const result = await prisma.$transaction(
        (tx) => work(tx, async (message) => void messages.push(message)),
        options,
      )
      for (const message of messages) publish(message)
      return result
    },
    async listen(channel, onPayload, onReconnect) {
      reconnectListeners.add(onReconnect)
      // Subscribing waits for Redis; the start of a gateway must not.
      const subscribed = client.subscribe(channel, onPayload).catch(() => {})
      if (client.isReady) await within(START_TIMEOUT_MS, subscribed, undefined)
      return async () => {
        reconnectListeners.delete(onReconnect)
        if (client.isReady) await client.unsubscribe(channel, onPayload).catch(() => {})
      }
    },
    async close() {
      reconnectListeners.clear()
      client.destroy()
    },
  }
}

/** Jitter: the gateways of one outlet must not reconnect at the same moment. */
function reconnectDelayMs(retries: number): number {
  return (
    Math.min(MIN_RECONNECT_DELAY_MS * 2 ** Math.min(retries, 10), MAX_RECONNECT_DELAY_MS) *
    (0.5 + Math.random() / 2)
  )
}

function refusal(error: ErrorReply): SetupError {
  return new SetupError(
    `REDIS_URL: Redis rejects the connection: ${error.message.split('\n', 1)[0]}. Correct the user and password.`,
    {
      cause: error,
    },
  )
}
