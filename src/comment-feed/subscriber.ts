import type { FeedEvent } from './event.ts'
import type { Payload, Sink } from './payload.ts'

/** What a subscriber needs of its group. */
export interface Group {
  /** Sends it new entries from now on if it has caught up; false when it still has to. */
  carry(member: FeedMember): boolean
  /** Sends it some of what it missed. */
  catchUp(member: FeedMember): Promise<void>
  render(event: FeedEvent): Promise<Payload>
  add(member: FeedMember): void
  serve(member: FeedMember, first: FeedEvent | null): void
  /** Removes it; the caller decides whether the group goes on. */
  release(member: FeedMember): boolean
  /** Removes it; a group without members ends. */
  drop(member: FeedMember): void
}

/**
 * One subscriber of a group: a place in the feed and a sink. It first catches up at its own pace, then the
 * group carries it along.
 */
export class FeedMember {
  readonly sink: Sink
  /** Until it is carried: everything up to here was sent, or was behind the subscriber when it came. */
  position: number
  left = false
  /** Its place among those whom the group carries; -1 while it is not one of them. */
  seat = -1
  #group: Group
  /** An event that comes before everything else. */
  #first: FeedEvent | null = null
  readonly #onLeave: () => void

  constructor(group: Group, position: number, sink: Sink, onLeave: () => void) {
    this.#group = group
    this.position = position
    this.sink = sink
    this.#onLeave = onLeave
  }

  /** Whether it is with a group: it may have left, or moved to another one. */
  isIn(group: Group): boolean {
    return !this.left && this.#group === group
  }

  /** Begins: sends `first` where there is one, then what the subscriber missed, then joins the group. */
  async start(first: FeedEvent | null): Promise<void> {
    this.#first = first
    while (!this.left) {
      if (this.#first) await this.#sendFirst(this.#first)
      else if (this.#group.carry(this)) return
      else await this.#group.catchUp(this)
    }
  }

  /** Goes on in another group, from a position of its channel, behind an event that says so. */
  moveTo(group: Group, position: number, reset: FeedEvent): void {
    const wasCarried = this.seat >= 0
    this.#group.release(this)
    this.#group = group
    this.position = position
    group.add(this)
    // Where it was catching up, that goes on, in the other group.
    if (wasCarried) group.serve(this, reset)
    else this.#first = reset
  }

  async #sendFirst(event: FeedEvent): Promise<void> {
    const payload = await this.#group.render(event)
    // While it was rendered, another reset may have come.
    if (this.left || this.#first !== event) return
    this.#first = null
    this.sink.send([payload])
  }

  /** Sends a last result, if any, and ends. */
  finish(): void {
    if (this.left) return
    this.leave()
    this.sink.end()
  }

  /** Stops receiving; the sink hears nothing more. */
  leave(): void {
    if (this.left) return
    this.left = true
    this.#group.drop(this)
    this.#onLeave()
  }
}
