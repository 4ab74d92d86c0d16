import { type Alarm, atMoment } from '../clock.ts'
import type { FeedChannel } from './channel.ts'
import type { FeedEvent } from './event.ts'
import type { FeedGroup } from './group.ts'
import { FeedMember } from './member.ts'
import { Payload, type Sink } from './payload.ts'

/** What the hub hands to a subscription: where it starts, and the way into a group. */
export interface SourceDeps {
  channel: FeedChannel
  /** Everything up to here is behind the subscriber. */
  position: number
  /** An event to begin with, when the subscriber's cursor can't be honoured. */
  reset: FeedEvent | null
  /** Finds or makes the group of a key. */
  group: (key: string, execute: (event: FeedEvent) => Promise<Payload>) => FeedGroup
  /** When the subscriber's rights end, and the result that tells so. */
  expiry: { at: Date; result: () => object } | null
  /** Called once, when the subscription is over. */
  release: () => void
}

/**
 * A subscription that the schema has admitted and a transport has not begun yet. It is what the field's
 * `subscribe` returns, so it is iterable in form; the gate recognises it and shares the executions.
 */
export class FeedSource implements AsyncIterable<FeedEvent> {
  readonly #deps: SourceDeps
  #over = false

  constructor(deps: SourceDeps) {
    this.#deps = deps
  }

  /**
   * Joins the group of a key and sends everything to a sink.
   * @param execute what makes an event a result; used when the group is new
   * @returns a function that leaves
   */
  deliver(key: string, execute: (event: FeedEvent) => Promise<Payload>, sink: Sink): () => void {
    const { position, reset, expiry } = this.#deps
    const group = this.#deps.group(key, execute)
    let alarm: Alarm | undefined
    const member = new FeedMember(group, position, sink, () => {
      alarm?.cancel()
      this.dispose()
    })
    group.add(member)
    if (expiry) {
      alarm = atMoment(expiry.at, () => {
        if (member.left) return
        sink.send(new Payload(expiry.result(), null))
        member.finish()
      })
    }
    void member.start(reset)
    return () => member.leave()
  }

  dispose(): void {
    if (this.#over) return
    this.#over = true
    this.#deps.release()
  }

  [Symbol.asyncIterator](): AsyncIterator<FeedEvent> {
    throw new Error('a comment feed is delivered by the gate, not iterated')
  }
}
