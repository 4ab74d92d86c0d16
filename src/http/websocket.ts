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
import { SharedFeed, subscribeShared } from '../graphql/subscribe.ts'
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

/** What is known of one socket. */
interface Connection {
  socket: WebSocket
  /** The TCP or TLS stream under it. */
  stream: Duplex
  viewer: Viewer
  readonly operations: SocketOperations
  readonly budget: OperationBudget
  /** The network that its limits count for; null for this machine's own. */
  readonly address: string | null
  /** The address that it comes from, or its /64. */
  readonly network: string
  /** See SocketLimits. */
  closeTimeoutMs: number
  expiry?: Timer
}

/** How an operation that passed the graphqlHandler is run. */
interface RunningOperation {
  connection: Connection
  operation: SocketOperation
  execute: (args: ExecutionArgs) => unknown
}

/**
 * Serves the GraphQL-over-WebSocket protocol (graphql-transport-ws) on `/graphql` through the same graphqlHandler as
 * HTTP. graphql-ws is in charge of the protocol; this is the socket around it.
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
      // Half a connection would outlive every limit: Node's own no longer apply after an upgrade.
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

/** Time given to each socket when all are told to come back elsewhere, in ms. */
const CLOSE_SPREAD_MS = 0.5

/** Reasons for closing a socket. */
const GOING_AWAY = 'Going away: connect again'
const NOT_NOW = 'Not now: connect again with your last cursor'

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
   * What becomes of a subscription that can't begin now. Clients take an error for its end, whatever its code;
   * when the socket closes they come back.
   */
  const closeForRetry = (operation: SocketOperation, connection: Connection) => {
    if (operation.isActive) {
      if (!inFlight.isFinishing) closeWithTimeout(connection, CLOSE.TRY_AGAIN_LATER, NOT_NOW)
      // A socket on which answers are still due is closed with the others.
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
        // The socket is closing; what is returned now is not sent any more.
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
      if (result instanceof SharedFeed) return deliverShared(result, operation, connection) as never
      if (isUnshared(result)) return pacedResults(maskErrors(result, mask), operation, connection) as never
      operation.complete()
      const errors = result.errors?.map(mask)
      if (errors?.some(isTransient)) return closeForRetry(operation, connection)
      return operation.respond({ ...result, errors })
    },
    onClose: ({ extra }) => extra.expiry?.cancel(),
  })
}

/** The length of an id as each message repeats it, in bytes, without its quotation marks. */
function lengthAsJson(id: string): number {
  return Buffer.byteLength(JSON.stringify(id)) - 2
}

/** An id is written once for each result, and results go out by the hundred. */
function refuseId(connection: Connection, max: number): Promise<never> {
  closeWithTimeout(connection, CloseCode.BadRequest, `An operation id is longer than ${max} bytes`)
  return never()
}

/** Closing the socket costs less than any answer, and ends the flood. */
function refuseFlood(connection: Connection, { operationsPerSecond }: SocketLimits): Promise<never> {
  closeWithTimeout(connection, CLOSE.POLICY_VIOLATION, `More than ${operationsPerSecond} operations a second`)
  return never()
}

/** Whether the client did nothing wrong, and need only come again. */
function isTransient({ extensions }: GraphQLError): boolean {
  return extensions.code === 'TEMPORARILY_UNAVAILABLE'
}

function tooMany(max: number): GraphQLError {
  return new GraphQLError(`One socket carries at most ${max} operations at once.`, {
    extensions: { code: 'QUERY_TOO_LARGE' },
  })
}

/**
 * Lets a feed write to the socket by itself. What graphql-ws gets in its place is a stream without results,
 * which ends when the feed ends, and which it returns when the client has had enough.
 */
function deliverShared(feed: SharedFeed, operation: SocketOperation, connection: Connection): Results {
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
    // Who leaves ends here too, and not by `end`: see SocketOperation.answer.
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

/** One subscriber's own results, taken from their source no faster than the socket takes them. */
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

/** Closes the socket of a reader that does not read: it gets a moment to hear why, then it is cut off. */
function closeSlow(connection: Connection): void {
  closeWithTimeout(connection, CLOSE.TOO_SLOW, 'Too far behind: connect again with your last cursor')
}

/** Closes a socket, and cuts it off when the client does not answer the close. */
function closeWithTimeout({ socket, closeTimeoutMs }: Connection, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  socket.close(code, closeReason(reason))
  setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
}

/** Closes the socket of who is barred, now or while it is connected: banned readers, partners not served. */
async function closeOnRevocation(connection: Connection, revocation: RevocationWatch): Promise<void> {
  const { socket, viewer } = connection
  if (socket.readyState !== socket.OPEN) return
  const unwatch = revocation.watch(viewer, (words) =>
    closeWithTimeout(connection, CloseCode.Forbidden, words),
  )
  socket.once('close', unwatch)
  await revocation.check(viewer)
}

/** What an operation brings to the graphqlHandler. */
interface IncomingOperation {
  graphqlHandler: GraphQLHandler
  inFlight: InFlightRequests
  connection: Connection
  operation: SocketOperation
  receivedAt: Date
}

/** Brings one operation through the graphqlHandler: parsed, validated, with a context, as over HTTP. */
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
  // graphql-ws would refuse it too, but in words of its own and without telling us that it is over.
  const { operation: kind } = getOperationAST(document, params.operationName) ?? {}
  if (!kind) return [noSuchOperation()]
  operation.kind = kind
  if (inFlight.isFinishing) throw new TemporarilyUnavailable('The gateway is going away: connect again.')
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

/** Whether a message is well formed but has a type that clients never send: graphql-ws throws at those. */
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

/** Ties one socket to the protocol. Whatever arrives on it, only this socket may suffer. */
function open(connection: Connection, protocol: ReturnType<typeof makeProtocol>, log: ErrorLog): void {
  const { socket } = connection
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send(data) {
        if (socket.readyState !== socket.OPEN) return
        // Not waited for: graphql-ws forgets an id only after the last message, and in the time that takes to
        // get through to a slow reader the id may have come to be another operation's.
        socket.send(data)
        if (socket.bufferedAmount > MAX_UNREAD_BYTES) closeSlow(connection)
      },
      close: (code, reason) => socket.close(code, closeReason(reason)),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          if (socket.readyState !== socket.OPEN) return
          handle(String(data)).catch((error: unknown) => {
            if (isServerMessage(String(data))) {
              return socket.close(CloseCode.BadRequest, 'Only a server sends this type of message')
            }
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
function closeAfter(connection: Connection, moment: Date, now: () => Date): void {
  const close = () => connection.socket.close(CloseCode.Forbidden, 'The token has expired')
  connection.expiry = runAt(new Date(moment.getTime() + EXPIRY_CLOSE_DELAY_MS), close, now)
}

/** For subscriptions to say that the token has expired, before the socket closes, in ms. */
const EXPIRY_CLOSE_DELAY_MS = 100
