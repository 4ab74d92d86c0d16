import { makeServer } from 'graphql-ws'
import type { RevocationWatch } from '../auth/revocation.ts'
import type { Verify } from '../auth/verify.ts'
import { DomainError, NotSignedIn } from '../base/errors.ts'
import type { Config } from '../config/config.ts'
import type { ConnectionLimiter } from './connection-limiter.ts'
import { type ErrorLog, errorMask } from './errors.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import type { InFlightRequests } from './in-flight-requests.ts'
import type { SocketLimits } from './limits.ts'
import { closeCodeOf } from './status.ts'
import { type Connection, closeAfter, closeOnRevocation, closeReason } from './websocket-connection.ts'
import { WebSocketOperations } from './websocket-operations.ts'
import { errorsWithoutHttp, withoutHttp } from './websocket-results.ts'

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

/** What a client sends with connection_init. */
interface ConnectionParams extends Record<string, unknown> {
  authorization?: unknown
  Authorization?: unknown
}

/** The GraphQL-over-WebSocket protocol of graphql-ws, with the limits of this gateway. */
export function makeProtocol(deps: SocketDeps, inFlight: InFlightRequests) {
  const { graphqlHandler, log, limits, now } = deps
  const maskWith = errorMask(log)
  const mask = (error: unknown) => maskWith(error, 'Unexpected error.')
  const operations = new WebSocketOperations({ graphqlHandler, inFlight, limits, mask, now })
  return makeServer<ConnectionParams, Connection>({
    connectionInitWaitTimeout: limits.initTimeoutMs,
    onConnect: ({ connectionParams, extra }) => connect(extra, connectionParams, deps),
    onSubscribe: (context, id, params) =>
      operations.prepare(context.extra, id, params, () => id in context.subscriptions),
    execute: (args) => operations.execute(args),
    subscribe: (args) => operations.subscribe(args),
    onNext: (_context, _id, _payload, _args, result) => withoutHttp(result),
    onError: (_context, _id, _payload, errors) => errorsWithoutHttp(errors),
    onClose: ({ extra }) => extra.expiry?.cancel(),
  })
}

/** Authenticates a connection, or closes its socket. */
async function connect(
  connection: Connection,
  params: ConnectionParams | undefined,
  { verify, revocation, now }: SocketDeps,
): Promise<void> {
  const { socket } = connection
  try {
    connection.viewer = await verify(authorizationIn(params), connection.network)
    await closeOnRevocation(connection, revocation)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return socket.close(closeCodeOf(error), closeReason(error.message))
  }
  const { expiresAt } = connection.viewer
  if (socket.readyState === socket.OPEN && expiresAt) closeAfter(connection, expiresAt, now)
}

function authorizationIn(params: ConnectionParams | undefined) {
  const value = params?.authorization ?? params?.Authorization
  if (value == null || typeof value === 'string') return value
  throw new NotSignedIn('The authorization must be a string: "Bearer " followed by a token.')
}
