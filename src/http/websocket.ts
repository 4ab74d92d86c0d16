import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, handleProtocols, MessageType, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { StandingWatch } from '../auth/revocation.ts'
import type { Verify } from '../auth/verify.ts'
import { anonymous, type Viewer } from '../auth/viewer.ts'
import { type Alarm, atMoment } from '../base/clock.ts'
import { DomainError, NotSignedIn, RateLimited, TemporarilyUnavailable } from '../base/errors.ts'
import { type Config, isAllowedOrigin } from '../config/config.ts'
import { SharedFeed, subscribeShared } from '../graphql/subscribe.ts'
import type { Doorman } from './connection-limiter.ts'
import { type ErrorLog, errorMask } from './errors.ts'
import type { Gate } from './graphql/handler.ts'
import { OperationBudget } from './graphql/operation-budget.ts'
import { noSuchOperation, refusalsOf } from './graphql/query-limits.ts'
import { assertVariablesAreSmall } from './graphql/variables.ts'
import { Heartbeat } from './heartbeat.ts'
import { Workload } from './in-flight-requests.ts'
import { CLOSE, MAX_UNREAD, type SocketLimits } from './limits.ts'
import { type SocketOperation, SocketOperations, silence } from './socket-operations.ts'
import { SocketSink, streamWritable } from './socket-sink.ts'
import { isOwn, masked, type OwnStream } from './unshared-subscription.ts'

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
  readonly operations: SocketOperations
  readonly budget: OperationBudget
  /** The network that its limits count for; null for this machine's own. */
  readonly address: string | null
  /** The address that it comes from, or its /64. */
  readonly network: string
  /** See SocketLimits. */
  closeWait: number
  expiry?: Alarm
}

/** How an operation that passed the gate is run. */
interface Running {
  connection: Connection
  operation: SocketOperation
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
      const { closeWait } = limits
      const connection: Connection = {
        socket,
        stream,
        viewer: anonymous,
        operations: new SocketOperations(),
        budget: new OperationBudget(limits),
        address: doorman.limitedNetworkOf(request),
        network: doorman.networkOf(request),
        closeWait,
      }
      connections.add(connection)
      const forget = heartbeat.watch(socket)
      socket.once('close', () => {
        connections.delete(connection)
        connection.operations.leaveAll()
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
        setTimeout(() => socket.close(CLOSE.GOING_AWAY, GOING_AWAY), Math.random() * pause)
      }
      await Promise.all(gone)
      clearTimeout(cut)
      heartbeat.stop()
    },
  }
}

/** Time given to each socket when all are told to come back elsewhere, in ms. */
const SPREAD_MS = 0.5

/** Reasons for closing a socket. */
const GOING_AWAY = 'Going away: connect again'
const NOT_NOW = 'Not now: connect again with your last cursor'

function refusalOf(request: IncomingMessage, config: Config): string | null {
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path !== '/graphql') return '404 Not Found'
  const { origin } = request.headers
  return origin === undefined || isAllowedOrigin(config, origin) ? null : '403 Forbidden'
}

function makeProtocol({ gate, verify, log, limits, standing, now }: SocketDeps, work: Workload) {
  const mask = (error: unknown) => errorMask(log)(error, 'Unexpected error.') as GraphQLError
  /**
   * What becomes of a subscription that can't begin now. Clients take an error for its end, whatever its code;
   * when the socket closes they come back.
   */
  const turnedAway = (operation: SocketOperation, connection: Connection) => {
    if (operation.isWanted) {
      if (!work.finishing) closeFirmly(connection, CLOSE.TRY_AGAIN_LATER, NOT_NOW)
      // A socket on which answers are still due is closed with the others.
      else if (!connection.operations.areAwaited) closeFirmly(connection, CLOSE.GOING_AWAY, GOING_AWAY)
    }
    return silence()
  }
  return makeServer<{ authorization?: unknown }, Connection>({
    connectionInitWaitTimeout: limits.initWait,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.viewer = await verify(authorizationIn(connectionParams), extra.network)
        await keepOutTheBarred(extra, standing)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        const isPassing = error instanceof TemporarilyUnavailable || error instanceof RateLimited
        const code = isPassing ? CLOSE.TRY_AGAIN_LATER : CloseCode.Forbidden
        extra.socket.close(code, closeReason(error.message))
        // The socket is closing; what is returned now is not sent any more.
        return
      }
      const isOpen = extra.socket.readyState === extra.socket.OPEN
      if (isOpen && extra.viewer.expiresAt) closeAfter(extra, extra.viewer.expiresAt, now)
    },
    async onSubscribe(context, id, params) {
      const askedAt = now()
      const connection = context.extra
      if (!connection.budget.take(askedAt)) return refuseFlood(connection, limits)
      if (lengthAsJson(id) > limits.maxOperationId) return refuseId(connection, limits.maxOperationId)
      const { operations } = connection
      const operation = operations.begin(id, () => id in context.subscriptions)
      const refused = (error: unknown) => {
        const shown = mask(error)
        operation.over()
        if (operation.kind === 'subscription' && isPassing(shown)) return turnedAway(operation, connection)
        return operation.answer([shown])
      }
      const most = limits.operationsPerSocket
      if (operations.size > most) return refused(tooMany(most))
      try {
        const admitted = await work.during(() =>
          admit({ gate, work, connection, operation, askedAt }, params),
        )
        if (!('schema' in admitted)) operation.over()
        return operation.answer(admitted)
      } catch (error) {
        return refused(error)
      }
    },
    async execute(args) {
      const { operation, execute } = args.rootValue as Running
      const result = await work.during(() => execute({ ...args, rootValue: undefined }))
      operation.over()
      return operation.answer(result) as never
    },
    async subscribe(args) {
      const { connection, operation } = args.rootValue as Running
      const refusals = refusalsOf(args)
      const result = refusals
        ? { errors: refusals }
        : await subscribeShared({ ...args, rootValue: undefined }, mask)
      if (!operation.isWanted && Symbol.asyncIterator in result) {
        void result.return()
        return operation.answer(OVER) as never
      }
      if (result instanceof SharedFeed) return carried(result, operation, connection) as never
      if (isOwn(result)) return paced(masked(result, mask), operation, connection) as never
      operation.over()
      const errors = result.errors?.map(mask)
      if (errors?.some(isPassing)) return turnedAway(operation, connection)
      return operation.answer({ ...result, errors })
    },
    onClose: ({ extra }) => extra.expiry?.cancel(),
  })
}

/** The length of an id as each message repeats it, in bytes, without its quotation marks. */
function lengthAsJson(id: string): number {
  return Buffer.byteLength(JSON.stringify(id)) - 2
}

/** An id is written once for each result, and results go out by the hundred. */
function refuseId(connection: Connection, most: number): Promise<never> {
  closeFirmly(connection, CloseCode.BadRequest, `An operation id is longer than ${most} bytes`)
  return silence()
}

/** Closing the socket costs less than any answer, and ends the flood. */
function refuseFlood(connection: Connection, { operationsPerSecond }: SocketLimits): Promise<never> {
  closeFirmly(connection, CLOSE.POLICY_VIOLATION, `More than ${operationsPerSecond} operations a second`)
  return silence()
}

/** Whether the client did nothing wrong, and need only come again. */
function isPassing({ extensions }: GraphQLError): boolean {
  return extensions.code === 'TEMPORARILY_UNAVAILABLE'
}

function tooMany(most: number): GraphQLError {
  return new GraphQLError(`One socket carries at most ${most} operations at once.`, {
    extensions: { code: 'QUERY_TOO_LARGE' },
  })
}

/**
 * Lets a feed write to the socket by itself. What graphql-ws gets in its place is a stream without results,
 * which ends when the feed ends, and which it returns when the client has had enough.
 */
function carried(feed: SharedFeed, operation: SocketOperation, connection: Connection): Results {
  const { socket, stream } = connection
  const end = Promise.withResolvers<typeof OVER>()
  const leave = feed.deliver(
    new SocketSink(operation.id, socket, stream, {
      tooSlow: () => closeSlow(connection),
      cut: () => socket.close(CLOSE.TRY_AGAIN_LATER, NOT_NOW),
      end() {
        operation.over()
        end.resolve(OVER)
      },
    }),
  )
  operation.goOn(leave)
  return {
    // Who leaves ends here too, and not by `end`: see SocketOperation.answer.
    next: () => end.promise,
    async return() {
      operation.leave()
      return OVER
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** One subscriber's own results, taken from their source no faster than the socket takes them. */
function paced(results: OwnStream, operation: SocketOperation, { stream }: Connection): Results {
  operation.goOn(() => void results.return())
  return {
    async next() {
      await streamWritable(stream)
      const result = await results.next()
      if (result.done) operation.over()
      return operation.answer(result) as Promise<IteratorResult<ExecutionResult, undefined>>
    },
    async return() {
      operation.leave()
      return OVER
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

type Results = AsyncIterableIterator<ExecutionResult, undefined>

const OVER = { done: true, value: undefined } as const

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

/** What an operation brings to the gate. */
interface Arriving {
  gate: Gate
  work: Workload
  connection: Connection
  operation: SocketOperation
  askedAt: Date
}

/** Brings one operation through the gate: parsed, validated, with a context, as over HTTP. */
async function admit(
  { gate, work, connection, operation, askedAt }: Arriving,
  params: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { viewer } = connection
  assertVariablesAreSmall(params.variables)
  const { schema, parse, validate, contextFactory, execute } = gate.getEnveloped({
    viewer,
    askedAt,
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
  if (work.finishing) throw new TemporarilyUnavailable('The gateway is going away: connect again.')
  return {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await contextFactory(),
    rootValue: { connection, operation, execute } satisfies Running,
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
        if (socket.bufferedAmount > MAX_UNREAD) closeSlow(connection)
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
  connection.expiry = atMoment(new Date(moment.getTime() + LAST_WORD_MS), close, now)
}

/** For subscriptions to say that the token has expired, before the socket closes, in ms. */
const LAST_WORD_MS = 100
