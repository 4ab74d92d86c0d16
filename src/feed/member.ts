import type { FeedEvent } from './event.ts'
import type { FeedGroup } from './group.ts'
import type { Sink } from './payload.ts'

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
  readonly #group: FeedGroup
  readonly #onLeave: () => void

  constructor(group: FeedGroup, position: number, sink: Sink, onLeave: () => void) {
    this.#group = group
    this.position = position
    this.sink = sink
    this.#onLeave = onLeave
  }

  /** Begins: sends `first` where there is one, then what the subscriber missed, then joins the group. */
  async start(first: FeedEvent | null): Promise<void> {
    if (first) {
      const payload = await this.#group.render(first)
      if (!this.left) this.sink.send([payload])
    }
    while (!this.left && !this.#group.carry(this)) await this.#group.catchUp(this)
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
