import { setTimeout as after } from 'node:timers/promises'
import type { ArticleCommentFeed, FeedListener } from './article-feed.ts'
import type { Audience } from './audience.ts'
import type { CommentFeedEvent, CommentFeedRow } from './event.ts'
import type { Payload, Sink } from './payload.ts'
import type { ResultCache } from './result-cache.ts'
import { GroupResults } from './results.ts'
import { retryUntilCancelled } from './retry.ts'
import type { FeedSubscriber, Group } from './subscriber.ts'

export interface GroupDeps {
  audience: Audience
  /** Where results are kept, with those of all other groups. */
  resultCache: ResultCache
  /** Whether this audience may still see the article. */
  isVisible: () => boolean
  cursorAt: (position: number) => string
  onFailure: (error: unknown) => void
  /** Called for each entry with the number of sockets that it was sent to. */
  onDelivered: (row: NonNullable<CommentFeedRow>, sockets: number) => void
  /** Called when entries were replayed to a subscriber. */
  onReplayed: (entries: number) => void
  /** Called when the last subscriber has left. */
  onEmpty: (group: SubscriberGroup) => void
}

interface Slots {
  sinks: Sink[]
  since: number[]
}

/** Delay before a read that returned no entries is repeated, in ms. */
const EMPTY_READ_DELAY_MS = 50

/**
 * Bytes per subscriber after which the event loop gets a turn to write: a quarter of what a socket may queue.
 */
const MAX_BYTES_PER_TURN = 64 * 1024

/** Subscribers that are sent an entry before the event loop gets a turn. */
const MAX_WRITES_PER_TURN = 1_000

/**
 * The subscribers of a feed that see the same results: same operation, same variables, same rights. Each
 * entry is executed and serialised once, and the same bytes are sent to all of them.
 *
 * A subscriber either catches up by itself, or has caught up and is sent each new entry. The change between
 * the two compares positions without awaiting, so that no entry is skipped or sent twice.
 */
export class SubscriberGroup implements Group, FeedListener {
  readonly #feed: ArticleCommentFeed
  readonly #deps: GroupDeps
  readonly #subscribers = new Set<FeedSubscriber>()
  /** Subscribers that have caught up; the index is the subscriber's slot. */
  readonly #caughtUp: FeedSubscriber[] = []
  /** By slot: the sink, and the position at which the subscriber had caught up. */
  readonly #slots: Slots = { sinks: [], since: [] }
  /** During a delivery: the sinks of subscribers that have left since it began. */
  #leftMeanwhile: Set<Sink> | null = null
  readonly #results: GroupResults
  /** The position up to which caught-up subscribers were sent entries. */
  #position = 0
  #isDelivering = false
  /** The history of the feed has changed: nothing is sent until the subscribers were moved to another group. */
  #isRetired = false
  /** Bytes sent to each subscriber since the event loop last had a turn. */
  #bytesThisTurn = 0

  constructor(feed: ArticleCommentFeed, deps: GroupDeps) {
    this.#feed = feed
    this.#deps = deps
    const { audience, resultCache } = deps
    this.#results = new GroupResults(audience.execute, audience.isCacheable ? resultCache : null)
    feed.listeners.add(this)
  }

  get audience(): Audience {
    return this.#deps.audience
  }

  get size(): number {
    return this.#subscribers.size
  }

  add(subscriber: FeedSubscriber): void {
    this.#subscribers.add(subscriber)
  }

  drop(subscriber: FeedSubscriber): void {
    if (this.release(subscriber) && this.#subscribers.size === 0) this.#deps.onEmpty(this)
  }

  /** Removes a subscriber without ending an empty group. Returns false for a subscriber of another group. */
  release(subscriber: FeedSubscriber): boolean {
    this.#freeSlot(subscriber)
    if (!this.#subscribers.delete(subscriber)) return false
    if (this.#subscribers.size > 0) return true
    this.#feed.listeners.delete(this)
    this.#results.clear()
    return true
  }

  /** Stops sending: the group's entries belong to an earlier history. */
  retire(): void {
    this.#isRetired = true
  }

  /** A new group for the same audience and feed. */
  successor(): SubscriberGroup {
    return new SubscriberGroup(this.#feed, this.#deps)
  }

  /** Moves every subscriber to a group of the feed's new history; each is sent the reset event first. */
  moveTo(group: SubscriberGroup, reset: CommentFeedEvent): void {
    const position = Math.max(this.#feed.head, 0)
    for (const subscriber of [...this.#subscribers]) subscriber.moveTo(group, position, reset)
    group.wake()
  }

  /** Completes every subscription. */
  end(): void {
    for (const subscriber of [...this.#subscribers]) subscriber.finish()
  }

  /** Adds a subscriber to those that are sent new entries. Returns false when it has not caught up yet. */
  addCaughtUp(subscriber: FeedSubscriber): boolean {
    if (this.#isRetired) return false
    // An idle group starts at the head: nobody waits for entries that another subscriber missed.
    if (this.#caughtUp.length === 0 && !this.#isDelivering) this.#position = Math.max(this.#feed.head, 0)
    if (subscriber.position < this.#position) return false
    subscriber.slot = this.#caughtUp.push(subscriber) - 1
    this.#slots.sinks.push(subscriber.sink)
    this.#slots.since.push(subscriber.position)
    this.wake()
    return true
  }

  /** Sends a subscriber the next entries that it missed. */
  async catchUp(subscriber: FeedSubscriber): Promise<void> {
    const { retractions } = this.#feed
    const hasMoved = () => !subscriber.isIn(this) || this.#isRetired
    const rows = await retryUntilCancelled(
      () => this.#feed.after(subscriber.position),
      this.#deps.onFailure,
      hasMoved,
    )
    // Subscribers of a retired group wait here until they are moved.
    if (!rows || rows.length === 0) await after(EMPTY_READ_DELAY_MS)
    for (let done = 0; rows && done < rows.length; ) {
      const batch = await this.#renderBatch(rows, done).catch((error) =>
        this.#disconnect([subscriber], error),
      )
      if (!batch) return
      // A comment was retracted meanwhile and must not be sent: read again.
      if (hasMoved() || this.#feed.retractions !== retractions) return
      if (!this.#checkVisibility()) return
      done += batch.rows
      subscriber.position += batch.rows
      if (batch.payloads.length === 0) continue
      subscriber.sink.send(batch.payloads)
      this.#deps.onReplayed(batch.payloads.length)
      // A subscriber that catches up is paced by its sink; only a caught-up one can be disconnected as too
      // slow.
      await subscriber.sink.whenWritable()
      await this.#yieldAfter(batch.bytes)
    }
  }

  /** Renders rows from an index on, up to the bytes that a socket is sent in one turn. */
  async #renderBatch(
    rows: CommentFeedRow[],
    from: number,
  ): Promise<{ rows: number; payloads: Payload[]; bytes: number }> {
    const payloads: Payload[] = []
    let bytes = 0
    let end = from
    while (end < rows.length && bytes < MAX_BYTES_PER_TURN) {
      const row = rows[end++]
      if (!row) continue
      // Awaiting results that are already cached would cost as much as everything else here.
      const payload = this.#results.settled(row) ?? (await this.render(row))
      payloads.push(payload)
      bytes += payload.json.length
    }
    return { rows: end - from, payloads, bytes }
  }

  /** Results rendered so far are stale. */
  discardResults(): void {
    this.#results.clear()
  }

  /** The feed has new entries, or the article's visibility has changed. */
  wake(): void {
    if (this.#isRetired || !this.#checkVisibility()) return
    if (this.#isDelivering || this.#position >= this.#feed.head) return
    this.#isDelivering = true
    this.#deliverNew()
      .catch((error) => this.#disconnect([...this.#caughtUp], error))
      .finally(() => {
        this.#isDelivering = false
        if (this.#caughtUp.length > 0) this.wake()
      })
  }

  /** The result for an event; executed once per group. */
  render(event: CommentFeedEvent): Promise<Payload> {
    return this.#results.get(event)
  }

  async #deliverNew(): Promise<void> {
    while (this.#caughtUp.length > 0 && this.#position < this.#feed.head) {
      const { retractions } = this.#feed
      const rows = await retryUntilCancelled(
        () => this.#feed.after(this.#position),
        this.#deps.onFailure,
        () => this.#caughtUp.length === 0 || this.#isRetired,
      )
      for (const row of rows ?? []) {
        const payload = row && (await this.render(row))
        if (this.#isRetired) return
        if (this.#feed.retractions !== retractions) break
        if (!this.#checkVisibility()) return
        await this.#deliver(row, payload)
      }
    }
  }

  async #deliver(row: CommentFeedRow, payload: Payload | null): Promise<void> {
    this.#position += 1
    const served = await this.#sendToCaughtUp(payload && [payload])
    if (row) this.#deps.onDelivered(row, served)
    if (payload) await this.#yieldAfter(payload.json.length)
  }

  /** Sends the entry at the group's position to the caught-up subscribers; returns their number. */
  async #sendToCaughtUp(payloads: readonly Payload[] | null): Promise<number> {
    const position = this.#position
    // Subscribers added from now on have this entry already; those that leave are noted.
    const sinks = this.#slots.sinks.slice()
    const since = this.#slots.since.slice()
    const leftMeanwhile = new Set<Sink>()
    this.#leftMeanwhile = leftMeanwhile
    let served = 0
    for (let i = 0; i < sinks.length; i++) {
      if (i > 0 && i % MAX_WRITES_PER_TURN === 0) await new Promise(setImmediate)
      if (this.#isRetired) break
      // Ten thousand subscribers exceed the CPU caches, so this loop touches their sinks only.
      const sink = sinks[i] as Sink
      if ((since[i] as number) >= position || (leftMeanwhile.size > 0 && leftMeanwhile.has(sink))) continue
      if (payloads) sink.send(payloads)
      served += 1
    }
    this.#leftMeanwhile = null
    return served
  }

  /**
   * Starts a subscriber: sends `first` if given, then the entries it missed, then adds it to those that have
   * caught up.
   */
  startSubscriber(subscriber: FeedSubscriber, first: CommentFeedEvent | null): void {
    subscriber.start(first).catch((error) => this.#disconnect([subscriber], error))
  }

  /** An event can't be executed: disconnects subscribers, which then resume with their cursors. */
  #disconnect(subscribers: FeedSubscriber[], error: unknown): null {
    this.#deps.onFailure(error)
    for (const subscriber of subscribers) {
      if (subscriber.left) continue
      subscriber.leave()
      subscriber.sink.cut()
    }
    return null
  }

  /** Lets the event loop write regularly: a burst must not overflow the queue of a client that keeps up. */
  async #yieldAfter(bytes: number): Promise<void> {
    this.#bytesThisTurn += bytes
    if (this.#bytesThisTurn < MAX_BYTES_PER_TURN) return
    this.#bytesThisTurn = 0
    await new Promise(setImmediate)
  }

  /** Frees a subscriber's slot and moves the last one into it. */
  #freeSlot(subscriber: FeedSubscriber): void {
    if (subscriber.slot < 0) return
    const { slot } = subscriber
    const { sinks, since } = this.#slots
    const last = this.#caughtUp.pop() as FeedSubscriber
    const [sink, position] = [sinks.pop() as Sink, since.pop() as number]
    if (last !== subscriber) {
      this.#caughtUp[slot] = last
      sinks[slot] = sink
      since[slot] = position
      last.slot = slot
    }
    subscriber.slot = -1
    this.#leftMeanwhile?.add(subscriber.sink)
  }

  /** Ends the group's subscriptions when its audience may no longer see the article. */
  #checkVisibility(): boolean {
    if (this.#deps.isVisible()) return true
    this.#endAsUnavailable().catch((error) => this.#disconnect([...this.#subscribers], error))
    return false
  }

  async #endAsUnavailable(): Promise<void> {
    const leaving = [...this.#subscribers]
    const cursor = this.#deps.cursorAt(Math.max(this.#feed.head, 0))
    const payload = await this.render({ kind: 'RESET', reason: 'ARTICLE_UNAVAILABLE', cursor })
    for (const subscriber of leaving) {
      if (subscriber.left) continue
      subscriber.sink.send([payload])
      subscriber.finish()
    }
  }
}
