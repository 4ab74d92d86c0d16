import { runAt, type Timer } from '../base/clock.ts'
import type { DomainError } from '../base/errors.ts'
import type { Audience } from './audience.ts'
import { errorPayload, Payload, type Sink } from './payload.ts'
import { PayloadQueue } from './queue.ts'

/** What every shared subscription needs. */
export interface SharedSourceDeps {
  /**
   * Counts an audience for the client. Returns a function that releases it, or null when a limit is reached.
   */
  admit: (audience: Audience<never>) => (() => void) | null
  /** When the subscriber's token expires, and the error that it is then sent. */
  expiry: { at: Date; failure: DomainError } | null
  now: () => Date
  /** Called once, when the subscription has ended. */
  release: () => void
}

/**
 * A subscription that was accepted and has no consumer yet. The transports share its executions with a group
 * (`deliver`); iterated, as graphql-js does it, it yields its events.
 */
export abstract class SharedSource<Event extends object> implements AsyncIterableIterator<Event, undefined> {
  /** Whether every subscriber gets the results of an anonymous viewer. */
  readonly isPublic: boolean = false
  readonly #deps: SharedSourceDeps
  #isOver = false
  #queue: PayloadQueue | null = null
  #releaseAudience: () => void = () => {}

  constructor(deps: SharedSourceDeps) {
    this.#deps = deps
  }

  /**
   * Joins the group of an audience and sends its results to a sink.
   * @returns a function that leaves the group
   */
  abstract deliver(audience: Audience<Event>, sink: Sink): () => void

  /** Counts the audience for the client. Returns false, and ends the subscription, when a limit is reached. */
  admit(audience: Audience<Event>): boolean {
    const releaseAudience = this.#deps.admit(audience)
    if (releaseAudience) this.#releaseAudience = releaseAudience
    else this.dispose()
    return releaseAudience !== null
  }

  /** Ends the subscription. */
  dispose(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#releaseAudience()
    this.#deps.release()
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    if (this.#isOver && !this.#queue) return DONE
    this.#queue ??= new PayloadQueue((sink) => this.deliver(iteratedAudience(), sink))
    const payload = await this.#queue.next()
    if (payload === null) return DONE
    if (payload instanceof EventPayload) {
      const event = payload.event as Event
      return this.isStale(event) ? this.next() : { done: false, value: event }
    }
    throw this.#deps.expiry?.failure
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
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

  /** Whether an event that was queued must not be shown any more. */
  protected isStale(_event: Event): boolean {
    return false
  }

  /** Ends the subscription with an error when the subscriber's token expires. */
  protected endAtExpiry(subscriber: { left: boolean; sink: Sink; finish(): void }): Timer | undefined {
    const { expiry, now } = this.#deps
    if (!expiry) return undefined
    const end = () => {
      if (subscriber.left) return
      subscriber.sink.send([errorPayload(expiry.failure)])
      subscriber.finish()
    }
    return runAt(expiry.at, end, now)
  }

  /** Ends the connection so that the client reconnects with its cursor. */
  protected disconnect(sink: Sink): () => void {
    this.dispose()
    queueMicrotask(() => sink.cut())
    return () => {}
  }
}

/** Numbers the groups of iterated subscriptions, which are not shared. */
let iterated = 0

function iteratedAudience<Event extends object>(): Audience<Event> {
  return {
    key: `unshared ${++iterated}`,
    execute: async (event) => new EventPayload(event),
    isCacheable: true,
    isUnshared: true,
  }
}

const DONE = { done: true, value: undefined } as const

class EventPayload extends Payload {
  readonly event: object

  constructor(event: object) {
    super({}, null)
    this.event = event
  }
}
