import type { IncomingMessage } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, TemporarilyUnavailable } from '../base/errors.ts'
import { isServerError, RETRY_AFTER_HEADER } from '../base/transient-errors.ts'
import type { Context } from '../graphql/context.ts'
import { type Mask, SharedSubscription, subscribeShared } from '../graphql/subscribe.ts'
import { iterableBody } from './iterable-body.ts'
import { openStream, type PendingStream, STREAM_HEADERS, type StreamAdmission } from './open-stream.ts'
import { statusOf } from './status.ts'
import { deliverUnshared, isUnshared, maskErrors } from './unshared-subscription.ts'

/**
 * Sends subscriptions as server-sent events; subscribers of a shared comment feed are sent the same bytes.
 * The id of an event is its cursor, and a `Last-Event-ID` header resumes after it, as browsers' EventSource
 * does.
 */
export function useEventStreams(mask: Mask, admission: StreamAdmission): Plugin<Context> {
  const pendingStreams = new WeakMap<Request, PendingStream>()
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args) => {
        const { request, req, viewer } = args.contextValue as Context & {
          request: Request
          req: IncomingMessage
        }
        if (!acceptsEventStream(request)) return NOT_ACCEPTABLE
        const refusal = await refusalOf(req, viewer, admission)
        if (refusal) return refusal
        const results = await subscribeShared(args, mask)
        const subscription = subscriptionOf(results, mask)
        if (subscription) pendingStreams.set(request, { ...subscription, viewer, httpRequest: req })
        return results
      })
    },
    onResultProcess({ request, result, setResult, setResultProcessor }) {
      if (namesEventStream(request) && isServerError(result) && !hasStatus(result)) {
        return setResult({ ...result, extensions: { http: { status: 503, headers: RETRY_AFTER_HEADER } } })
      }
      const pending = pendingStreams.get(request)
      if (!pending || !acceptsEventStream(request)) return
      setResultProcessor((_result, { Response }) => {
        if (isDisconnected(pending.httpRequest)) {
          pending.dispose()
          return new Response(null)
        }
        return new Response(iterableBody(openStream(pending, admission)), { headers: STREAM_HEADERS })
      }, 'text/event-stream')
    },
  }
}

/** How a subscription's results are sent to a sink; null for a result that is not a subscription. */
function subscriptionOf(
  results: Awaited<ReturnType<typeof subscribeShared>>,
  mask: Mask,
): Pick<PendingStream, 'deliver' | 'dispose'> | null {
  if (results instanceof SharedSubscription) {
    return { deliver: (sink) => results.deliver(sink), dispose: () => results.dispose() }
  }
  if (!isUnshared(results)) return null
  const own = maskErrors(results, mask)
  return { deliver: (sink) => deliverUnshared(own, sink), dispose: () => void own.return() }
}

/** Whether the client has disconnected before the response. */
function isDisconnected({ socket }: IncomingMessage): boolean {
  return socket.destroyed
}

/** The response to a subscription request that does not accept an event stream. */
const NOT_ACCEPTABLE: ExecutionResult = {
  errors: [
    new GraphQLError('Subscriptions are sent as server-sent events. Send "Accept: text/event-stream".', {
      extensions: { code: 'INVALID_INPUT', http: { status: 406 } },
    }),
  ],
}

function acceptsEventStream(request: Request): boolean {
  return /text\/(event-stream|\*)|\*\/\*/.test(request.headers.get('accept') ?? '*/*')
}

function namesEventStream(request: Request): boolean {
  return request.headers.get('accept')?.includes('text/event-stream') ?? false
}

/** Whether an error sets the HTTP status of event streams too. */
function hasStatus({ errors }: ExecutionResult): boolean {
  return errors?.some(({ extensions: { http } }) => http !== undefined && !http.spec) ?? false
}

/** Why a stream may not be opened; null when it may. */
async function refusalOf(
  httpRequest: IncomingMessage,
  viewer: Viewer,
  { connectionLimiter, revocation }: StreamAdmission,
): Promise<ExecutionResult | null> {
  const full = connectionLimiter.refusalStatus(httpRequest)
  if (full) return refused(new TooManyConnections(), Number.parseInt(full, 10), RETRY_AFTER_HEADER)
  try {
    await revocation.check(viewer)
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { status, headers } = statusOf(error)
    return refused(error, status, headers)
  }
}

class TooManyConnections extends TemporarilyUnavailable {
  constructor() {
    super('There are too many connections. Close one, or try again later.')
  }
}

/** Clients of event streams read the status and not the body of a refusal. */
function refused(
  { message, code }: DomainError,
  status: number,
  headers: Record<string, string>,
): ExecutionResult {
  return { errors: [new GraphQLError(message, { extensions: { code, http: { status, headers } } })] }
}
