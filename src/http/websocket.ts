import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as after } from 'node:timers/promises'
import { type ExecutionArgs, GraphQLError } from 'graphql'
import {
  CloseCode,
  type Context as ConnectionContext,
  handleProtocols,
  makeServer,
  type SubscribePayload,
} from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Verify } from '../auth/verify.ts'
import { anonymous, type Viewer } from '../auth/viewer.ts'
import { type Config, isAllowedOrigin } from '../config.ts'
import { DomainError } from '../errors.ts'
import { type ErrorLog, errorMask } from './errors.ts'
import type { Gate } from './gate.ts'

/** What one socket may take. Times in ms, sizes in bytes. */
export const socketLimits = {
  maxPayload: 64 * 1024,
  maxFragments: 64,
  maxBufferedChunks: 1024,
  subscriptions: 50,
  /** What may wait for a client that does not read; beyond it the socket closes with 1013. */
  maxUnread: 8 * 1024 * 1024,
  initWait: 5_000,
  pingEvery: 15_000,
} as const

interface Connection {
  socket: WebSocket
  viewer: Viewer
  expiry?: NodeJS.Timeout
}

interface Running {
  execute: (args: ExecutionArgs) => unknown
  subscribe: (args: ExecutionArgs) => unknown
}

/**
 * Serves the GraphQL-over-WebSocket protocol (graphql-transport-ws) on `/graphql` through the same gate as
 * HTTP. graphql-ws is in charge of the protocol; this is the socket around it.
 */
export function serveWebSockets(server: Server, gate: Gate, verify: Verify, config: Config, log: ErrorLog) {
  const work = new Workload()
  const protocol = makeProtocol(gate, verify, work, log)
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: socketLimits.maxPayload,
    maxFragments: socketLimits.maxFragments,
    maxBufferedChunks: socketLimits.maxBufferedChunks,
    perMessageDeflate: false,
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const refusal = refusalOf(request, config)
    if (refusal) return void stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, stream, head, (socket) => open(socket, protocol, log))
  })
  return {
    /** How many sockets are open. */
    get size() {
      return sockets.clients.size
    },
    /** Answers what was asked, tells every client to connect again, and cuts off who is not gone in time. */
    async close(graceMs: number): Promise<void> {
      // From here on handshakes are refused: a socket that opened now would never be closed.
      sockets.close()
      await work.finish(graceMs)
      for (const socket of sockets.clients) socket.close(1001, 'Going away: connect again')
      const gone = [...sockets.clients].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      )
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, graceMs)
      await Promise.all(gone)
      clearTimeout(cut)
    },
  }
}

function refusalOf(request: IncomingMessage, config: Config): string | null {
  // Not by URL: it throws on some of what a request line may hold, and nothing would catch it here.
  if (request.url?.split('?', 1)[0] !== '/graphql') return '404 Not Found'
  const { origin } = request.headers
  return origin === undefined || isAllowedOrigin(config, origin) ? null : '403 Forbidden'
}

function makeProtocol(gate: Gate, verify: Verify, work: Workload, log: ErrorLog) {
  const mask = errorMask(log)
  return makeServer<{ authorization?: unknown }, Connection>({
    connectionInitWaitTimeout: socketLimits.initWait,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = await verify(authorizationIn(connectionParams))
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const code = error.code === 'TEMPORARILY_UNAVAILABLE' ? TRY_AGAIN_LATER : CloseCode.Forbidden
        extra.socket.close(code, closeReason(error.message))
        // The socket is closing; what is returned now is not sent any more.
        return
      }
      const isOpen = extra.socket.readyState === extra.socket.OPEN
      if (isOpen && extra.viewer.expiresAt) closeAt(extra, extra.viewer.expiresAt)
    },
    async onSubscribe(connection, _id, params) {
      if (Object.keys(connection.subscriptions).length > socketLimits.subscriptions) {
        return [
          new GraphQLError(`One socket carries at most ${socketLimits.subscriptions} operations at once.`),
        ]
      }
      if (work.finishing) return [new GraphQLError('The gateway is going away: connect again.')]
      try {
        return await work.during(() => admit(gate, connection, params))
      } catch (error) {
        return [mask(error, 'Unexpected error.') as GraphQLError]
      }
    },
    execute: (args) =>
      work.during(() => (args.rootValue as Running).execute({ ...args, rootValue: undefined })) as never,
    subscribe: (args) => (args.rootValue as Running).subscribe({ ...args, rootValue: undefined }) as never,
    onClose: ({ extra }) => clearTimeout(extra.expiry),
  })
}

/** Counts the queries and mutations under way on sockets, so that closing can wait for their answers. */
class Workload {
  finishing = false
  #running = 0
  #idle = Promise.withResolvers<void>()

  async during<T>(operation: () => Promise<T> | T): Promise<T> {
    this.#running += 1
    try {
      return await operation()
    } finally {
      this.#running -= 1
      if (this.#running === 0) {
        this.#idle.resolve()
        this.#idle = Promise.withResolvers()
      }
    }
  }

  async finish(graceMs: number): Promise<void> {
    this.finishing = true
    let late = false
    const end = after(graceMs, undefined, { ref: false }).then(() => {
      late = true
    })
    do {
      if (this.#running > 0) await Promise.race([this.#idle.promise, end])
      // What was admitted a moment ago begins now, and the last answer is written right after its operation.
      await after(0)
    } while (this.#running > 0 && !late)
  }
}

/** Brings one operation through the gate: parsed, validated, with a context, as over HTTP. */
async function admit(
  gate: Gate,
  { extra }: ConnectionContext<{ authorization?: unknown }, Connection>,
  params: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { schema, parse, validate, contextFactory, execute, subscribe } = gate.getEnveloped({
    viewer: extra.viewer,
    params,
  })
  const document = parse(params.query)
  const errors = validate(schema, document)
  if (errors.length > 0) return errors
  return {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await contextFactory(),
    rootValue: { execute, subscribe } satisfies Running,
  }
}

function authorizationIn(params: { authorization?: unknown; Authorization?: unknown } | undefined) {
  const value = params?.authorization ?? params?.Authorization
  return value == null ? null : String(value)
}

/** Ties one socket to the protocol. Whatever arrives on it, only this socket may suffer. */
function open(socket: WebSocket, protocol: ReturnType<typeof makeProtocol>, log: ErrorLog): void {
  const connection: Connection = { socket, viewer: anonymous }
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise<void>((resolve) => {
          if (socket.readyState !== socket.OPEN) return resolve()
          socket.send(data, () => resolve())
          if (socket.bufferedAmount > socketLimits.maxUnread) {
            socket.close(TRY_AGAIN_LATER, 'Too much is waiting to be read')
          }
        }),
      close: (code, reason) => socket.close(code, closeReason(reason)),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          if (socket.readyState !== socket.OPEN) return
          handle(String(data)).catch((error: unknown) => {
            log.error({ err: error }, 'a socket message failed')
            socket.close(CloseCode.InternalServerError, 'Internal server error')
          })
        }),
    },
    connection,
  )
  const heartbeat = beat(socket)
  // A frame that breaks the rules: ws closes the socket with the right code by itself.
  socket.on('error', () => {})
  socket.once('close', (code, reason) => {
    clearInterval(heartbeat)
    closed(code, String(reason)).catch((error: unknown) =>
      log.error({ err: error }, 'a socket did not close well'),
    )
  })
}

/** A close frame holds no more than 123 bytes of reason (RFC 6455, 5.5), and ws throws beyond that. */
function closeReason(reason = ''): string {
  return Buffer.from(reason)
    .subarray(0, 120)
    .toString()
    .replace(/\ufffd+$/, '')
}

/** Pings a socket; one that did not answer by the next ping is dead. */
function beat(socket: WebSocket): NodeJS.Timeout {
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  return setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, socketLimits.pingEvery)
}

/** Closes a socket when its token runs out, a moment after its subscriptions were told so. */
function closeAt(connection: Connection, moment: Date): void {
  const wait = moment.getTime() - Date.now() + LAST_WORD_MS
  const step = Math.min(Math.max(wait, 0), LONGEST_TIMER_MS)
  connection.expiry = setTimeout(() => {
    if (wait > step) return closeAt(connection, moment)
    connection.socket.close(CloseCode.Forbidden, 'The token has expired')
  }, step)
}

/** The close code for "not now, come back later" (IANA registry of WebSocket close codes). */
const TRY_AGAIN_LATER = 1013

/** For subscriptions to say that the token has expired, before the socket closes, in ms. */
const LAST_WORD_MS = 100

/** Node's timers hold no more than 31 bits of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
