import type { Audience } from '../comment-feed/audience.ts'
import type { Payload, Sink } from '../comment-feed/payload.ts'

/** A subscriber of a group. */
export interface Member {
  readonly sink: Sink
  readonly left: boolean
  /** It is sent the events after this position. */
  readonly since: number
  /** Leaves, and completes the subscription. */
  finish(): void
  /** Leaves, and ends the connection, so that the client connects again. */
  cut(): void
  leave(): void
}

export interface GroupDeps<Event extends object> {
  audience: Audience<Event>
  /** Whether the subscribers want an event. */
  accepts: (event: Event) => boolean
  onFailure: (error: unknown) => void
  onExecuted: () => void
  /** Called for each event with the number of sockets that it was sent to. */
  onDelivered: (sockets: number) => void
  /** Called when the last subscriber has left. */
  onEmpty: (group: LiveGroup<Event>) => void
}

interface Waiting<Event> {
  event: Event
  /** The members that are sent it. */
  to: readonly Member[]
}

/** Events that wait for their execution. With more, the subscribers are disconnected and load again. */
const MAX_WAITING_EVENTS = 2_000

/** Subscribers that are sent an event before the event loop gets a turn. */
const MAX_WRITES_PER_TURN = 1_000

/**
 * The subscribers of a topic that see the same results. Each event is executed and serialised once, one event after the
 * other, and the same bytes are sent to all of them.
 */
export class LiveGroup<Event extends object> {
  readonly #deps: GroupDeps<Event>
  readonly #members = new Set<Member>()
  readonly #results = new WeakMap<Event, Promise<Payload>>()
  #waiting: Waiting<Event>[] = []
  #isDelivering = false

  constructor(deps: GroupDeps<Event>) {
    this.#deps = deps
  }

  /**
   * Adds a subscriber that is sent the events after a position.
   * @param first events that it alone is sent, before all later ones
   */
  add(sink: Sink, since: number, first: readonly Event[], onLeave: () => void): Member {
    const members = this.#members
    const leave = () => {
      if (!members.delete(member)) return
      if (members.size === 0) this.#deps.onEmpty(this)
      onLeave()
    }
    const member: Member = {
      sink,
      since,
      get left() {
        return !members.has(member)
      },
      leave,
      finish() {
        leave()
        sink.end()
      },
      cut() {
        leave()
        sink.cut()
      },
    }
    members.add(member)
    for (const event of first) this.#enqueue(event, [member])
    return member
  }

  /** Sends an event to the subscribers of this moment. */
  announce(event: Event, position: number): void {
    this.#enqueue(
      event,
      [...this.#members].filter(({ since }) => since < position),
    )
  }

  /** Completes every subscription. */
  end(): void {
    for (const member of [...this.#members]) member.finish()
  }

  /** Ends every connection, so that the clients connect again. */
  cut(): void {
    this.#waiting = []
    for (const member of [...this.#members]) member.cut()
  }

  #enqueue(event: Event, to: readonly Member[]): void {
    if (!this.#deps.accepts(event)) return
    this.#waiting.push({ event, to })
    if (this.#waiting.length > MAX_WAITING_EVENTS) this.cut()
    if (this.#isDelivering) return
    this.#isDelivering = true
    void this.#deliverAll()
  }

  async #deliverAll(): Promise<void> {
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const { event, to } = next
        if (to.every(({ left }) => left)) continue
        await this.#send(await this.#execute(event), to)
      }
    } catch (error) {
      this.#deps.onFailure(error)
      this.cut()
    } finally {
      this.#isDelivering = false
    }
  }

  /** The result of an event; executed once, also for a subscriber that is sent it later than the others. */
  #execute(event: Event): Promise<Payload> {
    const known = this.#results.get(event)
    if (known) return known
    this.#deps.onExecuted()
    const result = this.#deps.audience.execute(event)
    this.#results.set(event, result)
    return result
  }

  async #send(payload: Payload, to: readonly Member[]): Promise<void> {
    const payloads = [payload]
    let sent = 0
    for (const member of to) {
      if (member.left) continue
      member.sink.send(payloads)
      sent += 1
      if (sent % MAX_WRITES_PER_TURN === 0) await new Promise(setImmediate)
    }
    this.#deps.onDelivered(sent)
    // Lets the event loop write: a burst must not overflow the queue of a client that keeps up.
    await new Promise(setImmediate)
  }
}
