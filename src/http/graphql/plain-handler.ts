import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { isAsyncIterable } from 'graphql-yoga'
import type { Reads } from '../../read-cache/reads.ts'
import { NO_SNIFFING, respond } from '../respond.ts'
import { acceptedMediaType, isPlainRequest, type Params, paramsOf, withText } from './plain-request.ts'
import { type PlainResult, plainResult } from './plain-result.ts'
import type { KeptQuery, QueryCache, Viewing } from './query-cache.ts'
import type { RequestedDocuments } from './requested-documents.ts'
import type { ServerContext, Yoga } from './server-context.ts'

// Ordinary requests: GET requests and JSON posts whose response is JSON. They are read from Node's request and answered
// on Node's response; GraphQL Yoga would create a Request, a Response and four streams for each, which takes as long as
// executing a page. Everything in between is Yoga's: the checks of parameters, parsing, validation, limits, context,
// execution and masking are the same hooks for all requests. Yoga handles every request that is not ordinary.

export interface PlainHandlerDeps {
  yoga: Yoga
  documents: RequestedDocuments
  /** Keeps the responses of public queries; null for none. */
  cache: QueryCache | null
  /** The errors of a request that was refused before it was executed. */
  errorsOf: (error: unknown) => ExecutionResult['errors']
  /** The headers of a response: of CORS, and of quotas. */
  headersFor: (request: Request) => Record<string, string>
}

/** Handles ordinary requests, and passes all others to Yoga. */
export function createPlainHandler(deps: PlainHandlerDeps) {
  const { yoga, cache } = deps
  const pass = async (request: IncomingMessage, response: ServerResponse, context: ServerContext) => {
    response.setHeader(...NO_SNIFFING)
    await yoga(request, response, context)
  }
  const execute = async (asked: Asked, verified: Viewing['verified'], kept: KeptQuery | null) => {
    const { request, response, context, mediaType, text, hooked } = asked
    const params = paramsOf(request, text, deps.documents)
    // Yoga refuses invalid requests, and sends subscriptions as event streams.
    if (params === null) return pass(withBody(request, text), response, { ...context, verified })
    const run = async (reads: Reads | null) => {
      const serverContext = { ...context, req: request, res: response, verified, reads }
      return plainResult(await resultOf(params, hooked(), serverContext, deps), mediaType)
    }
    const made = kept ? await kept.execute(run) : await run(null)
    if (made) send(request, response, made, deps.headersFor(hooked()))
  }
  // Not with promises: a kept response is sent within the event that brings the end of the request.
  const serve = (asked: Asked, { audience, verified }: Viewing) => {
    const headersOf = () => deps.headersFor(asked.hooked())
    const kept = cache && audience && cache.open({ ...asked, audience, headersOf })
    if (kept?.answer()) return
    execute(asked, verified, kept).catch(() => asked.response.destroy())
  }
  return (request: IncomingMessage, response: ServerResponse, context: ServerContext) => {
    const mediaType = isPlainRequest(request) ? acceptedMediaType(request.headers.accept) : null
    if (mediaType === null) return pass(request, response, context)
    withText(request, (text) => {
      const viewing = cache?.viewingOf(request) ?? UNKNOWN
      let known: Request | null = null
      const hooked = () => {
        known ??= headersOnly(request)
        return known
      }
      const asked = { request, response, context, mediaType, text, hooked }
      try {
        if (viewing instanceof Promise) {
          viewing.then((seen) => serve(asked, seen)).catch(() => response.destroy())
        } else {
          serve(asked, viewing)
        }
      } catch {
        // An error within an event of the request would end the process.
        response.destroy()
      }
    })
  }
}

interface Asked {
  request: IncomingMessage
  response: ServerResponse
  context: ServerContext
  mediaType: string
  text: string
  /** The request as hooks see it. */
  hooked: () => Request
}

/** Who sent a request if nothing is kept. */
const UNKNOWN: Viewing = { audience: null }

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers }: PlainResult,
  own: Record<string, string>,
): void {
  response.setHeader(...NO_SNIFFING)
  const caching = request.method === 'GET' ? NOT_KEPT : {}
  respond(response, status, { type, body, headers: { ...caching, ...headers, ...own } })
}

/** A response that is not kept here may not be kept elsewhere. */
const NOT_KEPT = { 'cache-control': 'private, no-store' }

async function resultOf(
  params: Params,
  request: Request,
  context: ServerContext & { res: ServerResponse },
  { yoga, errorsOf }: PlainHandlerDeps,
): Promise<ExecutionResult> {
  try {
    const result = await yoga.getResultForParams({ params, request }, context as never)
    if (result && !Array.isArray(result) && !isAsyncIterable(result)) return result as ExecutionResult
    throw new Error('an operation that is not a subscription returned a stream')
  } catch (error) {
    return { errors: errorsOf(error) }
  }
}

/** A request whose body has been read, for Yoga. */
function withBody(request: IncomingMessage, body: string): IncomingMessage {
  return request.method === 'GET' ? request : Object.assign(request, { body })
}

/** The part of a Request that the hooks read. */
function headersOnly({ method, url, headers }: IncomingMessage): Request {
  const get = (name: string) => {
    const value = headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  return { method, url, headers: { get } } as unknown as Request
}
