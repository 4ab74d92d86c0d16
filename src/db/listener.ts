import pg from 'pg'
import { assertChannel, type Driver, type Log, type OnPayload } from './database.ts'

/** ms before the first attempt to reconnect, and the most there are between two. */
const MIN_RECONNECT_DELAY_MS = 100
const MAX_RECONNECT_DELAY_MS = 10_000

/** ms between two checks that a silent connection is still there, and how long one may take. */
const HEARTBEAT_INTERVAL_MS = 30_000
const HEARTBEAT_TIMEOUT_MS = 10_000

/** The connection that listens. */
interface Session {
  client: pg.Client
  /** Runs a statement when those before it are done: pg wants no more than one at a time. */
  run(sql: string): Promise<void>
}

interface Subscriber {
  onPayload: OnPayload
  onReconnect?: () => void
}

/**
 * Listens on any number of channels over one connection of its own, opened by the first `listen`. When
 * that connection is lost it tries again until it has a new one, listens on all channels as before and
 * then tells every subscriber that notifications may have been missed.
 */
export function createListener(config: pg.ClientConfig, log: Log) {
  const channels = new Map<string, Set<Subscriber>>()
  let connection: Promise<Session> | undefined
  let pause: NodeJS.Timeout | undefined
  let closed = false

  const listen: Driver['listen'] = async (channel, onPayload, onReconnect) => {
    assertChannel(channel)
    const subscriber: Subscriber = { onPayload, onReconnect }
    const subscribers = channels.get(channel) ?? new Set()
    channels.set(channel, subscribers.add(subscriber))
    try {
      await (await connected()).run(`LISTEN ${channel}`)
    } catch (error) {
      // While a lost connection is being replaced, the new one will listen on this channel too.
      if (!pause) {
        removeSubscriber(channel, subscriber)
        throw error
      }
    }
    return async () => {
      if (!removeSubscriber(channel, subscriber) || channels.has(channel)) return
      await connection?.then((session) => session.run(`UNLISTEN ${channel}`)).catch(() => {})
    }
  }

  const close = async () => {
    closed = true
    clearTimeout(pause)
    const session = await connection?.catch(() => undefined)
    await session?.client.end()
  }

  function removeSubscriber(channel: string, subscriber: Subscriber): boolean {
    const subscribers = channels.get(channel)
    const known = subscribers?.delete(subscriber) ?? false
    if (subscribers?.size === 0) channels.delete(channel)
    return known
  }

  function connected(): Promise<Session> {
    connection ??= connect().catch((error) => {
      connection = undefined
      throw error
    })
    return connection
  }

  async function connect(): Promise<Session> {
    const client = new pg.Client({ ...config, query_timeout: HEARTBEAT_TIMEOUT_MS })
    const run = runInOrder(client)
    let beat: NodeJS.Timeout | undefined
    let isLost = false
    const onLost = (error?: Error) => {
      if (isLost) return
      isLost = true
      clearInterval(beat)
      client.end().catch(() => {})
      if (!beat || closed) return
      log.warn({ err: error }, 'The connection for live notifications was lost; opening another.')
      connection = undefined
      reconnect(MIN_RECONNECT_DELAY_MS)
    }
    client.on('error', onLost)
    client.on('end', () => onLost())
    client.on('notification', ({ channel, payload = '' }) => {
      for (const { onPayload } of [...(channels.get(channel) ?? [])]) onPayload(payload)
    })
    try {
      await client.connect()
      for (const channel of channels.keys()) await run(`LISTEN ${channel}`)
    } catch (error) {
      onLost()
      throw error
    }
    beat = setInterval(() => run('SELECT').catch(onLost), HEARTBEAT_INTERVAL_MS).unref()
    return { client, run }
  }

  function reconnect(upTo: number): void {
    // Jitter: the gateways of one outlet must not all come back in the same instant.
    pause = setTimeout(
      async () => {
        try {
          await connected()
          pause = undefined
          for (const subscribers of [...channels.values()]) {
            for (const { onReconnect } of [...subscribers]) onReconnect?.()
          }
        } catch {
          if (!closed) reconnect(Math.min(upTo * 2, MAX_RECONNECT_DELAY_MS))
        }
      },
      upTo * (0.5 + Math.random() / 2),
    )
  }

  return { listen, close }
}

function runInOrder(client: pg.Client): Session['run'] {
  let last: Promise<unknown> = Promise.resolve()
  return async (sql) => {
    const result = last.then(() => client.query(sql))
    last = result.catch(() => {})
    await result
  }
}
