import { Readable } from 'node:stream'
import type { Plugin } from 'graphql-yoga'
import type { Payload, Sink } from '../feed/payload.ts'
import { type Mask, SharedFeed, subscribeShared } from '../feed/share.ts'
import type { Context } from '../graphql/context.ts'
import { MAX_QUEUED } from './limits.ts'

/** How often an idle stream says that it is there, in ms: proxies cut what is silent for long. */
const PING_EVERY = 12_000

/**
 * Sends comment feeds as server-sent events: the same bytes to everybody who shares them. Each event's id
 * is its cursor, and a `Last-Event-ID` header resumes behind it, as browsers' EventSource does by itself.
 */
export function useEventStreams(mask: Mask): Plugin<Context> {
  const feeds = new WeakMap<Request, SharedFeed>()
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args) => {
        const result = await subscribeShared(args, mask)
        const { request } = args.contextValue as { request?: Request }
        if (request && result instanceof SharedFeed) feeds.set(request, result)
        return result
      })
    },
    onResultProcess({ request, setResultProcessor }) {
      const feed = feeds.get(request)
      if (!feed || !request.headers.get('accept')?.includes('text/event-stream')) return
      setResultProcessor(
        (_result, { Response }) => new Response(streamOf(feed) as never, { headers: HEADERS }),
        'text/event-stream',
      )
    },
  }
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would collect events before it passes them on.
  'x-accel-buffering': 'no',
}

function streamOf(feed: SharedFeed): Readable {
  const stream = new Readable({ read() {} })
  // Some browsers do not take the headers for arrived before there is a byte.
  stream.push(PING)
  const ping = setInterval(() => {
    if (stream.readableLength === 0) stream.push(PING)
  }, PING_EVERY)
  const leave = feed.deliver(new EventStreamSink(stream))
  stream.once('close', () => {
    clearInterval(ping)
    leave()
  })
  return stream
}

class EventStreamSink implements Sink {
  readonly #stream: Readable

  constructor(stream: Readable) {
    this.#stream = stream
  }

  send(payload: Payload): void {
    // Cut, not completed: the client comes back with the last id that it read.
    if (this.#stream.readableLength > MAX_QUEUED) this.#stream.destroy()
    else this.#stream.push(payload.eventStream)
  }

  end(): void {
    this.#stream.push(COMPLETE)
    this.#stream.push(null)
  }
}

const PING = Buffer.from(':\n\n')
const COMPLETE = Buffer.from('event: complete\ndata:\n\n')
