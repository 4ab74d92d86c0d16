import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

// Answers wait in memory until their client reads them. So each connection is answered one request at a time,
// which bounds what waits in it by one answer, and an answer that nobody reads is given up.

/** How long an answer may wait without any of its bytes being read, in ms. */
export const UNREAD_TIMEOUT_MS = 30_000

/** How long an answer may be read from its end on, however slowly, in ms. */
export const READ_TIMEOUT_MS = 300_000

/** Requests that may wait behind the one that is being answered; one more ends the connection. */
export const MAX_WAITING_REQUESTS = 100

/** The requests of one connection: the one that is being answered, and those behind it. */
interface ConnectionQueue {
  response: ServerResponse
  readonly waiting: (() => void)[]
}

const queues = new WeakMap<Socket, ConnectionQueue>()

/** Answers a request when those that came before it on the same connection (pipelining) are answered and sent. */
export function answerInOrder(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  const { socket } = request
  const queue = queues.get(socket)
  if (queue) {
    if (queue.waiting.length >= MAX_WAITING_REQUESTS) return void socket.destroy()
    queue.waiting.push(() => begin(socket, queue, response, answer))
    return
  }
  const first: ConnectionQueue = { response, waiting: [] }
  queues.set(socket, first)
  begin(socket, first, response, answer)
}

function begin(socket: Socket, queue: ConnectionQueue, response: ServerResponse, answer: () => void): void {
  queue.response = response
  response.once('close', () => next(socket, queue))
  limitReading(response)
  answer()
}

function next(socket: Socket, queue: ConnectionQueue): void {
  const answer = queue.waiting.shift()
  if (answer && !socket.destroyed) answer()
  else queues.delete(socket)
}

function limitReading(response: ServerResponse): void {
  // The answer is complete. Most are with the system a moment later.
  response.once('prefinish', () => {
    const timer = setTimeout(() => response.destroy(), READ_TIMEOUT_MS)
    timer.unref()
    response.once('close', () => clearTimeout(timer))
  })
}

/** Cuts off connections whose client stopped reading, and keeps those that wait for the gateway. */
export function destroyUnread(server: Server, timeoutMs = UNREAD_TIMEOUT_MS): void {
  server.timeout = timeoutMs
  // Node calls this when a connection was silent for so long: nothing came, and none of what waits was read.
  server.on('timeout', (socket: Socket) => {
    const answering = queues.get(socket)?.response
    if (!answering || socket.writableLength > 0 || answering.writableLength > 0) socket.destroy()
  })
}
