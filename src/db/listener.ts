import pg from 'pg'
import { runEvery } from '../base/clock.ts'
import { Lazy } from '../base/coalesce.ts'
import { assertChannel, type Driver, type Log, type OnPayload } from './database.ts'

/** The shortest and longest delay between attempts to reconnect, in ms. */
const MIN_RECONNECT_DELAY_MS = 100
const MAX_RECONNECT_DELAY_MS = 10_000

/** The interval of checks that the connection is alive, and how long one may take, in ms. */
const HEARTBEAT_INTERVAL_MS = 30_000
const HEARTBEAT_TIMEOUT_MS = 10_000

/** The listening connection. */
interface Session {
  client: pg.Client
  /** Runs a statement after the earlier ones: pg supports one at a time. */
  run(sql: string): Promise<void>
}

interface Subscriber {
  onPayload: OnPayload
  onReconnect?: () => void
}

/**
 * Listens on any number of channels over one connection, which the first `listen` opens. When it is lost, it
 * reconnects, listens on all channels again, and notifies every subscriber that notifications may have been
 * missed.
 */
export function createListener(config: pg.ClientConfig, log: Log) {
  const channels = new Map<string, Set<Subscriber>>()
  const connection = new Lazy(connect)
  let pause: NodeJS.Timeout | undefined
  let closed = false

  const listen: Driver['listen'] = async (channel, onPayload, onReconnect) => {
    assertChannel(channel)
    const subscriber: Subscriber = { onPayload, onReconnect }
    const subscribers = channels.get(channel) ?? new Set()
    channels.set(channel, subscribers.add(subscriber))
    try {
      await (await connection.get()).run(`LISTEN ${channel}`)
    } catch (error) {
      // While a lost connection is being replaced, the new one will listen on this channel too.
      if (!pause) {
        removeSubscriber(channel, subscriber)
        throw error
      }
    }
    return async () => {
      if (!removeSubscriber(channel, subscriber) || channels.has(channel)) return
      await connection.opened?.then((session) => session.run(`UNLISTEN ${channel}`)).catch(() => {})
    }
  }

  const close = async () => {
    closed = true
    clearTimeout(pause)
    const session = await connection.opened?.catch(() => undefined)
    await session?.client.end()
  }

  function removeSubscriber(channel: string, subscriber: Subscriber): boolean {
    const subscribers = channels.get(channel)
    const known = subscribers?.delete(subscriber) ?? false
    if (subscribers?.size === 0) channels.delete(channel)
    return known
  }

  async function connect(): Promise<Session> {
    const client = new pg.Client({ ...config, query_timeout: HEARTBEAT_TIMEOUT_MS })
    const run = runInOrder(client)
    let stopBeat: (() => Promise<void>) | undefined
    let isLost = false
    const onLost = (error?: Error) => {
      if (isLost) return
      isLost = true
      void stopBeat?.()
      client.end().catch(() => {})
      if (!stopBeat || closed) return
      log.warn({ err: error }, 'the connection for notifications was lost; reconnecting')
      connection.reset()
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
    stopBeat = runEvery(
      HEARTBEAT_INTERVAL_MS,
      () => run('SELECT'),
      (error) => onLost(error as Error),
    )
    return { client, run }
  }

  function reconnect(upTo: number): void {
    // Jitter: the gateways of one outlet must not reconnect at the same moment.
    pause = setTimeout(
      async () => {
        try {
          await connection.get()
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
