import { setTimeout as after } from 'node:timers/promises'
import { createClient, ErrorReply } from 'redis'
import { SetupError } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Log } from '../db/database.ts'
import type { Bus, Message } from './bus.ts'

/** ms before the first attempt to reconnect, and the most there are between two. */
const MIN_RECONNECT_DELAY_MS = 100
const MAX_RECONNECT_DELAY_MS = 2_000

/** A connection on which nothing came for so long, pings included, is taken for lost, in ms. */
const PING_INTERVAL_MS = 5_000
const SOCKET_TIMEOUT_MS = 12_000

/** How long a start waits for Redis, in ms. Then it goes on without, and listens once Redis is there. */
const START_TIMEOUT_MS = 2_000

/** Messages on their way at most, and kept at most; hints beyond them are found by those who look by themselves. */
const MAX_QUEUED_MESSAGES = 10_000

/**
 * Redis publish and subscribe, for outlets behind a proxy that pools transactions, or with very many
 * gateways. A message is published after the commit; while Redis is away it is kept, and sent when Redis is
 * back: the other gateways may have been back for some time, and looked already.
 *
 * @param url `redis://…`, or `rediss://…` over TLS; Redis 6 or newer
 * @throws SetupError when Redis is there and does not let us in
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
  let state: 'new' | 'away' | 'here' = 'new'
  const enqueue = (message: Message) => {
    unsent.push(message)
    if (unsent.length > MAX_QUEUED_MESSAGES) unsent.shift()
  }
  const publish = (message: Message) => {
    if (!client.isReady) return enqueue(message)
    client.publish(message.channel, message.payload).catch((error: unknown) => {
      if (client.isReady) log.warn({ err: error }, 'A hint could not be published.')
      else enqueue(message)
    })
  }
  client.on('ready', () => {
    start.resolve()
    const wasAway = state === 'away'
    state = 'here'
    for (const message of unsent.splice(0)) publish(message)
    // The client has subscribed to every channel again by now.
    if (wasAway) for (const onReconnect of [...reconnectListeners]) onReconnect()
  })
  client.on('error', (error: Error) => {
    if (state === 'new' && error instanceof ErrorReply) start.reject(refusal(error))
    if (state === 'away') return
    state = 'away'
    log.warn({ err: error }, 'Redis is away; until it is back, feeds are read at intervals.')
  })
  // It settles when the client is closed, and not before, however long Redis is away.
  client.connect().catch(() => {})
  try {
    await waitAtMost(START_TIMEOUT_MS, start.promise)
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
      // Subscribing waits for Redis, however long; the start of a gateway does not.
      const subscribed = client.subscribe(channel, onPayload).catch(() => {})
      if (client.isReady) await waitAtMost(START_TIMEOUT_MS, subscribed)
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

/** Jitter: the gateways of one outlet must not all come back in the same instant. */
function reconnectDelayMs(retries: number): number {
  return (
    Math.min(MIN_RECONNECT_DELAY_MS * 2 ** Math.min(retries, 10), MAX_RECONNECT_DELAY_MS) *
    (0.5 + Math.random() / 2)
  )
}

function waitAtMost(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, after(ms, undefined, { ref: false })])
}

function refusal(error: ErrorReply): SetupError {
  return new SetupError(`REDIS_URL names a Redis that refuses us: ${error.message.split('\n', 1)[0]}`, {
    cause: error,
  })
}
