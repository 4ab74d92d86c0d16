import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { runEvery } from '../base/clock.ts'

// Responses stay in memory until the client reads them. So each connection is served one request at a time,
// which limits queued data to one response, and unread responses are dropped.

/** How long a response may be queued without any byte being read, in ms. */
export const UNREAD_TIMEOUT_MS = 30_000

/** How long a complete response may take to be read, however slowly, in ms. */
export const READ_TIMEOUT_MS = 300_000

/** How often unread responses are looked for, in ms. */
const SWEEP_INTERVAL_MS = 10_000

/** Pipelined requests that may wait; one more closes the connection. */
export const MAX_WAITING_REQUESTS = 100

/** The requests of one connection: the response in progress, and the requests that wait. */
interface ConnectionQueue {
  socket: Socket
  response: ServerResponse
  readonly waiting: (() => void)[]
  /** When the response was first found complete and unread, on the process's clock in ms; 0 before. */
  unreadSince: number
}

const queues = new WeakMap<Socket, ConnectionQueue>()

/** The queues by their response in progress. */
const inProgress = new Map<ServerResponse, ConnectionQueue>()

/** Serves a request when all earlier ones on the same connection (pipelining) were answered and sent. */
export function answerInOrder(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  const { socket } = request
  const queue = queues.get(socket)
  if (!queue) {
    begin({ socket, response, waiting: [], unreadSince: 0 }, response, answer)
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
  queue.unreadSince = 0
  queues.set(queue.socket, queue)
  inProgress.set(response, queue)
  // One function for all responses: it is registered for each.
  response.on('close', onClose)
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

/** Destroys responses that are complete and were not read within `READ_TIMEOUT_MS`. */
function destroySlowlyRead(): void {
  const now = performance.now()
  for (const [response, queue] of inProgress) {
    if (!response.writableEnded) continue
    queue.unreadSince ||= now
    if (now - queue.unreadSince > READ_TIMEOUT_MS) response.destroy()
  }
}

/** Closes connections whose client has stopped reading; connections that wait for the gateway are kept. */
export function destroyUnread(server: Server, timeoutMs = UNREAD_TIMEOUT_MS): void {
  // Not by `server.timeout`: that gives each connection a timer, and Node restarts the timer of a websocket at
  // each write, although `ws` has cleared it.
  server.prependListener('request', ({ socket }: IncomingMessage) => socket.setTimeout(timeoutMs))
  const stopSweeping = runEvery(SWEEP_INTERVAL_MS, destroySlowlyRead)
  server.on('close', () => void stopSweeping())
  // Node emits this after a timeout in which no data was received or sent.
  server.on('timeout', (socket: Socket) => {
    const answering = queues.get(socket)?.response
    if (!answering || socket.writableLength > 0 || answering.writableLength > 0) socket.destroy()
  })
}
