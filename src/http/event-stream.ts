import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { RevocationWatch } from '../auth/revocation.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, Forbidden, TemporarilyUnavailable } from '../base/errors.ts'
import { isServerError, RETRY_AFTER_HEADER } from '../base/transient-errors.ts'
import { Payload, type Sink } from '../comment-feed/payload.ts'
import type { Context } from '../graphql/context.ts'
import { type Mask, SharedCommentFeed, subscribeShared } from '../graphql/subscribe.ts'
import type { ConnectionLimiter } from './connection-limiter.ts'
import { MAX_QUEUED_BYTES } from './limits.ts'
import { deliverUnshared, isUnshared, maskErrors } from './unshared-subscription.ts'

/** The interval of comments on an idle stream, in ms: proxies close silent connections. */
const PING_INTERVAL_MS = 12_000

/** What is checked before a stream is opened, as for a websocket. */
export interface StreamAdmission {
  connectionLimiter: ConnectionLimiter
  revocation: RevocationWatch
  /** The requests that have an open stream. */
  streams: Set<IncomingMessage>
}

/** A subscription whose stream is not open yet. */
interface PendingStream {
  /** Sends all results to a sink. Returns a function that stops it. */
  deliver: (sink: Sink) => () => void
  /** Ends the subscription before it has started. */
  dispose: () => void
  viewer: Viewer
  httpRequest: IncomingMessage
}

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
        return new Response(streamOf(pending, admission) as never, { headers: HEADERS })
      }, 'text/event-stream')
    },
  }
}

/** How a subscription's results are sent to a sink; null for a result that is not a subscription. */
function subscriptionOf(
  results: Awaited<ReturnType<typeof subscribeShared>>,
  mask: Mask,
): Pick<PendingStream, 'deliver' | 'dispose'> | null {
  if (results instanceof SharedCommentFeed) {
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
    new GraphQLError('Subscriptions are sent as server-sent events. Accept text/event-stream.', {
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
  if (full) return refused(new TooManyConnections(), Number.parseInt(full, 10))
  try {
    await revocation.check(viewer)
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return refused(error, error instanceof Forbidden ? 403 : 503)
  }
}

class TooManyConnections extends TemporarilyUnavailable {
  constructor() {
    super('There are too many connections. Close one, or try again later.')
  }
}

/** Clients of event streams read the status and not the body of a refusal. */
function refused({ message, code }: DomainError, status: number): ExecutionResult {
  const http = { status, headers: status === 403 ? {} : RETRY_AFTER_HEADER }
  return { errors: [new GraphQLError(message, { extensions: { code, http } })] }
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would buffer events otherwise.
  'x-accel-buffering': 'no',
}

function streamOf(
  { deliver, viewer, httpRequest }: PendingStream,
  { connectionLimiter, revocation, streams }: StreamAdmission,
): Readable {
  const sink = new EventStreamSink()
  const { stream } = sink
  // Some browsers report the response headers only after the first byte.
  stream.push(PING)
  const ping = setInterval(() => {
    if (stream.readableLength === 0) stream.push(PING)
  }, PING_INTERVAL_MS)
  const end = deliver(sink)
  const leave = connectionLimiter.acquire(httpRequest)
  // A revocation between the check and this line is found by the next poll.
  const unwatch = revocation.watch(viewer, (reason) => {
    unwatch()
    end()
    sink.send([new Payload(revokedResult(reason), null)])
    sink.end()
  })
  streams.add(httpRequest)
  // Nothing else would end a stream that is not read yet.
  const cut = () => stream.destroy()
  httpRequest.socket.once('close', cut)
  stream.once('close', () => {
    // The connection may serve other requests later.
    httpRequest.socket.off('close', cut)
    // Yoga's pipe only reacts to the stream's end: without this the client would wait forever.
    if (!stream.readableEnded) httpRequest.socket.destroy()
    clearInterval(ping)
    streams.delete(httpRequest)
    unwatch()
    leave()
    end()
  })
  return stream
}

/** The last result of a viewer who is revoked while connected. */
function revokedResult(reason: string): object {
  const { message, code } = new Forbidden(reason)
  return { errors: [{ message, extensions: { code } }] }
}

class EventStreamSink implements Sink {
  readonly stream = new Readable({ read: () => this.#onWritable() })
  #over = false
  #onWritable: () => void = () => {}

  constructor() {
    // An error event without a listener would end the process.
    this.stream.on('error', () => {})
    this.stream.on('close', () => this.#onWritable())
  }

  whenWritable(): Promise<void> | null {
    if (this.#over || this.stream.readableLength <= MAX_QUEUED_BYTES / 2) return null
    return new Promise((resolve) => {
      this.#onWritable = resolve
    })
  }

  send(payloads: readonly Payload[]): void {
    for (const payload of payloads) {
      if (this.#over) return
      if (this.stream.readableLength > MAX_QUEUED_BYTES) this.cut()
      else this.stream.push(payload.eventStream)
    }
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    this.stream.push(COMPLETE)
    this.stream.push(null)
  }

  /** Ends the stream without completing it, so that the client reconnects with its last event id. */
  cut(): void {
    this.#over = true
    this.stream.destroy()
  }
}

const PING = Buffer.from(':\n\n')
const COMPLETE = Buffer.from('event: complete\ndata:\n\n')
