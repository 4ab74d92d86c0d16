import type { CommentFeedEvent } from './event.ts'
import type { Payload, Sink } from './payload.ts'

/** What a subscriber needs of its group. */
export interface Group {
  /** Sends it new entries from now on. Returns false when it has not caught up yet. */
  addCaughtUp(subscriber: FeedSubscriber): boolean
  /** Sends it the next entries that it missed. */
  catchUp(subscriber: FeedSubscriber): Promise<void>
  render(event: CommentFeedEvent): Promise<Payload>
  add(subscriber: FeedSubscriber): void
  startSubscriber(subscriber: FeedSubscriber, first: CommentFeedEvent | null): void
  /** Removes it; the caller decides whether an empty group ends. */
  release(subscriber: FeedSubscriber): boolean
  /** Removes it; an empty group ends. */
  drop(subscriber: FeedSubscriber): void
}

/**
 * One subscriber of a group: a position in the feed and a sink. It first catches up at its own pace, then the
 * group sends it each new entry.
 */
export class FeedSubscriber {
  readonly sink: Sink
  /** Until it has caught up: entries up to this position were sent, or precede the subscription. */
  position: number
  left = false
  /** Its index among the group's caught-up subscribers; -1 while it catches up. */
  slot = -1
  #group: Group
  /** An event to send before any entry. */
  #first: CommentFeedEvent | null = null
  readonly #onLeave: () => void

  constructor(group: Group, position: number, sink: Sink, onLeave: () => void) {
    this.#group = group
    this.position = position
    this.sink = sink
    this.#onLeave = onLeave
  }

  /** Whether it belongs to a group; it may have left or moved. */
  isIn(group: Group): boolean {
    return !this.left && this.#group === group
  }

  /** Sends `first` if given, then the missed entries, then joins the caught-up subscribers. */
  async start(first: CommentFeedEvent | null): Promise<void> {
    this.#first = first
    while (!this.left) {
      if (this.#first) await this.#sendFirst(this.#first)
      else if (this.#group.addCaughtUp(this)) return
      else await this.#group.catchUp(this)
    }
  }

  /** Moves to another group at a position of its feed, and sends a reset event first. */
  moveTo(group: Group, position: number, reset: CommentFeedEvent): void {
    const wasCaughtUp = this.slot >= 0
    this.#group.release(this)
    this.#group = group
    this.position = position
    group.add(this)
    // A subscriber that was catching up continues in its loop, with the other group.
    if (wasCaughtUp) group.startSubscriber(this, reset)
    else this.#first = reset
  }

  async #sendFirst(event: CommentFeedEvent): Promise<void> {
    const payload = await this.#group.render(event)
    // Another reset may have arrived during rendering.
    if (this.left || this.#first !== event) return
    this.#first = null
    this.sink.send([payload])
  }

  /** Leaves the group and completes the subscription. */
  finish(): void {
    if (this.left) return
    this.leave()
    this.sink.end()
  }

  /** Leaves the group; nothing more is sent to the sink. */
  leave(): void {
    if (this.left) return
    this.left = true
    this.#group.drop(this)
    this.#onLeave()
  }
}
