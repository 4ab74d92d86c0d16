import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, processRegularResult } from 'graphql-yoga'
import { limitResult } from '../../graphql/error-limit.ts'
import { readBody } from '../../net/read-body.ts'
import { respond } from '../respond.ts'
import type { RequestedDocuments } from './requested-documents.ts'
import type { ServerContext, Yoga } from './server-context.ts'
import { withUnavailableStatus } from './unavailable-results.ts'

// Ordinary requests: JSON posts whose response is JSON. They are read from Node's request and answered on Node's
// response; GraphQL Yoga would create a Request, a Response and four streams for each, which takes as long as
// executing a page. Everything in between is Yoga's: the checks of parameters, parsing, validation, limits, context,
// execution and masking are the same hooks for all requests. Yoga handles every request that is not ordinary.

/** The largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 100 * 1024

export interface JsonPostDeps {
  yoga: Yoga
  documents: RequestedDocuments
  /** The errors of a request that was refused before it was executed. */
  errorsOf: (error: unknown) => ExecutionResult['errors']
  /** The headers of a response: of CORS, and of quotas. */
  headersFor: (request: Request) => Record<string, string>
}

/** Handles ordinary requests, and passes all others to Yoga. */
export function createJsonPostHandler(deps: JsonPostDeps) {
  const { yoga } = deps
  return async (request: IncomingMessage, response: ServerResponse, context: ServerContext) => {
    const mediaType = isJsonPost(request) ? acceptedMediaType(request.headers.accept) : null
    if (mediaType === null) return yoga(request, response, context)
    const text = await readBody(request, MAX_BODY_BYTES).catch(() => null)
    // The client has disconnected.
    if (text === null) return response.destroy()
    const params = paramsIn(text, deps.documents)
    // Yoga refuses a body that is no object, and sends subscriptions as event streams.
    if (params === null) return yoga(withBody(request, text), response, context)
    const asked = headersOnly(request)
    const result = await resultOf(params, asked, { ...context, req: request, res: response }, deps)
    send(response, result, mediaType, deps.headersFor(asked))
  }
}

async function resultOf(
  params: Params,
  request: Request,
  context: ServerContext & { res: ServerResponse },
  { yoga, errorsOf }: JsonPostDeps,
): Promise<ExecutionResult> {
  try {
    const result = await yoga.getResultForParams({ params, request }, context as never)
    if (result && !Array.isArray(result) && !isAsyncIterable(result)) return result as ExecutionResult
    throw new Error('an operation that is not a subscription returned a stream')
  } catch (error) {
    return { errors: errorsOf(error) }
  }
}

function send(
  response: ServerResponse,
  result: ExecutionResult,
  mediaType: string,
  headers: Record<string, string>,
): void {
  const shown = limitResult(withUnavailableStatus(result))
  const { body, init } = processRegularResult(shown, RESPONSES, mediaType) as unknown as PlainResponse
  const { 'Content-Type': type, ...own } = init.headers
  respond(response, init.status, { type, body, headers: { ...own, ...headers } })
}

/** What Yoga makes of a result, without a Response of the Fetch API. */
class PlainResponse {
  readonly body: string
  readonly init: { status: number; headers: Record<string, string> }

  constructor(body: string, init: PlainResponse['init']) {
    this.body = body
    this.init = init
  }
}

const RESPONSES = { Response: PlainResponse } as unknown as Parameters<typeof processRegularResult>[1]

/** Whether a request is a JSON post whose length is known and allowed. */
function isJsonPost({ method, headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return (
    method === 'POST' &&
    /^application\/json(?:;|$)/.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    headers['last-event-id'] === undefined &&
    length !== undefined &&
    /^[1-9]\d{0,5}$/.test(length) &&
    Number(length) <= MAX_BODY_BYTES
  )
}

/**
 * The media type of the response, the first that a client accepts; null unless the client accepts nothing but JSON and
 * wildcards.
 */
export function acceptedMediaType(accept = '*/*'): string | null {
  const types = accept.replace(/\s/g, '').toLowerCase().split(',').map(jsonTypeOf)
  return types.every((type) => type !== null) ? (types[0] ?? null) : null
}

/** The media type of a response to one entry of Accept; as in Yoga, weights are ignored. */
function jsonTypeOf(entry: string): string | null {
  const [type = '', ...parameters] = entry.split(';')
  const isReadable = parameters.every((each) => !each.startsWith('charset=') || each === 'charset=utf-8')
  return isReadable ? (JSON_TYPES.get(type) ?? null) : null
}

const JSON_TYPES: ReadonlyMap<string, string> = new Map([
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/*', 'application/json'],
  ['*/*', 'application/json'],
])

type Params = Parameters<Yoga['getResultForParams']>[0]['params']

function paramsIn(text: string, documents: RequestedDocuments): Params | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return documents.textFor(value)?.includes('subscription') ? null : value
}

/** A request whose body has been read, for Yoga. */
function withBody(request: IncomingMessage, body: string): IncomingMessage & { body: string } {
  return Object.assign(request, { body })
}

/** The part of a Request that the hooks read. */
function headersOnly({ method, url, headers }: IncomingMessage): Request {
  const get = (name: string) => {
    const value = headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  return { method, url, headers: { get } } as unknown as Request
}
