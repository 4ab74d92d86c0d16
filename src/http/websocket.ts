import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Verify } from '../auth/verify.ts'
import { anonymous, type Viewer } from '../auth/viewer.ts'
import type { StandingWatch } from '../auth/watch.ts'
import { type Alarm, atMoment } from '../clock.ts'
import { type Config, isAllowedOrigin } from '../config.ts'
import { DomainError } from '../errors.ts'
import { SharedFeed, subscribeShared } from '../feed/share.ts'
import type { Doorman } from './doorman.ts'
import { type ErrorLog, errorMask } from './errors.ts'
import type { Gate } from './gate.ts'
import { Heartbeat } from './heartbeat.ts'
import { CLOSE, MAX_UNREAD, type SocketLimits } from './limits.ts'
import { isOwn, masked } from './own-stream.ts'
import { tooLarge } from './query-limits.ts'
import { SocketSink } from './socket-sink.ts'
import { Workload } from './workload.ts'

export interface SocketDeps {
  /** The clock. */
  now: () => Date
  gate: Gate
  verify: Verify
  config: Config
  log: ErrorLog
  limits: SocketLimits
  doorman: Doorman
  standing: StandingWatch
}

/** What is known of one socket. */
interface Connection {
  socket: WebSocket
  /** The TCP or TLS stream under it. */
  stream: Duplex
  viewer: Viewer
  /** See SocketLimits. */
  closeWait: number
  expiry?: Alarm
}

/** How an operation that passed the gate is run. */
interface Running {
  connection: Connection
  operationId: string
  execute: (args: ExecutionArgs) => unknown
}

/**
 * Serves the GraphQL-over-WebSocket protocol (graphql-transport-ws) on `/graphql` through the same gate as
 * HTTP. graphql-ws is in charge of the protocol; this is the socket around it.
 */
export function serveWebSockets(server: Server, deps: SocketDeps) {
  const { limits, config, log, doorman } = deps
  const work = new Workload()
  const protocol = makeProtocol(deps, work)
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: limits.maxMessage,
    maxFragments: limits.maxFragments,
    maxBufferedChunks: limits.maxFragments * 4,
    perMessageDeflate: false,
  })
  const connections = new Set<Connection>()
  const heartbeat = new Heartbeat(limits.pingEvery)
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const refusal = work.finishing
      ? '503 Service Unavailable'
      : (refusalOf(request, config) ?? doorman.refuses(request))
    if (refusal) {
      // Half a connection would outlive every limit: Node's own no longer apply after an upgrade.
      stream.once('finish', () => stream.destroy())
      return void stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`)
    }
    const leave = doorman.enters(request)
    stream.once('close', leave)
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection: Connection = { socket, stream, viewer: anonymous, closeWait: limits.closeWait }
      connections.add(connection)
      const forget = heartbeat.watch(socket)
      socket.once('close', () => {
        connections.delete(connection)
        forget()
      })
      open(connection, protocol, log)
    })
  })
  return {
    /** How many sockets are open, and how many bytes wait in them for slow readers. */
    load() {
      let queued = 0
      for (const { stream } of connections) queued += stream.writableLength
      return { sockets: connections.size, queued }
    },
    /**
     * Answers what was asked, tells every client to connect again, spread over a part of the time so that
     * they do not all come back in one instant, and cuts off who is not gone in the end.
     */
    async close(graceMs: number): Promise<void> {
      // From here on handshakes are refused: a socket that opened now would never be closed.
      sockets.close()
      await work.finish(graceMs / 2)
      const gone = [...connections].map(
        ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
      )
      const cut = setTimeout(() => {
        for (const { socket } of connections) socket.terminate()
      }, graceMs / 2)
      const pause = Math.min(graceMs / 4, SPREAD_MS * connections.size)
      for (const { socket } of connections) {
        setTimeout(() => socket.close(CLOSE.GOING_AWAY, 'Going away: connect again'), Math.random() * pause)
      }
      await Promise.all(gone)
      clearTimeout(cut)
      heartbeat.stop()
    },
  }
}

/** Time given to each socket when all are told to come back elsewhere, in ms. */
const SPREAD_MS = 0.5

function refusalOf(request: IncomingMessage, config: Config): string | null {
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path !== '/graphql') return '404 Not Found'
  const { origin } = request.headers
  return origin === undefined || isAllowedOrigin(config, origin) ? null : '403 Forbidden'
}

function makeProtocol({ gate, verify, log, limits, standing, now }: SocketDeps, work: Workload) {
  const mask = (error: unknown) => errorMask(log)(error, 'Unexpected error.') as GraphQLError
  return makeServer<{ authorization?: unknown }, Connection>({
    connectionInitWaitTimeout: limits.initWait,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = await verify(authorizationIn(connectionParams))
        await keepOutTheBarred(extra, standing)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const code = error.code === 'TEMPORARILY_UNAVAILABLE' ? CLOSE.TRY_AGAIN_LATER : CloseCode.Forbidden
        extra.socket.close(code, closeReason(error.message))
        // The socket is closing; what is returned now is not sent any more.
        return
      }
      const isOpen = extra.socket.readyState === extra.socket.OPEN
      if (isOpen && extra.viewer.expiresAt) closeAfter(extra, extra.viewer.expiresAt)
    },
    async onSubscribe(connection, operationId, params) {
      const askedAt = now()
      if (Object.keys(connection.subscriptions).length > limits.operationsPerSocket) {
        const most = limits.operationsPerSocket
        return [new GraphQLError(`One socket carries at most ${most} operations at once.`)]
      }
      if (work.finishing) return [new GraphQLError('The gateway is going away: connect again.')]
      try {
        return await work.during(() => admit(gate, connection.extra, operationId, askedAt, params))
      } catch (error) {
        return [mask(error)]
      }
    },
    execute: (args) => {
      const { execute } = args.rootValue as Running
      return work.during(() => execute({ ...args, rootValue: undefined })) as never
    },
    async subscribe(args) {
      const { connection, operationId } = args.rootValue as Running
      const refusal = tooLarge(args)
      if (refusal) return { errors: [refusal] }
      const result = await subscribeShared({ ...args, rootValue: undefined }, mask)
      if (isOwn(result)) return masked(result, mask) as never
      if (!(result instanceof SharedFeed)) return { ...result, errors: result.errors?.map(mask) }
      return carried(result, operationId, connection) as never
    },
    onClose: ({ extra }) => extra.expiry?.cancel(),
  })
}

/**
 * Lets a feed write to the socket by itself. What graphql-ws gets in its place is a stream without results,
 * which ends when the feed ends, and which it returns when the client has had enough.
 */
function carried(
  feed: SharedFeed,
  operationId: string,
  connection: Connection,
): AsyncIterableIterator<ExecutionResult, undefined> {
  const { socket, stream } = connection
  const over = Promise.withResolvers<IteratorResult<ExecutionResult, undefined>>()
  const end = () => over.resolve({ done: true, value: undefined })
  const leave = feed.deliver(
    new SocketSink(operationId, socket, stream, {
      tooSlow: () => closeSlow(connection),
      cut: () => socket.close(CLOSE.TRY_AGAIN_LATER, 'Not now: connect again with your last cursor'),
      end,
    }),
  )
  return {
    next: () => over.promise,
    return() {
      leave()
      end()
      return over.promise
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Closes the socket of a reader that does not read: it gets a moment to hear why, then it is cut off. */
function closeSlow(connection: Connection): void {
  closeFirmly(connection, CLOSE.TOO_SLOW, 'Too far behind: connect again with your last cursor')
}

/** Closes a socket, and cuts it off when the client does not answer the close. */
function closeFirmly({ socket, closeWait }: Connection, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  socket.close(code, closeReason(reason))
  setTimeout(() => socket.terminate(), closeWait).unref()
}

/** Closes the socket of who is barred, now or while it is connected: banned readers, partners not served. */
async function keepOutTheBarred(connection: Connection, standing: StandingWatch): Promise<void> {
  const { socket, viewer } = connection
  if (socket.readyState !== socket.OPEN) return
  const unwatch = standing.watch(viewer, (words) => closeFirmly(connection, CloseCode.Forbidden, words))
  socket.once('close', unwatch)
  await standing.check(viewer)
}

/** Brings one operation through the gate: parsed, validated, with a context, as over HTTP. */
async function admit(
  gate: Gate,
  connection: Connection,
  operationId: string,
  askedAt: Date,
  params: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { viewer } = connection
  const { schema, parse, validate, contextFactory, execute } = gate.getEnveloped({
    viewer,
    askedAt,
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
    rootValue: { connection, operationId, execute } satisfies Running,
  }
}

function authorizationIn(params: { authorization?: unknown; Authorization?: unknown } | undefined) {
  const value = params?.authorization ?? params?.Authorization
  return value == null ? null : String(value)
}

/** Ties one socket to the protocol. Whatever arrives on it, only this socket may suffer. */
function open(connection: Connection, protocol: ReturnType<typeof makeProtocol>, log: ErrorLog): void {
  const { socket } = connection
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) =>
        new Promise<void>((resolve) => {
          if (socket.readyState !== socket.OPEN) return resolve()
          socket.send(data, () => resolve())
          if (socket.bufferedAmount > MAX_UNREAD) closeSlow(connection)
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
  // A frame that breaks the rules: ws closes the socket with the right code by itself.
  socket.on('error', () => {})
  socket.once('close', (code, reason) => {
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

/** Closes a socket when its token runs out, a moment after its subscriptions were told so. */
function closeAfter(connection: Connection, moment: Date): void {
  connection.expiry = atMoment(new Date(moment.getTime() + LAST_WORD_MS), () =>
    connection.socket.close(CloseCode.Forbidden, 'The token has expired'),
  )
}

/** For subscriptions to say that the token has expired, before the socket closes, in ms. */
const LAST_WORD_MS = 100
