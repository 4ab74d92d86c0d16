import type { IncomingMessage, ServerResponse } from 'node:http'
import { getCORSHeadersByRequestAndOptions } from '@whatwg-node/server'
import { getOperationAST } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Verify } from '../../auth/verify.ts'
import { DomainError } from '../../base/errors.ts'
import type { Requester } from '../../comment-feed/audience-limits.ts'
import type { Config } from '../../config/config.ts'
import { isAllowedOrigin } from '../../config/config.ts'
import { type Context, createContext, type Services } from '../../graphql/context.ts'
import { chargeOperation, chargeRuleOf, type OperationCharge } from '../../graphql/operation-charge.ts'
import { charge, quotaHeaders } from '../../licensing/quota.ts'
import type { ReadCacheWatch } from '../../read-cache/change-watch.ts'
import type { ResponseCache } from '../../read-cache/response-cache.ts'
import { schema } from '../../schema/schema.ts'
import type { CdnPolicy } from '../cdn-headers.ts'
import type { ConnectionLimiter } from '../connection-limiter.ts'
import { type ErrorLog, errorMask, httpError } from '../errors.ts'
import { useEventStreams } from '../event-stream.ts'
import { isFromGraphiQL } from '../graphiql-origin.ts'
import type { StreamAdmission } from '../open-stream.ts'
import { useChunkLimit } from './chunk-limit.ts'
import { documentCaches, useDocumentLimits } from './document-limits.ts'
import { useErrorLimit } from './error-limit.ts'
import { useIntrospectionCache } from './introspection-cache.ts'
import { createPlainHandler } from './plain-handler.ts'
import { MAX_BODY_BYTES } from './plain-request.ts'
import { observed, QueryCache } from './query-cache.ts'
import { useQueryLimits } from './query-limits.ts'
import { useRequestParams } from './request-params.ts'
import type { RequestedDocuments } from './requested-documents.ts'
import type { ServerContext, Yoga } from './server-context.ts'
import { useUnavailableResults } from './unavailable-results.ts'
import { useRepeatableRead } from './use-repeatable-read.ts'
import { useRequestedDocuments } from './use-requested-documents.ts'
import { useReservedNames } from './use-reserved-names.ts'
import { useVariableLimits } from './variables.ts'

export interface GraphQLHandler {
  /** For transports that prepare operations themselves. */
  yoga: Yoga
  documents: RequestedDocuments
  /** Handles an HTTP request. */
  handle: (request: IncomingMessage, response: ServerResponse, context: ServerContext) => unknown
}

export interface GraphQLHandlerDeps {
  config: Config
  services: Services
  verify: Verify
  log: ErrorLog
  documents: RequestedDocuments
  /** What is checked before a stream is opened. */
  admission: StreamAdmission
  /** Keeps the responses of public queries; null for none. */
  readCache: { cache: ResponseCache; watch: ReadCacheWatch; cdn: CdnPolicy | null } | null
}

/**
 * Creates the GraphQL handler: parsing, validation, limits, masking and context, for HTTP, server-sent events
 * and websockets.
 */
export function createGraphQLHandler({
  config,
  services,
  verify,
  log,
  documents,
  admission,
  readCache,
}: GraphQLHandlerDeps): GraphQLHandler {
  const mask = errorMask(log)
  const authenticate = (request: Request, { req, verified }: ServerContext) => {
    const network = req && admission.connectionLimiter.networkOf(req)
    return withHttpStatus(() => verified ?? verify(request.headers.get('authorization'), network))
  }
  const quotas: Quotas = new WeakMap()
  const yoga: Yoga = createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    context: async ({
      viewer: known,
      verified,
      reads,
      receivedAt = services.now(),
      request,
      params,
      req,
      requester,
    }) => {
      const viewer = known ?? (await authenticate(request, { req, verified }))
      const client = requester ?? (req && requesterOf(req, admission.connectionLimiter))
      const seen = reads ? observed(viewer, reads) : viewer
      const context = createContext(services, seen, receivedAt, lastEventId(request), client, reads)
      const { partnerId } = viewer
      if (partnerId === undefined) return context
      const rule = chargeRuleOf(schema, params?.query, params?.operationName)
      const charging = () =>
        chargeOperation(rule, (at = receivedAt) => charge(services.prisma, partnerId, at))
      const charged = request ? await withHttpStatus(charging) : await charging()
      if (request && charged) quotas.set(request, charged)
      return { ...context, charge: charged }
    },
    plugins: [
      useRequestParams(),
      useRequestedDocuments({
        documents,
        authenticate,
        isExempt: ({ headers }, { req }) => isFromGraphiQL(config, headers.get('origin'), req?.headers.host),
      }),
      useQuotaHeaders(quotas),
      useChunkLimit(),
      useVariableLimits(),
      useDocumentLimits(),
      useIntrospectionCache(),
      useQueryLimits(),
      useRepeatableRead(),
      useReservedNames(documents.persisted),
      useQueriesOnly(),
      useUnavailableResults(),
      useErrorLimit(),
      useEventStreams((error) => mask(error, UNEXPECTED), admission),
    ],
    maskedErrors: { maskError: mask, errorMessage: UNEXPECTED },
    graphiql: false,
    cors: (request) => corsFor(config, request.headers.get('origin')),
    maxRequestBodySize: MAX_BODY_BYTES,
    parserAndValidationCache: documentCaches(),
    batching: false,
    multipart: false,
    landingPage: false,
    logging: false,
  })
  const handle = createPlainHandler({
    yoga,
    documents,
    cache:
      readCache &&
      new QueryCache({
        ...readCache,
        verify,
        networkOf: (request) => admission.connectionLimiter.networkOf(request),
      }),
    errorsOf: (error) => [mask(error, UNEXPECTED)],
    headersFor: (request) => ({
      ...getCORSHeadersByRequestAndOptions(request, corsFor(config, request.headers.get('origin'))),
      ...quotaHeadersOf(quotas, request),
    }),
  })
  return { yoga, documents, handle }
}

/** Only the responses of queries are kept. */
function useQueriesOnly(): Plugin<Context> {
  return {
    onExecute({ args }) {
      const { document, operationName, contextValue } = args
      if (getOperationAST(document, operationName)?.operation !== 'query')
        contextValue.recordedReads?.markPrivate()
    },
  }
}

/** The message of an unexpected error. */
const UNEXPECTED = 'Unexpected error.'

/**
 * The last event id of a reconnecting client: browsers' EventSource sends it as a header, polyfills that
 * can't set headers in the query. It is empty before the first event. Over websockets there is no request.
 */
function lastEventId(request: Request | undefined): string | null {
  if (!request) return null
  const [, query = ''] = request.url.split(/\?(.*)/s, 2)
  return request.headers.get('last-event-id') || new URLSearchParams(query).get('lastEventId') || null
}

/** Over HTTP each request counts as a connection. */
function requesterOf(connection: IncomingMessage, connectionLimiter: ConnectionLimiter): Requester {
  return { connection, address: connectionLimiter.limitedNetworkOf(connection) }
}

/** Errors of the work fail the whole request, with their HTTP status. */
async function withHttpStatus<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof DomainError ? httpError(error) : error
  }
}

/** The charges of requests, for their response headers. */
type Quotas = WeakMap<Request, OperationCharge>

function useQuotaHeaders(quotas: Quotas): Plugin {
  return {
    onResponse({ request, response }) {
      for (const [name, value] of Object.entries(quotaHeadersOf(quotas, request))) {
        response.headers.set(name, value)
      }
    },
  }
}

function quotaHeadersOf(quotas: Quotas, request: Request): Record<string, string> {
  const charged = quotas.get(request)
  return charged ? quotaHeaders(charged) : {}
}

function corsFor(config: Config, origin: string | null) {
  if (origin === null || !isAllowedOrigin(config, origin)) return false
  return {
    origin,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'accept', 'last-event-id'],
    maxAge: 86_400,
  }
}
