import type { Audience } from '../comment-feed/audience.ts'
import type { Payload, Sink } from '../comment-feed/payload.ts'

/** A subscriber of a group. */
export interface Member {
  readonly sink: Sink
  readonly left: boolean
  /** It is sent the events after this position. */
  readonly since: number
  /** The number of events that were announced to the group before it joined. */
  readonly joinedAfter: number
  /** Leaves, and completes the subscription. */
  finish(): void
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
  /** Members that were sent it for joining. */
  joined: Member[]
  /** For an announced event, which members are sent it besides; chosen at delivery. */
  announced: { position: number; from: number; number: number } | null
}

/** Announced events that wait for their execution. With more, the subscribers are disconnected and load again. */
const MAX_WAITING_EVENTS = 2_000

/** Events that wait only for subscribers that have just joined. With more, the next subscribers are disconnected. */
const MAX_WAITING_FOR_JOINED = 2_000

/** Subscribers that are sent an event, or are disconnected, before the event loop gets a turn. */
const MAX_WRITES_PER_TURN = 1_000

/**
 * The subscribers of a topic that see the same results. Each event is executed and serialised once, one event after the
 * other, and the same bytes are sent to all of them.
 */
export class LiveGroup<Event extends object> {
  readonly #deps: GroupDeps<Event>
  readonly #members = new Set<Member>()
  #waiting: Waiting<Event>[] = []
  /** How many events were announced, and how many of them wait. */
  #announced = 0
  #announcedWaiting = 0
  #isDelivering = false

  constructor(deps: GroupDeps<Event>) {
    this.#deps = deps
  }

  /**
   * Adds a subscriber that is sent the events after a position.
   * @param first events that it is sent before all later ones
   * @returns null when too many events wait for subscribers that have just joined
   */
  add(sink: Sink, since: number, first: readonly Event[], onLeave: () => void): Member | null {
    if (this.#waiting.length - this.#announcedWaiting >= MAX_WAITING_FOR_JOINED) return null
    const members = this.#members
    const leave = () => {
      if (!members.delete(member)) return
      if (members.size === 0) this.#deps.onEmpty(this)
      onLeave()
    }
    const member: Member = {
      sink,
      since,
      joinedAfter: this.#announced,
      get left() {
        return !members.has(member)
      },
      leave,
      finish() {
        leave()
        sink.end()
      },
    }
    members.add(member)
    this.#enqueueFor(member, first)
    return member
  }

  /**
   * Sends an event to the subscribers of this moment.
   * @param from only subscribers that started at this position or later are sent it
   */
  announce(event: Event, position: number, from: number): void {
    if (!this.#deps.accepts(event)) return
    this.#announced += 1
    this.#announcedWaiting += 1
    this.#waiting.push({ event, joined: [], announced: { position, from, number: this.#announced } })
    if (this.#announcedWaiting > MAX_WAITING_EVENTS) this.cut()
    this.#deliverWaiting()
  }

  /** Completes every subscription. */
  end(): void {
    for (const member of [...this.#members]) member.finish()
  }

  /** Ends every connection, so that the clients connect again. */
  cut(): void {
    this.#waiting = []
    this.#announcedWaiting = 0
    const members = [...this.#members]
    for (const member of members) member.leave()
    void cutInTurns(members)
  }

  /**
   * Sends events to a subscriber that has joined, in order. It shares the execution of an event that still waits: the
   * result is not older than the subscription.
   */
  #enqueueFor(member: Member, events: readonly Event[]): void {
    let from = 0
    for (const event of events) {
      if (!this.#deps.accepts(event)) continue
      const start = from
      const place = this.#waiting.findIndex((each, index) => index >= start && each.event === event)
      if (place < 0) this.#waiting.push({ event, joined: [member], announced: null })
      else this.#waiting[place]?.joined.push(member)
      from = place < 0 ? this.#waiting.length : place + 1
    }
    this.#deliverWaiting()
  }

  #deliverWaiting(): void {
    if (this.#isDelivering || this.#waiting.length === 0) return
    this.#isDelivering = true
    void this.#deliverAll()
  }

  async #deliverAll(): Promise<void> {
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        if (next.announced) this.#announcedWaiting -= 1
        if (this.#receiversOf(next).next().done) continue
        this.#deps.onExecuted()
        await this.#send(await this.#deps.audience.execute(next.event), next)
      }
    } catch (error) {
      this.#deps.onFailure(error)
      this.cut()
    } finally {
      this.#isDelivering = false
    }
  }

  *#receiversOf({ joined, announced }: Waiting<Event>): Generator<Member> {
    for (const member of joined) if (!member.left) yield member
    if (!announced) return
    const { position, from, number } = announced
    for (const member of this.#members) {
      const { joinedAfter, since } = member
      if (joinedAfter < number && since < position && since >= from) yield member
    }
  }

  async #send(payload: Payload, waiting: Waiting<Event>): Promise<void> {
    const payloads = [payload]
    let sent = 0
    for (const { sink } of this.#receiversOf(waiting)) {
      sink.send(payloads)
      sent += 1
      if (sent % MAX_WRITES_PER_TURN === 0) await new Promise(setImmediate)
    }
    this.#deps.onDelivered(sent)
    // Lets the event loop write: a burst must not overflow the queue of a client that keeps up.
    await new Promise(setImmediate)
  }
}

async function cutInTurns(members: readonly Member[]): Promise<void> {
  for (const [index, { sink }] of members.entries()) {
    if (index > 0 && index % MAX_WRITES_PER_TURN === 0) await new Promise(setImmediate)
    sink.cut()
  }
}
