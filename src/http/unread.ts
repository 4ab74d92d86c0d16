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

const queues = new WeakMap<Socket, ConnectionQueue>()

/** The queues by their response in progress. */
const inProgress = new Map<ServerResponse, ConnectionQueue>()

/** Serves a request when all earlier ones on the same connection (pipelining) were answered and sent. */
export function answerInOrder(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  const { socket } = request
  const queue = queues.get(socket)
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
  queues.set(queue.socket, queue)
  inProgress.set(response, queue)
  // One function for all responses: it is registered for each.
  response.on('close', onClose)
  limitReading(response, queue.socket)
}

function onClose(this: ServerResponse): void {
  const queue = inProgress.get(this)
  inProgress.delete(this)
  if (queue) next(queue)
}

/** Whether the operating system has all of a response. Node holds back one that is not the first of its connection. */
function isSent(response: ServerResponse, socket: Socket): boolean {
  return response.writableEnded && response.socket === socket && socket.writableLength === 0
}

function next(queue: ConnectionQueue): void {
  const answer = queue.waiting.shift()
  if (answer && !queue.socket.destroyed) answer()
  else queues.delete(queue.socket)
}

/** Limits how long a complete response may take to be read. Most are sent at once. */
function limitReading(response: ServerResponse, socket: Socket): void {
  const limit = () => {
    if (isSent(response, socket)) return
    const timer = setTimeout(() => response.destroy(), READ_TIMEOUT_MS)
    timer.unref()
    response.once('close', () => clearTimeout(timer))
  }
  if (response.writableEnded) limit()
  else response.once('prefinish', limit)
}

/** Closes connections whose client has stopped reading; connections that wait for the gateway are kept. */
export function destroyUnread(server: Server, timeoutMs = UNREAD_TIMEOUT_MS): void {
  // Not by `server.timeout`: that gives each connection a timer, and Node restarts the timer of a websocket at
  // each write, although `ws` has cleared it.
  server.prependListener('request', ({ socket }: IncomingMessage) => socket.setTimeout(timeoutMs))
  // Node emits this after a timeout in which no data was received or sent.
  server.on('timeout', (socket: Socket) => {
    const answering = queues.get(socket)?.response
    if (!answering || socket.writableLength > 0 || answering.writableLength > 0) socket.destroy()
  })
}
