import { type Alarm, atMoment } from '../base/clock.ts'
import type { DomainError } from '../base/errors.ts'
import type { Audience } from './audience.ts'
import type { FeedEvent } from './event.ts'
import type { FeedGroup } from './group.ts'
import { Payload, type Sink } from './payload.ts'
import { PayloadQueue } from './queue.ts'
import { FeedMember } from './subscriber.ts'

export interface StartingPoint {
  /** Everything up to here is behind the subscriber. */
  position: number
  /** An event to begin with, when the subscriber's cursor can't be honoured. */
  reset: FeedEvent | null
}

/** What the hub hands to a subscription: where it starts, and the way into a group. */
export interface SourceDeps {
  /** Where it starts; null while the feed is read anew. */
  start: () => StartingPoint | null
  /** Counts an audience for the client; returns what ends that, or null when it is one too many. */
  admit: (audience: Audience) => (() => void) | null
  /** Finds or makes the group of an audience. */
  group: (audience: Audience) => FeedGroup
  /** Comments whose approval must not be shown any more. */
  takenBack: ReadonlySet<string>
  /** When the subscriber's rights end, and what it is told then. */
  expiry: { at: Date; failure: DomainError } | null
  now: () => Date
  /** Called once, when the subscription is over. */
  release: () => void
}

/**
 * A subscription that the schema has admitted and that nobody reads yet. The gate lets it share a group's
 * executions (`deliver`); iterated, as graphql-js itself would, it yields the feed's events.
 */
export class FeedSource implements AsyncIterableIterator<FeedEvent, undefined> {
  readonly #deps: SourceDeps
  #over = false
  #queue: PayloadQueue | null = null
  #uncount: () => void = () => {}

  constructor(deps: SourceDeps) {
    this.#deps = deps
  }

  /** Counts its audience for the client; when that is one too many, gives the subscription back and returns false. */
  admit(audience: Audience): boolean {
    const uncount = this.#deps.admit(audience)
    if (uncount) this.#uncount = uncount
    else this.dispose()
    return uncount !== null
  }

  /**
   * Joins the group of an audience and sends everything to a sink.
   * @returns a function that leaves
   */
  deliver(audience: Audience, sink: Sink): () => void {
    const { expiry } = this.#deps
    const start = this.#deps.start()
    if (!start) return this.#sendBack(sink)
    const { position, reset } = start
    const group = this.#deps.group(audience)
    let alarm: Alarm | undefined
    const member = new FeedMember(group, position, sink, () => {
      alarm?.cancel()
      this.dispose()
    })
    group.add(member)
    if (expiry) {
      alarm = atMoment(
        expiry.at,
        () => {
          if (member.left) return
          sink.send([failed(expiry.failure)])
          member.finish()
        },
        this.#deps.now,
      )
    }
    group.serve(member, reset)
    return () => member.leave()
  }

  /** Ends the connection in a way that makes the client come back with its cursor. */
  #sendBack(sink: Sink): () => void {
    this.dispose()
    queueMicrotask(() => sink.cut())
    return () => {}
  }

  /** Gives the subscription back. */
  dispose(): void {
    if (this.#over) return
    this.#over = true
    this.#uncount()
    this.#deps.release()
  }

  async next(): Promise<IteratorResult<FeedEvent, undefined>> {
    if (this.#over && !this.#queue) return OVER
    this.#queue ??= new PayloadQueue((sink) =>
      this.deliver(
        {
          key: `alone ${++alone}`,
          execute: async (event) => new EventPayload(event),
          lasting: true,
          alone: true,
        },
        sink,
      ),
    )
    const payload = await this.#queue.next()
    if (payload === null) return OVER
    if (payload instanceof EventPayload) {
      const { event } = payload
      const late = event.kind === 'APPROVED' && this.#deps.takenBack.has(event.comment.id)
      return late ? this.next() : { done: false, value: event }
    }
    throw this.#deps.expiry?.failure
  }

  async return(): Promise<IteratorResult<FeedEvent, undefined>> {
    this.#queue?.discard()
    this.dispose()
    return OVER
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}

/** Numbers the groups of those that are iterated: they share nothing. */
let alone = 0

const OVER = { done: true, value: undefined } as const

class EventPayload extends Payload {
  readonly event: FeedEvent

  constructor(event: FeedEvent) {
    super({}, event.cursor)
    this.event = event
  }
}

function failed({ message, code }: DomainError): Payload {
  return new Payload({ errors: [{ message, extensions: { code } }] }, null)
}
