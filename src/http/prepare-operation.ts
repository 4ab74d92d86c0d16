import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql'
import type { OperationResult, SubscribePayload } from 'graphql-ws'
import { TemporarilyUnavailable } from '../base/errors.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import { noSuchOperation } from './graphql/query-limits.ts'
import { assertVariablesAreSmall } from './graphql/variables.ts'
import type { InFlightRequests } from './in-flight-requests.ts'
import type { SocketOperation } from './socket-operations.ts'
import type { Connection } from './websocket-connection.ts'

/** What is needed to prepare an operation. */
export interface IncomingOperation {
  graphqlHandler: GraphQLHandler
  inFlight: InFlightRequests
  connection: Connection
  operation: SocketOperation
  receivedAt: Date
}

/** An operation that may be executed. */
export interface PreparedOperation {
  connection: Connection
  operation: SocketOperation
  args: ExecutionArgs
  execute: (args: ExecutionArgs) => OperationResult
}

/**
 * Parses and validates an operation and creates its context, as over HTTP.
 * @returns the errors of an operation that is not valid
 */
export async function prepareOperation(
  { graphqlHandler, inFlight, connection, operation, receivedAt }: IncomingOperation,
  payload: SubscribePayload,
): Promise<PreparedOperation | readonly GraphQLError[]> {
  const { viewer } = connection
  const { documents } = graphqlHandler
  const params = documents.resolve(payload)
  const refusal = connection.isFromGraphiQL ? null : documents.refusalFor(viewer, params.query)
  if (refusal) throw refusal
  assertVariablesAreSmall(params.variables)
  const { schema, parse, validate, contextFactory, execute } = graphqlHandler.yoga.getEnveloped({
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
  const args = {
    schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await contextFactory(),
  }
  return { connection, operation, args, execute }
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
