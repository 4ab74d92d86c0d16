import { runAt, type Timer } from '../base/clock.ts'
import type { DomainError } from '../base/errors.ts'
import type { Audience } from './audience.ts'
import type { CommentFeedEvent } from './event.ts'
import { Payload, type Sink } from './payload.ts'
import { PayloadQueue } from './queue.ts'
import type { StartingPoint } from './starting-point.ts'
import { FeedSubscriber } from './subscriber.ts'
import type { SubscriberGroup } from './subscriber-group.ts'

/** What the hub provides to a subscription. */
export interface SourceDeps {
  /** The starting point; null while the feed is read again. */
  start: () => StartingPoint | null
  /**
   * Counts an audience for the client. Returns a function that releases it, or null when a limit is reached.
   */
  admit: (audience: Audience) => (() => void) | null
  /** Finds or creates the group of an audience. */
  group: (audience: Audience) => SubscriberGroup
  /** Comments that were retracted, and must not be sent as approved. */
  retractedIds: ReadonlySet<string>
  /** When the subscriber's token expires, and the error that it is then sent. */
  expiry: { at: Date; failure: DomainError } | null
  now: () => Date
  /** Called once, when the subscription has ended. */
  release: () => void
}

/**
 * A subscription that was accepted and has no consumer yet. The transports share its executions with a group
 * (`deliver`); iterated, as graphql-js does it, it yields the feed's events.
 */
export class CommentFeedSource implements AsyncIterableIterator<CommentFeedEvent, undefined> {
  readonly #deps: SourceDeps
  #isOver = false
  #queue: PayloadQueue | null = null
  #releaseAudience: () => void = () => {}

  constructor(deps: SourceDeps) {
    this.#deps = deps
  }

  /** Counts the audience for the client. Returns false, and ends the subscription, when a limit is reached. */
  admit(audience: Audience): boolean {
    const releaseAudience = this.#deps.admit(audience)
    if (releaseAudience) this.#releaseAudience = releaseAudience
    else this.dispose()
    return releaseAudience !== null
  }

  /**
   * Joins the group of an audience and sends its results to a sink.
   * @returns a function that leaves the group
   */
  deliver(audience: Audience, sink: Sink): () => void {
    const { expiry } = this.#deps
    const start = this.#deps.start()
    if (!start) return this.#disconnect(sink)
    const { position, reset } = start
    const group = this.#deps.group(audience)
    let timer: Timer | undefined
    const subscriber = new FeedSubscriber(group, position, sink, () => {
      timer?.cancel()
      this.dispose()
    })
    group.add(subscriber)
    if (expiry) {
      timer = runAt(
        expiry.at,
        () => {
          if (subscriber.left) return
          sink.send([failed(expiry.failure)])
          subscriber.finish()
        },
        this.#deps.now,
      )
    }
    group.startSubscriber(subscriber, reset)
    return () => subscriber.leave()
  }

  /** Ends the connection so that the client reconnects with its cursor. */
  #disconnect(sink: Sink): () => void {
    this.dispose()
    queueMicrotask(() => sink.cut())
    return () => {}
  }

  /** Ends the subscription. */
  dispose(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#releaseAudience()
    this.#deps.release()
  }

  async next(): Promise<IteratorResult<CommentFeedEvent, undefined>> {
    if (this.#isOver && !this.#queue) return DONE
    this.#queue ??= new PayloadQueue((sink) =>
      this.deliver(
        {
          key: `unshared ${++unsharedGroups}`,
          execute: async (event) => new EventPayload(event),
          isCacheable: true,
          isUnshared: true,
        },
        sink,
      ),
    )
    const payload = await this.#queue.next()
    if (payload === null) return DONE
    if (payload instanceof EventPayload) {
      const { event } = payload
      const isRetracted = event.kind === 'APPROVED' && this.#deps.retractedIds.has(event.comment.id)
      return isRetracted ? this.next() : { done: false, value: event }
    }
    throw this.#deps.expiry?.failure
  }

  async return(): Promise<IteratorResult<CommentFeedEvent, undefined>> {
    this.#queue?.discard()
    this.dispose()
    return DONE
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}

/** Numbers the groups of iterated subscriptions, which are not shared. */
let unsharedGroups = 0

const DONE = { done: true, value: undefined } as const

class EventPayload extends Payload {
  readonly event: CommentFeedEvent

  constructor(event: CommentFeedEvent) {
    super({}, event.cursor)
    this.event = event
  }
}

function failed({ message, code }: DomainError): Payload {
  return new Payload({ errors: [{ message, extensions: { code } }] }, null)
}
