import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, handleProtocols, MessageType, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { RevocationWatch } from '../auth/revocation.ts'
import type { Verify } from '../auth/verify.ts'
import { anonymous, type Viewer } from '../auth/viewer.ts'
import { runAt, type Timer } from '../base/clock.ts'
import { DomainError, NotSignedIn, RateLimited, TemporarilyUnavailable } from '../base/errors.ts'
import { type Config, isAllowedOrigin } from '../config/config.ts'
import { SharedCommentFeed, subscribeShared } from '../graphql/subscribe.ts'
import type { ConnectionLimiter } from './connection-limiter.ts'
import { type ErrorLog, errorMask } from './errors.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import { OperationBudget } from './graphql/operation-budget.ts'
import { noSuchOperation, refusalsOf } from './graphql/query-limits.ts'
import { assertVariablesAreSmall } from './graphql/variables.ts'
import { Heartbeat } from './heartbeat.ts'
import { InFlightRequests } from './in-flight-requests.ts'
import { CLOSE, MAX_UNREAD_BYTES, type SocketLimits } from './limits.ts'
import { never, type SocketOperation, SocketOperations } from './socket-operations.ts'
import { SocketSink, streamWritable } from './socket-sink.ts'
import { isUnshared, maskErrors, type UnsharedStream } from './unshared-subscription.ts'

export interface SocketDeps {
  /** The clock. */
  now: () => Date
  graphqlHandler: GraphQLHandler
  verify: Verify
  config: Config
  log: ErrorLog
  limits: SocketLimits
  connectionLimiter: ConnectionLimiter
  revocation: RevocationWatch
}

/** The state of one socket. */
interface Connection {
  socket: WebSocket
  /** The TCP or TLS stream under it. */
  stream: Duplex
  viewer: Viewer
  readonly operations: SocketOperations
  readonly budget: OperationBudget
  /** The network for which its limits are counted; null for this machine. */
  readonly address: string | null
  /** The client's address, or its /64 for IPv6. */
  readonly network: string
  /** See SocketLimits. */
  closeTimeoutMs: number
  expiry?: Timer
}

/** A validated operation and how it is executed. */
interface RunningOperation {
  connection: Connection
  operation: SocketOperation
  execute: (args: ExecutionArgs) => unknown
}

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
      ? '503 Service Unavailable'
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

/** Reasons for closing a socket. */
const GOING_AWAY = 'The gateway is shutting down. Connect again.'
const NOT_NOW = 'Temporarily unavailable. Connect again with your last cursor.'

function refusalOf(request: IncomingMessage, config: Config): string | null {
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path !== '/graphql') return '404 Not Found'
  const { origin } = request.headers
  return origin === undefined || isAllowedOrigin(config, origin) ? null : '403 Forbidden'
}

function makeProtocol(
  { graphqlHandler, verify, log, limits, revocation, now }: SocketDeps,
  inFlight: InFlightRequests,
) {
  const mask = (error: unknown) => errorMask(log)(error, 'Unexpected error.') as GraphQLError
  /**
   * Closes the socket of a subscription that can't start at the moment: clients treat an error as its end,
   * whatever the code, but reconnect when the socket closes.
   */
  const closeForRetry = (operation: SocketOperation, connection: Connection) => {
    if (operation.isActive) {
      if (!inFlight.isFinishing) closeWithTimeout(connection, CLOSE.TRY_AGAIN_LATER, NOT_NOW)
      // A socket with pending responses is closed later, with the others.
      else if (!connection.operations.hasPending) closeWithTimeout(connection, CLOSE.GOING_AWAY, GOING_AWAY)
    }
    return never()
  }
  return makeServer<{ authorization?: unknown }, Connection>({
    connectionInitWaitTimeout: limits.initTimeoutMs,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = await verify(authorizationIn(connectionParams), extra.network)
        await closeOnRevocation(extra, revocation)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const isTransient = error instanceof TemporarilyUnavailable || error instanceof RateLimited
        const code = isTransient ? CLOSE.TRY_AGAIN_LATER : CloseCode.Forbidden
        extra.socket.close(code, closeReason(error.message))
        // The socket is closing; the return value is not sent.
        return
      }
      const isOpen = extra.socket.readyState === extra.socket.OPEN
      if (isOpen && extra.viewer.expiresAt) closeAfter(extra, extra.viewer.expiresAt, now)
    },
    async onSubscribe(context, id, params) {
      const receivedAt = now()
      const connection = context.extra
      if (!connection.budget.take(receivedAt)) return refuseFlood(connection, limits)
      if (lengthAsJson(id) > limits.maxOperationIdBytes)
        return refuseId(connection, limits.maxOperationIdBytes)
      const { operations } = connection
      const operation = operations.begin(id, () => id in context.subscriptions)
      const refused = (error: unknown) => {
        const shown = mask(error)
        operation.complete()
        if (operation.kind === 'subscription' && isTransient(shown))
          return closeForRetry(operation, connection)
        return operation.respond([shown])
      }
      const max = limits.maxOperationsPerSocket
      if (operations.size > max) return refused(tooMany(max))
      try {
        const admitted = await inFlight.track(() =>
          prepareOperation({ graphqlHandler, inFlight, connection, operation, receivedAt }, params),
        )
        if (!('schema' in admitted)) operation.complete()
        return operation.respond(admitted)
      } catch (error) {
        return refused(error)
      }
    },
    async execute(args) {
      const { operation, execute } = args.rootValue as RunningOperation
      const result = await inFlight.track(() => execute({ ...args, rootValue: undefined }))
      operation.complete()
      return operation.respond(result) as never
    },
    async subscribe(args) {
      const { connection, operation } = args.rootValue as RunningOperation
      const refusals = refusalsOf(args)
      const result = refusals
        ? { errors: refusals }
        : await subscribeShared({ ...args, rootValue: undefined }, mask)
      if (!operation.isActive && Symbol.asyncIterator in result) {
        void result.return()
        return operation.respond(DONE) as never
      }
      if (result instanceof SharedCommentFeed) return deliverShared(result, operation, connection) as never
      if (isUnshared(result)) return pacedResults(maskErrors(result, mask), operation, connection) as never
      operation.complete()
      const errors = result.errors?.map(mask)
      if (errors?.some(isTransient)) return closeForRetry(operation, connection)
      return operation.respond({ ...result, errors })
    },
    onClose: ({ extra }) => extra.expiry?.cancel(),
  })
}

/** The length of an id in each message, in bytes, without quotation marks. */
function lengthAsJson(id: string): number {
  return Buffer.byteLength(JSON.stringify(id)) - 2
}

/** A long id would be repeated in each of hundreds of results. */
function refuseId(connection: Connection, max: number): Promise<never> {
  closeWithTimeout(connection, CloseCode.BadRequest, `An operation id is longer than ${max} bytes`)
  return never()
}

/** Closing the socket costs less than responses, and ends the flood. */
function refuseFlood(connection: Connection, { operationsPerSecond }: SocketLimits): Promise<never> {
  closeWithTimeout(connection, CLOSE.POLICY_VIOLATION, `More than ${operationsPerSecond} operations a second`)
  return never()
}

/** Whether a retry may succeed. */
function isTransient({ extensions }: GraphQLError): boolean {
  return extensions.code === 'TEMPORARILY_UNAVAILABLE'
}

function tooMany(max: number): GraphQLError {
  return new GraphQLError(`A socket may run at most ${max} operations at once. Complete one first.`, {
    extensions: { code: 'QUERY_TOO_LARGE' },
  })
}

/**
 * Lets a shared feed write to the socket directly. graphql-ws is given a stream without results, which ends
 * with the feed, and which it returns when the client completes the operation.
 */
function deliverShared(feed: SharedCommentFeed, operation: SocketOperation, connection: Connection): Results {
  const { socket, stream } = connection
  const end = Promise.withResolvers<typeof DONE>()
  const leave = feed.deliver(
    new SocketSink(operation.id, socket, stream, {
      tooSlow: () => closeSlow(connection),
      cut: () => socket.close(CLOSE.TRY_AGAIN_LATER, NOT_NOW),
      end() {
        operation.complete()
        end.resolve(DONE)
      },
    }),
  )
  operation.startStreaming(leave)
  return {
    // A cancelled operation never settles here: see SocketOperation.respond.
    next: () => end.promise,
    async return() {
      operation.cancel()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** The results of an unshared subscription, read no faster than the socket takes them. */
function pacedResults(results: UnsharedStream, operation: SocketOperation, { stream }: Connection): Results {
  operation.startStreaming(() => void results.return())
  return {
    async next() {
      await streamWritable(stream)
      const result = await results.next()
      if (result.done) operation.complete()
      return operation.respond(result) as Promise<IteratorResult<ExecutionResult, undefined>>
    },
    async return() {
      operation.cancel()
      return DONE
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

type Results = AsyncIterableIterator<ExecutionResult, undefined>

const DONE = { done: true, value: undefined } as const

/** Closes the socket of a slow reader, after some time for the close frame to arrive. */
function closeSlow(connection: Connection): void {
  closeWithTimeout(connection, CLOSE.TOO_SLOW, 'Too slow. Connect again with your last cursor.')
}

/** Closes a socket, and terminates it when the client does not answer the close frame. */
function closeWithTimeout({ socket, closeTimeoutMs }: Connection, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  socket.close(code, closeReason(reason))
  setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
}

/** Closes the socket of a revoked viewer, now or later: banned readers, partners that are not served. */
async function closeOnRevocation(connection: Connection, revocation: RevocationWatch): Promise<void> {
  const { socket, viewer } = connection
  if (socket.readyState !== socket.OPEN) return
  const unwatch = revocation.watch(viewer, (words) =>
    closeWithTimeout(connection, CloseCode.Forbidden, words),
  )
  socket.once('close', unwatch)
  await revocation.check(viewer)
}

/** What is needed to prepare an operation. */
interface IncomingOperation {
  graphqlHandler: GraphQLHandler
  inFlight: InFlightRequests
  connection: Connection
  operation: SocketOperation
  receivedAt: Date
}

/** Parses and validates an operation and creates its context, as over HTTP. */
async function prepareOperation(
  { graphqlHandler, inFlight, connection, operation, receivedAt }: IncomingOperation,
  params: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { viewer } = connection
  assertVariablesAreSmall(params.variables)
  const { schema, parse, validate, contextFactory, execute } = graphqlHandler.getEnveloped({
    viewer,
    receivedAt,
    params,
    requester: { connection, address: connection.address },
  })
  const document = parse(params.query)
  const errors = validate(schema, document)
  if (errors.length > 0) return errors
  // graphql-ws would refuse it too, but without calling back, and with a message that repeats the name.
  const { operation: kind } = getOperationAST(document, params.operationName) ?? {}
  if (!kind) return [noSuchOperation()]
  operation.kind = kind
  if (inFlight.isFinishing) throw new TemporarilyUnavailable('The gateway is shutting down. Connect again.')
  return {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await contextFactory(),
    rootValue: { connection, operation, execute } satisfies RunningOperation,
  }
}

function authorizationIn(params: { authorization?: unknown; Authorization?: unknown } | undefined) {
  const value = params?.authorization ?? params?.Authorization
  if (value == null || typeof value === 'string') return value
  throw new NotSignedIn('The authorization must be a string: "Bearer " followed by a token.')
}

/** Whether a message is well formed but of a type that only servers send: graphql-ws throws on those. */
function isServerMessage(text: string): boolean {
  try {
    return SERVER_MESSAGES.has((JSON.parse(text) as { type?: unknown }).type)
  } catch {
    return false
  }
}

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
          handle(String(data)).catch((error: unknown) => {
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

/** A close frame holds at most 123 bytes of reason (RFC 6455, 5.5); ws throws on more. */
function closeReason(reason = ''): string {
  return Buffer.from(reason)
    .subarray(0, 120)
    .toString()
    .replace(/\ufffd+$/, '')
}

/** Closes a socket when its token has expired, after its subscriptions were sent the error. */
function closeAfter(connection: Connection, moment: Date, now: () => Date): void {
  const close = () => connection.socket.close(CloseCode.Forbidden, 'The token has expired')
  connection.expiry = runAt(new Date(moment.getTime() + EXPIRY_CLOSE_DELAY_MS), close, now)
}

/** Time for the error of subscriptions to be sent before the socket closes, in ms. */
const EXPIRY_CLOSE_DELAY_MS = 100
