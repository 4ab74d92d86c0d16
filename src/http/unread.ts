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
interface Line {
  response: ServerResponse
  readonly waiting: (() => void)[]
}

const lines = new WeakMap<Socket, Line>()

/** Answers a request when those that came before it on the same connection (pipelining) are answered and sent. */
export function inTurn(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  const { socket } = request
  const line = lines.get(socket)
  if (line) {
    if (line.waiting.length >= MAX_WAITING_REQUESTS) return void socket.destroy()
    line.waiting.push(() => begin(socket, line, response, answer))
    return
  }
  const first: Line = { response, waiting: [] }
  lines.set(socket, first)
  begin(socket, first, response, answer)
}

function begin(socket: Socket, line: Line, response: ServerResponse, answer: () => void): void {
  line.response = response
  response.once('close', () => next(socket, line))
  limitReading(response)
  answer()
}

function next(socket: Socket, line: Line): void {
  const answer = line.waiting.shift()
  if (answer && !socket.destroyed) answer()
  else lines.delete(socket)
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
export function giveUpUnread(server: Server, timeoutMs = UNREAD_TIMEOUT_MS): void {
  server.timeout = timeoutMs
  // Node calls this when a connection was silent for so long: nothing came, and none of what waits was read.
  server.on('timeout', (socket: Socket) => {
    const answering = lines.get(socket)?.response
    if (!answering || socket.writableLength > 0 || answering.writableLength > 0) socket.destroy()
  })
}
