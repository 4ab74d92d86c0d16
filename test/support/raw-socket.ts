import { once } from 'node:events'
import WebSocket from 'ws'
import type { Json } from './json.ts'

/** A websocket that sends what a test tells it to, well formed or not. */
export interface RawSocket extends AsyncDisposable {
  readonly socket: WebSocket
  /** Sends an object as JSON, text and bytes as they are. */
  send(message: object | string | Buffer): void
  /** The next message; waits for it. Fails when the socket closes first. */
  next(): Promise<Json>
  /** How the socket closed; settles when it did. */
  readonly closed: Promise<{ code: number; reason: string }>
}

interface Options {
  /** Subprotocols to offer. */
  protocols?: string[]
  origin?: string
  /** Whether to send connection_init and wait for its acknowledgement; so it is unless told otherwise. */
  init?: boolean
  token?: string
  /** The address of the client behind a proxy. */
  address?: string
}

/** Opens a socket; fails when the handshake is refused. */
export async function rawSocket(wsUrl: string, options: Options = {}): Promise<RawSocket> {
  const { protocols = ['graphql-transport-ws'], origin, init = true, token, address } = options
  const headers = address === undefined ? {} : { 'x-forwarded-for': address }
  const socket = new WebSocket(wsUrl, protocols, { origin, headers })
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }))
  const queue: unknown[] = []
  let arrived = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    queue.push(JSON.parse(String(data)))
    arrived.resolve()
    arrived = Promise.withResolvers()
  })
  await once(socket, 'open')
  socket.on('error', () => {})
  const send: RawSocket['send'] = (message) =>
    socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  const next = async () => {
    while (queue.length === 0) {
      const end = await Promise.race([arrived.promise, closed])
      if (end && queue.length === 0) throw new Error(`the socket closed: ${end.code} ${end.reason}`)
    }
    return queue.shift()
  }
  if (init) {
    send({ type: 'connection_init', payload: token ? { authorization: `Bearer ${token}` } : undefined })
    await next()
  }
  return {
    socket,
    send,
    next,
    closed,
    async [Symbol.asyncDispose]() {
      socket.terminate()
      await closed
    },
  }
}

/** The message that starts an operation. */
export function operation(id: string, query: string, variables: object = {}) {
  return { id, type: 'subscribe', payload: { query, variables } }
}
