import { once } from 'node:events'
import WebSocket from 'ws'
import type { TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'

/** What one subscription was sent, as text, exactly as it came. */
export class Subscriber {
  readonly payloads: string[] = []
  #arrived = Promise.withResolvers<void>()

  take(payload: string): void {
    this.payloads.push(payload)
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers()
  }

  /** Waits until it has so many, and gives them. */
  async until(count: number): Promise<string[]> {
    while (this.payloads.length < count) await this.#arrived.promise
    return this.payloads
  }

  async next(): Promise<Json> {
    const [payload] = await this.until(1)
    return JSON.parse(payload as string)
  }
}

export interface Wish {
  query: string
  operationName?: string
  variables?: object
}

/** A websocket with many subscriptions on it, whose messages are kept as they come. */
export async function subscribeMany(
  app: TestApp,
  wishes: Wish[],
  { token, idOf = String }: { token?: string; idOf?: (index: number) => string } = {},
): Promise<Subscriber[]> {
  const socket = new WebSocket(app.wsUrl, 'graphql-transport-ws')
  const subscribers = new Map(wishes.map((_, index) => [idOf(index), new Subscriber()]))
  await once(socket, 'open')
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: token && { authorization: `Bearer ${token}` } }),
  )
  await once(socket, 'message')
  socket.on('message', (data) => {
    const text = String(data)
    const { id, type, payload } = JSON.parse(text)
    if (type === 'complete') return
    const from = text.indexOf('"payload":') + '"payload":'.length
    subscribers.get(id)?.take(type === 'next' ? text.slice(from, -1) : JSON.stringify({ errors: payload }))
  })
  for (const [index, payload] of wishes.entries()) {
    socket.send(JSON.stringify({ id: idOf(index), type: 'subscribe', payload }))
  }
  return [...subscribers.values()]
}

/** Waits until the gateway has so many subscriptions. */
export async function subscribed(app: TestApp, count: number): Promise<void> {
  while (app.services.commentFeeds.size.subscriptions < count) await new Promise(setImmediate)
}

/** A number at /metrics. */
export async function metric(app: TestApp, name: string): Promise<number> {
  const text = await (await fetch(app.url.replace('/graphql', '/metrics'))).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}
