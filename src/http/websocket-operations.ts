import { type ExecutionArgs, GraphQLError } from 'graphql'
import { CloseCode, type OperationResult, type SubscribePayload } from 'graphql-ws'
import { isUnavailable } from '../base/transient-errors.ts'
import { limitResult } from '../graphql/error-limit.ts'
import { type Mask, SharedSubscription, subscribeShared } from '../graphql/subscribe.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import { refusalsOf } from './graphql/query-limits.ts'
import type { InFlightRequests } from './in-flight-requests.ts'
import type { SocketLimits } from './limits.ts'
import { type PreparedOperation, prepareOperation } from './prepare-operation.ts'
import { never, type SocketOperation } from './socket-operations.ts'
import { CLOSE } from './status.ts'
import { isUnshared, maskErrors } from './unshared-subscription.ts'
import { type Connection, closeWithTimeout, GOING_AWAY, NOT_NOW } from './websocket-connection.ts'
import { deliverShared, pacedResults } from './websocket-results.ts'

export interface OperationDeps {
  graphqlHandler: GraphQLHandler
  inFlight: InFlightRequests
  limits: SocketLimits
  mask: Mask
  /** The clock. */
  now: () => Date
}

/** The life of an operation on a websocket: it is prepared, then executed or subscribed to. */
export class WebSocketOperations {
  readonly #deps: OperationDeps
  /** graphql-ws passes only these arguments from the preparation to the execution. */
  readonly #prepared = new WeakMap<ExecutionArgs, PreparedOperation>()

  constructor(deps: OperationDeps) {
    this.#deps = deps
  }

  /**
   * Checks the limits of the socket, then the operation.
   * @param isKnown whether graphql-ws still knows the id
   */
  async prepare(
    connection: Connection,
    id: string,
    params: SubscribePayload,
    isKnown: () => boolean,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { graphqlHandler, inFlight, limits, now } = this.#deps
    const receivedAt = now()
    if (!connection.budget.take(receivedAt)) return refuseFlood(connection, limits)
    if (lengthAsJson(id) > limits.maxOperationIdBytes) return refuseId(connection, limits.maxOperationIdBytes)
    const { operations } = connection
    const operation = operations.begin(id, isKnown)
    const max = limits.maxOperationsPerSocket
    if (operations.size > max) return this.#refuse(tooMany(max), operation, connection)
    try {
      const prepared = await inFlight.track(() =>
        prepareOperation({ graphqlHandler, inFlight, connection, operation, receivedAt }, params),
      )
      if ('args' in prepared) {
        this.#prepared.set(prepared.args, prepared)
        return operation.respond(prepared.args)
      }
      operation.complete()
      return operation.respond(prepared)
    } catch (error) {
      return this.#refuse(error, operation, connection)
    }
  }

  /** Executes a query or mutation. */
  async execute(args: ExecutionArgs): Promise<Awaited<OperationResult>> {
    const { operation, execute } = this.#preparedBy(args)
    const result = await this.#deps.inFlight.track(() => execute(args))
    operation.complete()
    return operation.respond(Symbol.asyncIterator in result ? result : limitResult(result))
  }

  /** Starts a subscription. */
  async subscribe(args: ExecutionArgs): Promise<Awaited<OperationResult>> {
    const { connection, operation } = this.#preparedBy(args)
    const { mask } = this.#deps
    const refusals = refusalsOf(args)
    const result = refusals ? { errors: refusals } : await subscribeShared(args, mask)
    if (!operation.isActive && Symbol.asyncIterator in result) {
      void result.return()
      operation.complete()
      return never()
    }
    if (result instanceof SharedSubscription) return deliverShared(result, operation, connection)
    if (isUnshared(result)) return pacedResults(maskErrors(result, mask), operation, connection)
    operation.complete()
    const errors = result.errors?.map(mask)
    if (errors?.some(isUnavailable)) return this.#closeForRetry(operation, connection)
    return operation.respond({ ...result, errors })
  }

  #preparedBy(args: ExecutionArgs): PreparedOperation {
    const prepared = this.#prepared.get(args)
    if (!prepared) throw new Error('graphql-ws executes an operation that was not prepared.')
    return prepared
  }

  #refuse(
    error: unknown,
    operation: SocketOperation,
    connection: Connection,
  ): readonly GraphQLError[] | Promise<never> {
    const shown = this.#deps.mask(error)
    operation.complete()
    if (operation.kind === 'subscription' && isUnavailable(shown))
      return this.#closeForRetry(operation, connection)
    return operation.respond([shown])
  }

  /**
   * Closes the socket of a subscription that can't start at the moment: clients treat an error as its end,
   * whatever the code, but reconnect when the socket closes.
   */
  #closeForRetry(operation: SocketOperation, connection: Connection): Promise<never> {
    if (operation.isActive) {
      if (!this.#deps.inFlight.isFinishing) closeWithTimeout(connection, CLOSE.TRY_AGAIN_LATER, NOT_NOW)
      // A socket with pending responses is closed later, with the others.
      else if (!connection.operations.hasPending) closeWithTimeout(connection, CLOSE.GOING_AWAY, GOING_AWAY)
    }
    return never()
  }
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
  return new GraphQLError(`A websocket may run at most ${max} concurrent operations. Complete one first.`, {
    extensions: { code: 'QUERY_TOO_LARGE' },
  })
}
