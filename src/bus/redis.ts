import { setTimeout as after } from 'node:timers/promises'
import { createClient, ErrorReply } from 'redis'
import { SetupError } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Log } from '../db/database.ts'
import type { Bus, Message } from './bus.ts'

/** ms before the first attempt to reconnect, and the most there are between two. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000

/** A connection on which nothing came for so long, pings included, is taken for lost, in ms. */
const PING_EVERY = 5_000
const SILENCE = 12_000

/** How long a start waits for Redis, in ms. Then it goes on without, and listens once Redis is there. */
const PATIENCE = 2_000

/** Messages on their way at most, and kept at most; hints beyond them are found by those who look by themselves. */
const MOST_WAITING = 10_000

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
    commandsQueueMaxLength: MOST_WAITING,
    pingInterval: PING_EVERY,
    socket: { connectTimeout: 5_000, socketTimeout: SILENCE, reconnectStrategy: pauseBefore },
  })
  const returned = new Set<() => void>()
  const unsent: Message[] = []
  const start = Promise.withResolvers<void>()
  let state: 'new' | 'away' | 'here' = 'new'
  const keep = (message: Message) => {
    unsent.push(message)
    if (unsent.length > MOST_WAITING) unsent.shift()
  }
  const publish = (message: Message) => {
    if (!client.isReady) return keep(message)
    client.publish(message.channel, message.payload).catch((error: unknown) => {
      if (client.isReady) log.warn({ err: error }, 'A hint could not be published.')
      else keep(message)
    })
  }
  client.on('ready', () => {
    start.resolve()
    const wasAway = state === 'away'
    state = 'here'
    for (const message of unsent.splice(0)) publish(message)
    // The client has subscribed to every channel again by now.
    if (wasAway) for (const onReconnect of [...returned]) onReconnect()
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
    await within(PATIENCE, start.promise)
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
      returned.add(onReconnect)
      // Subscribing waits for Redis, however long; the start of a gateway does not.
      const subscribed = client.subscribe(channel, onPayload).catch(() => {})
      if (client.isReady) await within(PATIENCE, subscribed)
      return async () => {
        returned.delete(onReconnect)
        if (client.isReady) await client.unsubscribe(channel, onPayload).catch(() => {})
      }
    },
    async close() {
      returned.clear()
      client.destroy()
    },
  }
}

/** Jitter: the gateways of one outlet must not all come back in the same instant. */
function pauseBefore(retries: number): number {
  return Math.min(FIRST_PAUSE * 2 ** Math.min(retries, 10), LONGEST_PAUSE) * (0.5 + Math.random() / 2)
}

function within(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, after(ms, undefined, { ref: false })])
}

function refusal(error: ErrorReply): SetupError {
  return new SetupError(`REDIS_URL names a Redis that refuses us: ${error.message.split('\n', 1)[0]}`, {
    cause: error,
  })
}
