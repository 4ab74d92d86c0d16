import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, makeServer, type SubscribePayload } from 'graphql-ws'
import type { RevocationWatch } from '../auth/revocation.ts'
import type { Verify } from '../auth/verify.ts'
import { DomainError, NotSignedIn, RateLimited, TemporarilyUnavailable } from '../base/errors.ts'
import { isUnavailable } from '../base/transient-errors.ts'
import type { Config } from '../config/config.ts'
import { SharedCommentFeed, subscribeShared } from '../graphql/subscribe.ts'
import type { ConnectionLimiter } from './connection-limiter.ts'
import { type ErrorLog, errorMask } from './errors.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import { noSuchOperation, refusalsOf } from './graphql/query-limits.ts'
import { isPersistedQuery, noPersistedQueries } from './graphql/request-params.ts'
import { assertVariablesAreSmall } from './graphql/variables.ts'
import type { InFlightRequests } from './in-flight-requests.ts'
import { CLOSE, type SocketLimits } from './limits.ts'
import { never, type SocketOperation } from './socket-operations.ts'
import { isUnshared, maskErrors } from './unshared-subscription.ts'
import {
  type Connection,
  closeAfter,
  closeOnRevocation,
  closeReason,
  closeWithTimeout,
  GOING_AWAY,
  NOT_NOW,
} from './websocket-connection.ts'
import { DONE, deliverShared, errorsWithoutHttp, pacedResults, withoutHttp } from './websocket-results.ts'

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

/** A validated operation and how it is executed. */
interface RunningOperation {
  connection: Connection
  operation: SocketOperation
  execute: (args: ExecutionArgs) => unknown
}

/** The GraphQL-over-WebSocket protocol of graphql-ws, with the limits of this gateway. */
export function makeProtocol(
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
        if (operation.kind === 'subscription' && isUnavailable(shown))
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
      if (errors?.some(isUnavailable)) return closeForRetry(operation, connection)
      return operation.respond({ ...result, errors })
    },
    onNext: (_context, _id, _payload, _args, result) => withoutHttp(result),
    onError: (_context, _id, _payload, errors) => errorsWithoutHttp(errors),
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

function tooMany(max: number): GraphQLError {
  return new GraphQLError(`A socket may run at most ${max} operations at once. Complete one first.`, {
    extensions: { code: 'QUERY_TOO_LARGE' },
  })
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
  // See acceptedMessage.
  if (params.query === '' && isPersistedQuery(params.extensions)) return [noPersistedQueries()]
  assertVariablesAreSmall(params.variables)
  const { schema, parse, validate, contextFactory, execute } = graphqlHandler.getEnveloped({
    viewer,
    receivedAt,
    params,
    requester: { connection, address: connection.address },
  })
  const document = parsed(() => parse(params.query))
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

/** Over HTTP, Yoga adds the code to the errors of graphql-js. */
function parsed<Document>(parse: () => Document): Document {
  try {
    return parse()
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.code ??= 'GRAPHQL_PARSE_FAILED'
    throw error
  }
}

function authorizationIn(params: { authorization?: unknown; Authorization?: unknown } | undefined) {
  const value = params?.authorization ?? params?.Authorization
  if (value == null || typeof value === 'string') return value
  throw new NotSignedIn('The authorization must be a string: "Bearer " followed by a token.')
}
