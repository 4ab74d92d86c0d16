import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import type { Bus } from '../bus/bus.ts'
import { readForClient } from '../comment-feed/client-read.ts'
import { retryUntilCancelled } from '../comment-feed/retry.ts'
import type { SharedSource } from '../comment-feed/shared-source.ts'
import type { Database } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import type { Subscribing } from './article-changes.ts'
import { LiveCounters } from './metrics.ts'
import {
  matchesQueueFilter,
  type QueueEvent,
  type QueueFilter,
  type QueueResetReason,
} from './queue-event.ts'
import { MAX_GAP_MS, type QueuePage, readQueueChanges, readSnapshot } from './queue-reads.ts'
import { LiveTopic } from './topic.ts'

/** The channel on which the triggers of the database announce new rows of "QueueChange". */
const QUEUE_CHANNEL = 'dateline_queue'

/** How often the queue is read without a hint, while somebody watches it, in ms. With Redis there are no hints. */
const POLL_MS = 1_000

export interface QueueDeps {
  database: Pick<Database, 'rows'>
  history: HistoryWatch
  listen: Bus['listen']
  now: () => Date
  onFailure: (error: unknown) => void
  /** Another interval, for tests. */
  pollMs?: number
}

/** How far the changes of the queue were read. */
interface Place {
  history: string
  snapshot: string
  /** When the read began, on the process's monotonic clock. */
  at: number
}

/**
 * The changes of the moderation queue, for all subscribers of this process. They are read after a hint and at intervals,
 * and only while there are subscribers.
 */
export class QueueWatch {
  readonly counters = new LiveCounters()
  readonly #deps: QueueDeps
  readonly #topic: LiveTopic<QueueEvent>
  readonly #reads = new Coalescer(() => this.#read())
  readonly #stopPolling: () => Promise<void>
  #stopListening: () => Promise<void> = async () => {}
  /** Null without subscribers. */
  #place: Place | null = null
  #subscriptions = 0
  /** The number of events that were announced. */
  #position = 0
  #closed = false

  private constructor(deps: QueueDeps) {
    this.#deps = deps
    const { now, onFailure } = deps
    this.#topic = new LiveTopic({ isPublic: false, now, onFailure, counters: this.counters })
    this.#stopPolling = runEvery(deps.pollMs ?? POLL_MS, () => this.#readInBackground())
  }

  static async open(deps: QueueDeps): Promise<QueueWatch> {
    const watch = new QueueWatch(deps)
    const read = () => watch.#readInBackground()
    const stopHistory = deps.history.onChange(read)
    const unlisten = await deps.listen(QUEUE_CHANNEL, read, read)
    watch.#stopListening = async () => {
      stopHistory()
      await unlisten()
    }
    return watch
  }

  /** The groups of subscribers that share executions. */
  get groups(): number {
    return this.#topic.groups
  }

  /**
   * Subscribes to the queue: first READY, then each change that is committed from then on, once.
   * @throws TemporarilyUnavailable when the gateway closes or the database stays unavailable
   */
  async subscribe(
    filter: QueueFilter,
    { viewer, requester }: Subscribing,
  ): Promise<SharedSource<QueueEvent>> {
    this.#subscriptions += 1
    const onEnd = () => {
      this.#subscriptions -= 1
      if (this.#subscriptions === 0) this.#place = null
    }
    try {
      // Of several subscribers that arrive together, the first snapshot serves all.
      while (!this.#place)
        await readForClient(
          'moderation queue',
          () => this.#reads.run(),
          this.#deps.onFailure,
          () => this.#closed,
        )
      return this.#topic.subscribe({
        viewer,
        requester,
        since: this.#position,
        first: { kind: 'READY', at: this.#deps.now() },
        accepts: (event) => matchesQueueFilter(filter, event),
        onEnd,
      })
    } catch (error) {
      onEnd()
      throw error
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    void this.#stopPolling()
    await this.#stopListening()
    this.#topic.end()
  }

  #readInBackground(): void {
    const isUnwanted = () => this.#closed || this.#subscriptions === 0
    if (isUnwanted()) return
    void retryUntilCancelled(() => this.#reads.run(), this.#deps.onFailure, isUnwanted)
  }

  async #read(): Promise<void> {
    if (this.#subscriptions === 0) return
    const began = performance.now()
    const place = this.#place
    const { database } = this.#deps
    const page = await (place ? readQueueChanges(place.snapshot, database) : readSnapshot(database))
    // Meanwhile all subscribers may have left.
    if (this.#place !== place || this.#subscriptions === 0) return
    this.#place = { history: page.history, snapshot: page.snapshot, at: began }
    if (place) this.#announce(page, place, began)
  }

  #announce({ history, events }: QueuePage, before: Place, began: number): void {
    if (history !== before.history) this.#reset('OTHER_HISTORY')
    else if (events === null || began - before.at > MAX_GAP_MS) this.#reset('EVENTS_MISSED')
    else for (const event of events) this.#topic.announce(event, ++this.#position)
  }

  #reset(reason: QueueResetReason): void {
    this.#topic.announce({ kind: 'RESET', reason }, ++this.#position)
  }
}
