import { setTimeout as after } from 'node:timers/promises'
import type { FeedChannel, Watcher } from './article-feed.ts'
import type { Audience } from './audience.ts'
import type { FeedEvent, FeedRow } from './event.ts'
import type { Payload, Sink } from './payload.ts'
import type { Shelf } from './result-cache.ts'
import { Results } from './results.ts'
import { retrying } from './retry.ts'
import type { FeedMember, Group } from './subscriber.ts'

export interface GroupDeps {
  audience: Audience
  /** Where results are kept, with those of all other groups. */
  shelf: Shelf
  /** Whether this audience may still see the story. */
  mayWatch: () => boolean
  cursorAt: (position: number) => string
  onFailure: (error: unknown) => void
  /** Called for each entry as it goes to so many sockets. */
  onDelivered: (row: NonNullable<FeedRow>, sockets: number) => void
  /** Called when a member that catches up was sent so many entries. */
  onReplayed: (entries: number) => void
  /** Called when the last member has left. */
  onEmpty: (group: FeedGroup) => void
}

interface Seats {
  sinks: Sink[]
  since: number[]
}

/** Before a read that brought nothing is repeated, in ms. */
const EMPTY_PAUSE = 50

/** Bytes for each member after which the sockets get their turn: a quarter of what may wait in one. */
const BREATH = 64 * 1024

/** Members written to in one go; then other work of the process gets its turn. */
const BATCH = 1_000

/**
 * The subscribers of a story's feed that see the same: same operation, same variables, same rights. Each
 * entry is executed and serialised once, and its bytes go to everybody.
 *
 * Members either catch up or are carried. Both sides compare positions and change sides without waiting in
 * between, so an entry can't slip through, nor come twice.
 */
export class FeedGroup implements Group, Watcher {
  readonly #channel: FeedChannel
  readonly #deps: GroupDeps
  readonly #members = new Set<FeedMember>()
  /** Those who are carried, each at the index that is its seat. */
  readonly #carried: FeedMember[] = []
  /** By seat: where its results go, and the position that it came with. */
  readonly #seats: Seats = { sinks: [], since: [] }
  /** While an entry is being delivered: who has left since that began. */
  #leavers: Set<Sink> | null = null
  readonly #results: Results
  /** Up to here the carried members have been served. */
  #position = 0
  #pumping = false
  /** The history of its channel has changed: nothing is sent until its members have moved. */
  #isRetired = false
  /** Bytes sent to each member since the sockets could last write. */
  #inOneBreath = 0

  constructor(channel: FeedChannel, deps: GroupDeps) {
    this.#channel = channel
    this.#deps = deps
    const { audience, shelf } = deps
    this.#results = new Results(audience.execute, audience.lasting ? shelf : null)
    channel.watchers.add(this)
  }

  get audience(): Audience {
    return this.#deps.audience
  }

  get size(): number {
    return this.#members.size
  }

  add(member: FeedMember): void {
    this.#members.add(member)
  }

  drop(member: FeedMember): void {
    if (this.release(member) && this.#members.size === 0) this.#deps.onEmpty(this)
  }

  /** Removes a member; the caller decides whether the group goes on. Returns false for a member of another group. */
  release(member: FeedMember): boolean {
    this.#unseat(member)
    if (!this.#members.delete(member)) return false
    if (this.#members.size > 0) return true
    this.#channel.watchers.delete(this)
    this.#results.forget()
    return true
  }

  /** Sends nothing more: what it has belongs to another history. */
  retire(): void {
    this.#isRetired = true
  }

  /** A group for the same audience, on the same channel. */
  successor(): FeedGroup {
    return new FeedGroup(this.#channel, this.#deps)
  }

  /** Moves every member to a group of the channel's new history, behind an event that tells them of it. */
  moveTo(group: FeedGroup, reset: FeedEvent): void {
    const position = Math.max(this.#channel.head, 0)
    for (const member of [...this.#members]) member.moveTo(group, position, reset)
    group.wake()
  }

  /** Ends every member's subscription. */
  end(): void {
    for (const member of [...this.#members]) member.finish()
  }

  /** Takes a member along if it has caught up; false when it still has to. */
  carry(member: FeedMember): boolean {
    if (this.#isRetired) return false
    // The first to be carried has caught up like any other: nobody waits for what somebody else missed.
    if (this.#carried.length === 0 && !this.#pumping) this.#position = Math.max(this.#channel.head, 0)
    if (member.position < this.#position) return false
    member.seat = this.#carried.push(member) - 1
    this.#seats.sinks.push(member.sink)
    this.#seats.since.push(member.position)
    this.wake()
    return true
  }

  /** Sends a member some of what it missed. */
  async catchUp(member: FeedMember): Promise<void> {
    const { retractions } = this.#channel
    const isLost = () => !member.isIn(this) || this.#isRetired
    const rows = await retrying(() => this.#channel.after(member.position), this.#deps.onFailure, isLost)
    // Members of a retired group wait here until they are moved.
    if (!rows || rows.length === 0) await after(EMPTY_PAUSE)
    for (let done = 0; rows && done < rows.length; ) {
      const piece = await this.#piece(rows, done).catch((error) => this.#cutOff([member], error))
      if (!piece) return
      // What was taken back in the meantime must not be shown: the rest is read again.
      if (isLost() || this.#channel.retractions !== retractions) return
      if (!this.#mayGoOn()) return
      done += piece.rows
      member.position += piece.rows
      if (piece.payloads.length === 0) continue
      member.sink.send(piece.payloads)
      this.#deps.onReplayed(piece.payloads.length)
      // Who catches up does so at its own pace; only who is carried can fall too far behind.
      await member.sink.room()
      await this.#breathe(piece.bytes)
    }
  }

  /** The results of some rows from an index on, as many as a socket is sent in one go. */
  async #piece(rows: FeedRow[], from: number): Promise<{ rows: number; payloads: Payload[]; bytes: number }> {
    const payloads: Payload[] = []
    let bytes = 0
    let end = from
    while (end < rows.length && bytes < BREATH) {
      const row = rows[end++]
      if (!row) continue
      // To wait for what is there costs a crowd as much as all else.
      const payload = this.#results.ready(row) ?? (await this.render(row))
      payloads.push(payload)
      bytes += payload.json.length
    }
    return { rows: end - from, payloads, bytes }
  }

  /** What was read and made so far may not be shown any more. */
  recall(): void {
    this.#results.forget()
  }

  /** The channel has more, or the story's rights changed. */
  wake(): void {
    if (this.#isRetired || !this.#mayGoOn()) return
    if (this.#pumping || this.#position >= this.#channel.head) return
    this.#pumping = true
    this.#pump()
      .catch((error) => this.#cutOff([...this.#carried], error))
      .finally(() => {
        this.#pumping = false
        if (this.#carried.length > 0) this.wake()
      })
  }

  /** The result for an event; executed once for all who ask for it. */
  render(event: FeedEvent): Promise<Payload> {
    return this.#results.of(event)
  }

  async #pump(): Promise<void> {
    while (this.#carried.length > 0 && this.#position < this.#channel.head) {
      const { retractions } = this.#channel
      const rows = await retrying(
        () => this.#channel.after(this.#position),
        this.#deps.onFailure,
        () => this.#carried.length === 0 || this.#isRetired,
      )
      for (const row of rows ?? []) {
        const payload = row && (await this.render(row))
        if (this.#isRetired) return
        if (this.#channel.retractions !== retractions) break
        if (!this.#mayGoOn()) return
        await this.#deliver(row, payload)
      }
    }
  }

  async #deliver(row: FeedRow, payload: Payload | null): Promise<void> {
    this.#position += 1
    const served = await this.#serve(payload && [payload])
    if (row) this.#deps.onDelivered(row, served)
    if (payload) await this.#breathe(payload.json.length)
  }

  /** Gives all who are carried what stands at the group's position; returns how many had not come to it yet. */
  async #serve(payloads: readonly Payload[] | null): Promise<number> {
    const position = this.#position
    // Who comes from now on has come to this position already; who leaves is noted.
    const sinks = this.#seats.sinks.slice()
    const since = this.#seats.since.slice()
    const leavers = new Set<Sink>()
    this.#leavers = leavers
    let served = 0
    for (let i = 0; i < sinks.length; i++) {
      if (i > 0 && i % BATCH === 0) await new Promise(setImmediate)
      if (this.#isRetired) break
      // Ten thousand members do not fit the processor's caches: their sinks are all that is touched here.
      const sink = sinks[i] as Sink
      if ((since[i] as number) >= position || (leavers.size > 0 && leavers.has(sink))) continue
      if (payloads) sink.send(payloads)
      served += 1
    }
    this.#leavers = null
    return served
  }

  /** Begins to serve a member: `first`, where there is one, then what it missed; then it is carried. */
  serve(member: FeedMember, first: FeedEvent | null): void {
    member.start(first).catch((error) => this.#cutOff([member], error))
  }

  /** An event can't be executed: whoever should get it is cut off, and comes back with its cursor for it. */
  #cutOff(members: FeedMember[], error: unknown): null {
    this.#deps.onFailure(error)
    for (const member of members) {
      if (member.left) continue
      member.leave()
      member.sink.cut()
    }
    return null
  }

  /** Lets the sockets write now and then: a burst must not fill the queue of a reader who keeps up. */
  async #breathe(bytes: number): Promise<void> {
    this.#inOneBreath += bytes
    if (this.#inOneBreath < BREATH) return
    this.#inOneBreath = 0
    await new Promise(setImmediate)
  }

  /** Takes a member from its seat, which the last one gets. */
  #unseat(member: FeedMember): void {
    if (member.seat < 0) return
    const { seat } = member
    const { sinks, since } = this.#seats
    const last = this.#carried.pop() as FeedMember
    const [sink, position] = [sinks.pop() as Sink, since.pop() as number]
    if (last !== member) {
      this.#carried[seat] = last
      sinks[seat] = sink
      since[seat] = position
      last.seat = seat
    }
    member.seat = -1
    this.#leavers?.add(member.sink)
  }

  /** Sees that nobody watches a story that was taken from view. */
  #mayGoOn(): boolean {
    if (this.#deps.mayWatch()) return true
    this.#sayGoodbye().catch((error) => this.#cutOff([...this.#members], error))
    return false
  }

  async #sayGoodbye(): Promise<void> {
    const leaving = [...this.#members]
    const cursor = this.#deps.cursorAt(Math.max(this.#channel.head, 0))
    const payload = await this.render({ kind: 'RESET', reason: 'STORY_UNAVAILABLE', cursor })
    for (const member of leaving) {
      if (member.left) continue
      member.sink.send([payload])
      member.finish()
    }
  }
}
