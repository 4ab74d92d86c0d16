import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { CloseCode, handleProtocols, MessageType } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import { anonymous } from '../auth/viewer.ts'
import { type Config, isAllowedOrigin } from '../config/config.ts'
import type { ErrorLog } from './errors.ts'
import { isFromGraphiQL } from './graphiql-origin.ts'
import { namesDocument } from './graphql/document-id.ts'
import { OperationBudget } from './graphql/operation-budget.ts'
import { Heartbeat } from './heartbeat.ts'
import { InFlightRequests } from './in-flight-requests.ts'
import { MAX_UNREAD_BYTES } from './limits.ts'
import { pathOf } from './router.ts'
import { SocketOperations } from './socket-operations.ts'
import { CLOSE, statusLine } from './status.ts'
import { type Connection, closeReason, closeSlow, GOING_AWAY } from './websocket-connection.ts'
import { makeProtocol, type SocketDeps } from './websocket-protocol.ts'

/**
 * Serves the GraphQL-over-WebSocket protocol (graphql-transport-ws) on `/graphql`, with the same validation
 * and limits as over HTTP. graphql-ws implements the protocol; this module is the socket around it.
 */
export function serveWebSockets(server: Server, deps: SocketDeps) {
  const { limits, config, log, connectionLimiter } = deps
  const inFlight = new InFlightRequests()
  const protocol = makeProtocol(deps, inFlight)
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: limits.maxMessageBytes,
    maxFragments: limits.maxFragments,
    maxBufferedChunks: limits.maxFragments * 4,
    perMessageDeflate: false,
  })
  const connections = new Set<Connection>()
  const heartbeat = new Heartbeat(limits.pingIntervalMs)
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const refusal = inFlight.isFinishing
      ? statusLine(503)
      : (refusalOf(request, config) ?? connectionLimiter.refusalStatus(request))
    if (refusal) {
      // A half-open connection would stay forever: Node's limits do not apply after an upgrade.
      stream.once('finish', () => stream.destroy())
      return void stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`)
    }
    const leave = connectionLimiter.acquire(request)
    stream.once('close', leave)
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const { closeTimeoutMs } = limits
      const connection: Connection = {
        socket,
        stream,
        viewer: anonymous,
        operations: new SocketOperations(),
        budget: new OperationBudget(limits),
        address: connectionLimiter.limitedNetworkOf(request),
        network: connectionLimiter.networkOf(request),
        isFromGraphiQL: isFromGraphiQL(config, request.headers.origin, request.headers.host),
        closeTimeoutMs,
      }
      connections.add(connection)
      const forget = heartbeat.watch(socket)
      socket.once('close', () => {
        connections.delete(connection)
        connection.operations.cancelAll()
        forget()
      })
      open(connection, protocol, log)
    })
  })
  return {
    /** The number of open sockets, and the bytes queued in them. */
    load() {
      let queued = 0
      for (const { stream } of connections) queued += stream.writableLength
      return { sockets: connections.size, queued }
    },
    /**
     * Waits for responses, then asks every client to reconnect, spread over time so that they do not return
     * all at once, and terminates the remaining sockets.
     */
    async close(graceMs: number): Promise<void> {
      // A socket opened during the shutdown would never be closed, so handshakes are refused from here on.
      sockets.close()
      await inFlight.finish(graceMs / 2)
      const gone = [...connections].map(
        ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
      )
      const cut = setTimeout(() => {
        for (const { socket } of connections) socket.terminate()
      }, graceMs / 2)
      const pause = Math.min(graceMs / 4, CLOSE_SPREAD_MS * connections.size)
      for (const { socket } of connections) {
        setTimeout(() => socket.close(CLOSE.GOING_AWAY, GOING_AWAY), Math.random() * pause)
      }
      await Promise.all(gone)
      clearTimeout(cut)
      heartbeat.stop()
    },
  }
}

/** Time per socket when all are closed for a shutdown, in ms. */
const CLOSE_SPREAD_MS = 0.5

function refusalOf(request: IncomingMessage, config: Config): string | null {
  if (pathOf(request) !== '/graphql') return statusLine(404)
  const { origin } = request.headers
  return origin === undefined || isAllowedOrigin(config, origin) ? null : statusLine(403)
}

/** Whether a message is well formed but of a type that only servers send: graphql-ws throws on those. */
function isServerMessage(text: string): boolean {
  try {
    return SERVER_MESSAGES.has((JSON.parse(text) as { type?: unknown }).type)
  } catch {
    return false
  }
}

/**
 * A message in the form that graphql-ws accepts. It would close the socket of a client that sends the id of a document
 * without a query: that operation is given an empty query.
 */
function acceptedMessage(text: string): string {
  if (!NAMES_DOCUMENT.test(text)) return text
  try {
    const message = JSON.parse(text)
    const { type, payload } = message
    if (type !== MessageType.Subscribe || payload.query != null || !namesDocument(payload)) return text
    return JSON.stringify({ ...message, payload: { ...payload, query: '' } })
  } catch {
    return text
  }
}

const NAMES_DOCUMENT = /"(?:persistedQuery|documentId|doc_id)"/

const SERVER_MESSAGES: ReadonlySet<unknown> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
])

/** Connects one socket to the protocol. Errors must not affect other sockets. */
function open(connection: Connection, protocol: ReturnType<typeof makeProtocol>, log: ErrorLog): void {
  const { socket } = connection
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send(data) {
        if (socket.readyState !== socket.OPEN) return
        // Not awaited: graphql-ws frees an id after its last message was sent, and while that waits for a slow
        // reader, another operation may already use the id.
        socket.send(data)
        if (socket.bufferedAmount > MAX_UNREAD_BYTES) closeSlow(connection)
      },
      close: (code, reason) => socket.close(code, closeReason(reason)),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          if (socket.readyState !== socket.OPEN) return
          handle(acceptedMessage(String(data))).catch((error: unknown) => {
            if (isServerMessage(String(data))) {
              return socket.close(CloseCode.BadRequest, 'Only servers may send messages of this type')
            }
            log.error({ err: error }, 'a websocket message could not be handled')
            socket.close(CloseCode.InternalServerError, 'Internal server error')
          })
        }),
    },
    connection,
  )
  // After an invalid frame, ws closes the socket with the right code by itself.
  socket.on('error', () => {})
  socket.once('close', (code, reason) => {
    closed(code, String(reason)).catch((error: unknown) =>
      log.error({ err: error }, 'a websocket could not be closed cleanly'),
    )
  })
}
