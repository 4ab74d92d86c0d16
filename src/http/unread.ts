import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

// Responses stay in memory until the client reads them. So each connection is served one request at a time,
// which limits queued data to one response, and unread responses are dropped.

/** How long a response may be queued without any byte being read, in ms. */
export const UNREAD_TIMEOUT_MS = 30_000

/** How long a complete response may take to be read, however slowly, in ms. */
export const READ_TIMEOUT_MS = 300_000

/** Pipelined requests that may wait; one more closes the connection. */
export const MAX_WAITING_REQUESTS = 100

/** The requests of one connection: the response in progress, and the requests that wait. */
interface ConnectionQueue {
  socket: Socket
  response: ServerResponse
  readonly waiting: (() => void)[]
}

/** Marks a connection and the response in progress with their queue. Two maps would cost more than a property. */
const QUEUE = Symbol('queue')

interface Queued {
  [QUEUE]?: ConnectionQueue | undefined
}

/** Serves a request when all earlier ones on the same connection (pipelining) were answered and sent. */
export function answerInOrder(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  const { socket } = request
  const queue = (socket as Queued)[QUEUE]
  if (!queue) {
    begin({ socket, response, waiting: [] }, response, answer)
  } else if (queue.waiting.length >= MAX_WAITING_REQUESTS) {
    socket.destroy()
  } else {
    queue.waiting.push(() => begin(queue, response, answer))
  }
}

function begin(queue: ConnectionQueue, response: ServerResponse, answer: () => void): void {
  answer()
  // A kept response is sent at once, so that the next request need not wait.
  if (isSent(response, queue.socket)) {
    next(queue)
    return
  }
  queue.response = response
  ;(queue.socket as Queued)[QUEUE] = queue
  ;(response as Queued)[QUEUE] = queue
  // The same functions for all responses: they are registered for each.
  response.on('close', onClose)
  if (response.writableEnded) limitReading(response, queue.socket)
  else response.on('prefinish', onPrefinish)
}

function onClose(this: ServerResponse): void {
  const queue = (this as Queued)[QUEUE]
  ;(this as Queued)[QUEUE] = undefined
  if (queue) next(queue)
}

function onPrefinish(this: ServerResponse): void {
  const queue = (this as Queued)[QUEUE]
  if (queue) limitReading(this, queue.socket)
}

/** Whether the operating system has all of a response. Node holds back one that is not the first of its connection. */
function isSent(response: ServerResponse, socket: Socket): boolean {
  return response.writableEnded && response.socket === socket && socket.writableLength === 0
}

function next(queue: ConnectionQueue): void {
  const answer = queue.waiting.shift()
  if (answer && !queue.socket.destroyed) answer()
  else (queue.socket as Queued)[QUEUE] = undefined
}

/** Limits how long a complete response may take to be read. Most are sent at once. */
function limitReading(response: ServerResponse, socket: Socket): void {
  if (isSent(response, socket)) return
  const timer = setTimeout(() => response.destroy(), READ_TIMEOUT_MS)
  timer.unref()
  response.once('close', () => clearTimeout(timer))
}

/** Closes connections whose client has stopped reading; connections that wait for the gateway are kept. */
export function destroyUnread(server: Server, timeoutMs = UNREAD_TIMEOUT_MS): void {
  // Not by `server.timeout`: that gives each connection a timer, and Node restarts the timer of a websocket at
  // each write, although `ws` has cleared it.
  server.prependListener('request', ({ socket }: IncomingMessage) => socket.setTimeout(timeoutMs))
  // Node emits this after a timeout in which no data was received or sent.
  server.on('timeout', (socket: Socket) => {
    const answering = (socket as Queued)[QUEUE]?.response
    if (!answering || socket.writableLength > 0 || answering.writableLength > 0) socket.destroy()
  })
}
