import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { RevocationWatch } from '../auth/revocation.ts'
import type { Viewer } from '../auth/viewer.ts'
import { runEvery } from '../base/clock.ts'
import { Forbidden } from '../base/errors.ts'
import { Payload, type Sink } from '../comment-feed/payload.ts'
import type { ConnectionLimiter } from './connection-limiter.ts'
import { EventStreamSink } from './event-stream-sink.ts'

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
export interface PendingStream {
  /** Sends all results to a sink. Returns a function that stops it. */
  deliver: (sink: Sink) => () => void
  /** Ends the subscription before it has started. */
  dispose: () => void
  viewer: Viewer
  httpRequest: IncomingMessage
}

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would buffer events otherwise.
  'x-accel-buffering': 'no',
}

/** Opens the stream of a subscription. It counts as a connection until it is closed. */
export function openStream(
  { deliver, viewer, httpRequest }: PendingStream,
  { connectionLimiter, revocation, streams }: StreamAdmission,
): Readable {
  const sink = new EventStreamSink()
  const { stream } = sink
  // Some browsers report the response headers only after the first byte.
  sink.ping()
  const stopPinging = runEvery(PING_INTERVAL_MS, () => sink.ping())
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
    void stopPinging()
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
